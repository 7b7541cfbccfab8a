"""Small measurements as OONI's probes wrote them, put together field by field for tests of their reader.

Nothing is filled in that a test does not ask for: what a probe left out is what reading has to cope with.
"""

import base64
import json

STARTED = "2026-11-21 22:33:00"
T0 = "2026-11-21T22:33:00Z"
NAME = "news.example.org"
URL = f"https://{NAME}/"
ADDRESS, SECOND, SIX = "192.0.2.10", "192.0.2.11", "2001:db8::10"
HELPER = "https://th.example"


def binary(data):
    """Bytes as OONI writes those that are no UTF-8."""
    return {"format": "base64", "data": base64.b64encode(data).decode()}


def answer(text, **more):
    """One resource record: an address, or a name."""
    if ":" in text:
        return {"answer_type": "AAAA", "ipv6": text} | more
    if text[-1].isdigit():
        return {"answer_type": "A", "ipv4": text} | more
    return {"answer_type": "CNAME", "hostname": text} | more


def query(*answers, kind="A", failure=None, hostname=NAME, **more):
    """One DNS query and what it was told."""
    rows = [answer(text) for text in answers]
    return {"hostname": hostname, "query_type": kind, "failure": failure, "answers": rows} | more


def tcp(ip=ADDRESS, port=443, failure=None, **more):
    """One connection."""
    return {"ip": ip, "port": port, "status": {"failure": failure, "success": failure is None}} | more


def tls(failure=None, name=NAME, **more):
    """One handshake."""
    return {"server_name": name, "failure": failure} | more


def request(url=URL, failure=None, code=200, headers=(), body="", **more):
    """One exchange; `code=None`: nothing came."""
    pairs = [list(pair) for pair in headers]
    response = {"code": code, "headers_list": pairs, "body": body, "body_is_truncated": False}
    asked = {"url": url, "method": "GET"}
    return {"request": asked, "failure": failure, "response": None if code is None else response} | more


def control(**parts):
    """What the test helper saw; `http` and `dns` are short for its answers of these kinds."""
    found = {"tcp_connect": {}, "tls_handshake": {}}
    found["dns"] = {"failure": None, "addrs": [ADDRESS]}
    found["http_request"] = {"failure": None, "status_code": 200, "body_length": 9, "title": "News", "headers": {}}
    return found | parts


def keys(**more):
    """The test keys of web_connectivity."""
    return {"queries": [], "tcp_connect": [], "tls_handshakes": None, "requests": [], "control_failure": None} | more


def tree(version="0.5.28", url=URL, **test_keys):
    """A whole measurement."""
    return {
        "input": url,
        "measurement_start_time": STARTED,
        "probe_asn": "AS64501",
        "probe_cc": "XA",
        "report_id": "report-1",
        "software_name": "miniooni",
        "software_version": "3.25.0",
        "test_helpers": {"backend": {"address": HELPER, "type": "https"}},
        "test_keys": keys(**test_keys),
        "test_name": "web_connectivity",
        "test_runtime": 1.25,
        "test_version": version,
    }


def line(value):
    """A measurement as one line."""
    return json.dumps(value, separators=(",", ":")).encode()
