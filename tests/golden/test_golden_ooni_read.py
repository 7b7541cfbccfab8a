"""Golden: a small measurement of each generation of web_connectivity, and the trials that it is read as.

The documents are written by hand after OONI's spec (ts-017, df-001 to df-008) and what its probes really wrote; each
has what is odd about its generation. Addresses are of RFC 5737 and RFC 3849, names below .example. A trial is told in
a line: id, side, layer, what was asked, and how each step ended.
"""

import base64
import json

import pytest

from hushmap.codec import read_ooni
from hushmap.model import Connect, Handshake, Resolve

ADDRESS, SECOND, SIX = "192.0.2.10", "192.0.2.11", "2001:db8::10"


def base(version, url, keys):
    """What every generation writes beside the test keys."""
    return {
        "data_format_version": "0.2.0",
        "input": url,
        "measurement_start_time": "2026-11-21 22:33:00",
        "probe_asn": "AS64501",
        "probe_cc": "XA",
        "probe_ip": "127.0.0.1",
        "report_id": "report",
        "software_name": "probe",
        "software_version": "1",
        "test_helpers": {"backend": {"address": "https://th.example", "type": "https"}},
        "test_keys": {"agent": "redirect", "retries": None, "socksproxy": None} | keys,
        "test_name": "web_connectivity",
        "test_runtime": 1.5,
        "test_start_time": "2026-11-21 22:32:00",
        "test_version": version,
    }


FIRST_APPS = base(
    "0.0.1",
    "http://site.example",
    {
        "accessible": False,
        "blocking": "http-failure",
        "control": {
            "tcp_connect": {f"{ADDRESS}:80": {"status": True, "failure": None}},
            "http_request": {
                "body_length": 20720,
                "failure": None,
                "title": "Site",
                "status_code": 200,
                "headers": {"Server": "nginx", "content-encoding": ""},
            },
            "dns": {"failure": None, "addrs": ["site.example", ADDRESS]},
        },
        "control_failure": None,
        "tcp_connect": [
            {"status": {"failure": None, "success": True, "blocked": False}, "ip": ADDRESS, "port": 80},
        ],
        "queries": [
            {
                "engine": "system",
                "resolver_hostname": None,
                "query_type": "A",
                "hostname": "site.example",
                "answers": [
                    {"hostname": "site.example", "answer_type": "CNAME", "ttl": None},
                    {"ipv4": ADDRESS, "answer_type": "A", "ttl": 0},
                ],
                "failure": None,
                "resolver_port": None,
            }
        ],
        "requests": [
            {
                "failure": "ssl_error: error:14007086:SSL routines:CONNECT_CR_CERT:certificate verify failed",
                "request": {"body": "", "url": "https://site.example/", "method": "GET"},
                "response": {"body": None, "headers": {}},
            },
            {
                "failure": "http_invalid_redirect_url",
                "request": {"body": "", "url": "http://site.example/", "method": "GET"},
                "response": {
                    "body": "",
                    "headers": {
                        "Connection": "close",
                        "Location": {"data": base64.b64encode(b"http://192.0.2.1/\xff").decode(), "format": "base64"},
                    },
                    "response_line": "HTTP/1.1 307 Temporary Redirect",
                },
            },
        ],
    },
)
"""measurement_kit: no times, no ids, header values as base64, a helper that lists names among addresses."""

TWISTED = base(
    "0.1.0",
    "http://site.example/",
    {
        "accessible": False,
        "blocking": False,
        "control_failure": None,
        "client_resolver": "198.51.100.53",
        "control": {
            "tcp_connect": {f"{ADDRESS}:80": {"status": True, "failure": None}},
            "http_request": {"body_length": -1, "status_code": -1, "headers": {}, "failure": "unknown_error"},
            "dns": {"failure": "dns_name_error", "addrs": []},
        },
        "queries": [
            {
                "resolver_hostname": None,
                "query_type": "A",
                "hostname": "site.example",
                "answers": [{"ipv4": ADDRESS, "answer_type": "A"}],
                "failure": None,
                "resolver_port": None,
            }
        ],
        "tcp_connect": [
            {"status": {"failure": False, "success": True, "blocked": False}, "ip": ADDRESS, "port": "80"},
            {"status": {"failure": "connect_error", "success": False, "blocked": True}, "ip": SECOND, "port": 80},
            {"status": None, "ip": SECOND, "port": 80},
        ],
        "requests": [
            {
                "failure": "response_never_received",
                "request": {"body": None, "method": "GET", "url": "http://site.example/"},
                "response": None,
            },
            {
                "failure": "dns_lookup_error",
                "request": {"body": None, "method": "GET", "url": "http://site.example/"},
                "response": None,
            },
        ],
    },
)
"""The first probe, in Python: Twisted's failures, three tries, a helper that could not fetch either."""

RENEWED = base(
    "0.3.0",
    "http://site.example/",
    {
        "accessible": None,
        "blocking": None,
        "control_failure": "connection_refused_error",
        "control": {},
        "queries": [
            {"query_type": "A", "hostname": "site.example", "answers": [], "failure": "dns_server_failure"},
        ],
        "tcp_connect": [],
        "requests": [
            {
                "failure": None,
                "request": {"method": "GET", "url": "http://site.example/"},
                "response": {"code": 451, "headers": {"Via": ["1.1 a", "1.1 b"]}, "body": "<TITLE>\nNo </TITLE>"},
            },
        ],
    },
)
"""The same with a helper that failed; headers with several values as lists."""

CLASSIC = base(
    "0.4.1",
    "https://site.example/",
    {
        "accessible": True,
        "blocking": False,
        "control_failure": None,
        "control": {
            "tcp_connect": {
                f"{ADDRESS}:443": {"status": True, "failure": None},
                f"[{SIX}]:443": {"status": False, "failure": "connection_refused_error"},
            },
            "http_request": {"body_length": 9, "failure": None, "title": "", "headers": None, "status_code": 200},
            "dns": {"failure": None, "addrs": [ADDRESS, SIX]},
        },
        "network_events": [{"address": f"{ADDRESS}:443", "failure": None, "operation": "connect", "t": 0.2}],
        "queries": [
            {
                "answers": [{"asn": 64500, "answer_type": "A", "ipv4": ADDRESS, "ttl": None}],
                "engine": "system",
                "failure": None,
                "hostname": "site.example",
                "query_type": "A",
                "resolver_address": "",
                "t": 0.1,
            },
            {
                "answers": None,
                "engine": "system",
                "failure": "dns_no_answer",
                "hostname": "site.example",
                "query_type": "AAAA",
                "resolver_address": "",
                "t": 0.1,
            },
        ],
        "tcp_connect": [
            {"ip": ADDRESS, "port": 443, "status": {"blocked": False, "failure": None, "success": True}, "t": 0.2},
            {"ip": SIX, "port": 443, "status": {"failure": "network_unreachable", "success": False}, "t": 0.2},
        ],
        "tls_handshakes": [
            {
                "cipher_suite": "TLS_AES_128_GCM_SHA256",
                "failure": None,
                "no_tls_verify": False,
                "peer_certificates": [{"data": base64.b64encode(b"der").decode(), "format": "base64"}],
                "server_name": "site.example",
                "t": 0.3,
                "tags": ["tcptls_experiment"],
                "tls_version": "TLSv1.3",
            }
        ],
        "requests": [
            {
                "failure": "connection_reset",
                "request": {"method": "GET", "url": "https://www.site.example/", "x_transport": "tcp"},
                "response": {
                    "body": "",
                    "body_is_truncated": False,
                    "code": 0,
                    "headers": None,
                    "headers_list": None,
                },
                "t": 0.6,
            },
            {
                "failure": None,
                "request": {"method": "GET", "url": "https://site.example/", "x_transport": "tcp"},
                "response": {
                    "body": "",
                    "body_is_truncated": False,
                    "code": 301,
                    "headers": {"Location": "https://www.site.example/"},
                    "headers_list": [["Location", "https://www.site.example/"]],
                },
                "t": 0.5,
            },
        ],
    },
)
"""The Go probe's first client: one time for each entry, no ids, handshakes that do not tell where they were."""


def tied(number, depth=0):
    """What ties an entry to a transaction."""
    return {"transaction_id": number, "tags": [f"depth={depth}", "fetch_body=true"]}


STEPWISE = base(
    "0.5.28",
    "http://site.example/",
    {
        "accessible": True,
        "blocking": False,
        "control_failure": None,
        "control": {
            "tcp_connect": {f"{ADDRESS}:80": {"status": True, "failure": None}, f"{ADDRESS}:443": {"status": True}},
            "tls_handshake": {
                f"{ADDRESS}:443": {"server_name": "site.example", "status": False, "failure": "ssl_invalid_hostname"}
            },
            "http_request": {"failure": None, "title": "A &amp; B", "status_code": 200, "body_length": 9},
            "dns": {"failure": None, "addrs": [ADDRESS]},
            "ip_info": {ADDRESS: {"asn": 64500, "flags": 3}},
        },
        "queries": [
            {
                "answers": [
                    {"answer_type": "AAAA", "ipv6": SIX, "ttl": None},
                    {"answer_type": "A", "ipv4": ADDRESS, "ttl": None},
                    {"answer_type": "CNAME", "hostname": "edge.example.", "ttl": None},
                ],
                "engine": "getaddrinfo",
                "failure": None,
                "hostname": "site.example",
                "query_type": "ANY",
                "resolver_address": "",
                "t0": 0.01,
                "t": 0.02,
                "transaction_id": 1,
            },
            {
                "answers": [{"answer_type": "A", "ipv4": "203.0.113.66", "ttl": 5}],
                "engine": "udp",
                "failure": None,
                "hostname": "site.example",
                "query_type": "A",
                "raw_response": base64.b64encode(b"\0\7\x84\x80" + bytes(8)).decode(),
                "resolver_address": "192.0.2.53:53",
                "t0": 0.01,
                "t": 0.03,
                "transaction_id": 3,
            },
        ],
        "x_dns_duplicate_responses": [
            {
                "answers": [{"answer_type": "A", "ipv4": ADDRESS, "ttl": 60}],
                "engine": "udp",
                "failure": None,
                "hostname": "site.example",
                "query_type": "A",
                "resolver_address": "192.0.2.53:53",
                "t0": 0.01,
                "t": 0.06,
                "transaction_id": 3,
            },
        ],
        "tcp_connect": [
            {"ip": ADDRESS, "port": 80, "status": {"failure": None, "success": True}, "t0": 0.1, "t": 0.2} | tied(4),
            {"ip": SECOND, "port": 80, "status": {"failure": "host_unreachable", "success": False}} | tied(5),
            {"ip": ADDRESS, "port": 443, "status": {"failure": None, "success": True}, "t0": 0.4, "t": 0.5}
            | tied(9, 1),
        ],
        "tls_handshakes": [
            {
                "address": f"{ADDRESS}:443",
                "failure": "ssl_unknown_authority",
                "peer_certificates": [{"data": base64.b64encode(b"der").decode(), "format": "base64"}],
                "server_name": "www.site.example",
                "t0": 0.5,
                "t": 0.6,
            }
            | tied(9, 1),
        ],
        "requests": [
            {
                "address": f"{ADDRESS}:80",
                "failure": None,
                "request": {"method": "GET", "url": "http://site.example/"},
                "response": {"code": 308, "headers_list": [["Location", "https://www.site.example/"]], "body": ""},
                "t0": 0.2,
                "t": 0.4,
            }
            | tied(4),
        ],
        "network_events": [
            {"operation": "bytes_received_cumulative", "num_bytes": 162, "t0": 0.3, "t": 0.3} | tied(4),
        ],
    },
)
"""The Go probe's second client: transactions, three resolvers, late answers, the arrival of bytes."""

CASES = {
    "0.0.1": (
        FIRST_APPS,
        [
            "60001 here dns site.example A at system: resolve ok 192.0.2.10",
            "60002 here tcp 192.0.2.10:80 of site.example: connect ok",
            "60003 here http http://site.example/: fetch ok 307 http://192.0.2.1/ÿ",
            "60004 here http https://site.example/ named site.example: handshake ssl_invalid_certificate",
            "60005 helper dns site.example A+AAAA at system: resolve ok 192.0.2.10",
            "60006 helper tcp 192.0.2.10:80 of site.example: connect ok",
            "60007 helper http http://site.example: fetch ok 200 Site",
        ],
    ),
    "0.1.0": (
        TWISTED,
        [
            "60001 here dns site.example A at system: resolve ok 192.0.2.10",
            "60002 here tcp 192.0.2.10:80 of site.example: connect ok",
            "60003 here tcp 192.0.2.11:80 of site.example: connect unknown_failure",
            "60004 here http http://site.example/: resolve dns_temporary_failure",
            "60005 here http http://site.example/: fetch eof_error",
            "60006 helper dns site.example A+AAAA at system: resolve dns_nxdomain_error",
            "60007 helper tcp 192.0.2.10:80 of site.example: connect ok",
            "60008 helper http http://site.example/: fetch unknown_failure",
        ],
    ),
    "0.3.0": (
        RENEWED,
        [
            "60001 here dns site.example A at system: resolve dns_servfail_error",
            "60002 here http http://site.example/: fetch ok 451 No",
            "60003 helper http http://site.example/: undone helper_failed",
        ],
    ),
    "0.4.1": (
        CLASSIC,
        [
            "60001 here dns site.example A+AAAA at system: resolve ok 192.0.2.10, resolve dns_no_answer",
            "60002 here tls 192.0.2.10:443 named site.example: connect ok, handshake ok valid",
            "60003 here tcp 2001:db8::10:443 of site.example: connect network_unreachable",
            "60004 here http https://site.example/ named site.example: fetch ok 301 https://www.site.example/",
            "60005 here http https://www.site.example/ named www.site.example: fetch connection_reset",
            "60006 helper dns site.example A+AAAA at system: resolve ok 192.0.2.10 2001:db8::10",
            "60007 helper tcp 192.0.2.10:443 of site.example: connect ok",
            "60008 helper tcp 2001:db8::10:443 of site.example: connect connection_refused",
            "60009 helper http https://site.example/: fetch ok 200",
        ],
    ),
    "0.5.28": (
        STEPWISE,
        [
            "1 here dns site.example ANY at system: resolve ok 2001:db8::10 192.0.2.10",
            "3 here dns site.example A at udp://192.0.2.53:53: resolve ok 203.0.113.66 then 192.0.2.10",
            (
                "4 here http http://site.example/ 192.0.2.10:80: connect ok, "
                "fetch ok 308 https://www.site.example/ 162 bytes at 0.1"
            ),
            "5 here tcp 192.0.2.11:80 of site.example: connect host_unreachable",
            "9 here tls 192.0.2.10:443 named www.site.example: connect ok, handshake ssl_unknown_authority",
            "60001 helper dns site.example A+AAAA at system: resolve ok 192.0.2.10",
            "60002 helper tcp 192.0.2.10:80 of site.example: connect ok",
            "60003 helper tls 192.0.2.10:443 named site.example: connect ok, handshake ssl_invalid_hostname",
            "60004 helper http http://site.example/: fetch ok 200 A & B",
        ],
    ),
}


def step_told(step):
    """How a step ended, and what it saw."""
    words = [type(step).__name__.lower(), "ok" if step.failure is None else step.failure.value]
    if isinstance(step, Resolve):
        words.append(" then ".join(" ".join(answer.addresses) for answer in step.answers))
    elif isinstance(step, Handshake):
        words.append("valid" if step.valid else "")
    elif not isinstance(step, Connect) and step.page is not None:
        page = step.page
        words += [str(page.status), page.location or page.title or ""]
        words += [f"{total} bytes at {at:.1f}" for at, total in step.curve]
    return " ".join(filter(None, words))


def trial_told(trial):
    """A trial in a line."""
    ask = trial.ask
    words = [str(trial.id), trial.side.value, ask.layer.value, ask.name or ask.url or ""]
    if ask.name is not None:
        words += [ask.qtype, f"at {ask.resolver}"]
    if ask.port is not None:
        words.append(f"{ask.address}:{ask.port}")
    words += [f"of {ask.host}" if ask.host else "", f"named {ask.sni}" if ask.sni else ""]
    steps = ", ".join(map(step_told, trial.steps)) or f"undone {trial.undone}"
    return " ".join(filter(None, words)) + ": " + steps


@pytest.mark.parametrize("version", CASES)
def test_a_measurement_of_each_generation_is_read_as_these_trials(version):
    """Line by line, and nothing else."""
    document, expected = CASES[version]
    record = read_ooni(json.dumps(document).encode())
    assert [trial_told(trial) for trial in record.trials] == expected
    assert record.annotations["test_version"] == version
    assert record.context.helper == (None if version == "0.3.0" else "https://th.example")


def test_details_that_a_line_does_not_tell():
    """Times, flags, aliases, chains and OONI's own words are where they belong."""
    trials = read_ooni(json.dumps(STEPWISE).encode()).trials
    first, later = trials[1].resolves[0].answers
    assert (first.flags, first.rcode, first.record_ttl, first.t, later.t) == (0x8480, 0, 5, 0.03, 0.06)
    assert trials[0].resolves[0].answers[0].cnames == ("edge.example",)
    assert (trials[1].changed, trials[0].changed) == ("resolver", None)
    assert (trials[4].handshake.valid, len(trials[4].handshake.chain)) == (False, 1)
    trials = read_ooni(json.dumps(FIRST_APPS).encode()).trials
    assert trials[2].fetch.detail == "http_invalid_redirect_url"
    assert trials[3].handshake.detail.startswith("ssl_error: ")
    assert trials[4].resolves[0].answers[0].cnames == ("site.example",)
