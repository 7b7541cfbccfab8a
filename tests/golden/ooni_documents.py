"""OONI measurements written down by hand: what probe and helper saw, in the shapes of test version 0.5 and 0.4.

Addresses are those of RFC 5737 and RFC 3849, names are below .example; the field names are those of OONI's spec
(ts-017, df-001, df-002, df-005, df-006, df-008).
"""

import copy

HOST = "news.example"
SITE, LIE, V6 = "198.51.100.7", "203.0.113.66", "2001:db8::7"
TITLE = "News of Example, every hour"
BODY = f"<html><head><title>{TITLE}</title></head><body>{'All the news that fits the page. ' * 60}</body></html>"
LENGTH = len(BODY)
HEADERS = {"Server": "nginx", "X-News-Edition": "morning", "X-News-Node": "n7", "Content-Type": "text/html"}


def query(host=HOST, addresses=(SITE,), failure=None, resolver=None, txid=10001, qtype="ANY", t=0.02, depth=0):
    """One lookup; `resolver` None is getaddrinfo."""
    kind = {True: ("AAAA", "ipv6"), False: ("A", "ipv4")}
    answers = [
        {"answer_type": kind[":" in one][0], kind[":" in one][1]: one, "ttl": None, "asn": 64500} for one in addresses
    ]
    return {
        "answers": answers or None,
        "engine": "getaddrinfo" if resolver is None else "udp",
        "failure": failure,
        "hostname": host,
        "query_type": qtype if resolver is None else "A",
        "resolver_address": "" if resolver is None else resolver,
        "t0": 0.0,
        "t": t,
        "tags": [f"depth={depth}", "classic"] if resolver is None else [f"depth={depth}"],
        "transaction_id": txid if resolver is None else txid + 10000,
    }


def connect(address=SITE, port=443, failure=None, txid=50001, depth=0, t=0.1):
    """One TCP connection."""
    return {
        "ip": address,
        "port": port,
        "status": {"failure": failure, "success": failure is None},
        "t0": t - 0.02,
        "t": t,
        "tags": [f"depth={depth}"],
        "transaction_id": txid,
    }


def endpoint(address, port):
    """`address:port` as OONI writes it."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def handshake(address=SITE, port=443, failure=None, host=HOST, txid=50001, depth=0, t=0.2):
    """One TLS handshake."""
    return {
        "network": "tcp",
        "address": endpoint(address, port),
        "failure": failure,
        "no_tls_verify": False,
        "peer_certificates": [],
        "server_name": host,
        "t0": t - 0.05,
        "t": t,
        "tags": [f"depth={depth}"],
        "tls_version": "TLSv1.3",
        "transaction_id": txid,
    }


def request(
    url=f"https://{HOST}/",
    failure=None,
    status=200,
    body=BODY,
    headers=None,
    address=SITE,
    txid=50001,
    truncated=False,
    depth=0,
    t=0.4,
    location=None,
):
    """One HTTP exchange."""
    shown = dict(HEADERS if headers is None else headers) | ({"Location": location} if location else {})
    if failure is not None:
        status, body, shown = 0, "", {}
    return {
        "network": "tcp",
        "address": endpoint(address, 443 if url.startswith("https") else 80) if address else "",
        "alpn": "http/1.1",
        "failure": failure,
        "request": {"method": "GET", "url": url, "headers": {"Accept": "*/*"}, "body": "", "x_transport": "tcp"},
        "response": {
            "code": status,
            "headers": shown,
            "headers_list": [[key, value] for key, value in shown.items()],
            "body": body,
            "body_is_truncated": truncated,
        },
        "t0": t - 0.1,
        "t": t,
        "tags": [f"depth={depth}", "fetch_body=true"],
        "transaction_id": txid,
    }


def control(addresses=(SITE,), dns_failure=None, endpoints=None, tls=None, load=None, host=HOST):
    """What the helper says; `endpoints` {ip:port: failure}, `tls` {ip:port: failure}, `load` its http_request."""
    endpoints = {endpoint(one, 443): None for one in addresses} if endpoints is None else endpoints
    tls = {key: failure for key, failure in endpoints.items() if failure is None} if tls is None else tls
    return {
        "dns": {"failure": dns_failure, "addrs": list(addresses)},
        "tcp_connect": {key: {"status": failure is None, "failure": failure} for key, failure in endpoints.items()},
        "tls_handshake": {
            key: {"server_name": host, "status": failure is None, "failure": failure} for key, failure in tls.items()
        },
        "quic_handshake": {},
        "http_request": load or page(),
        "http3_request": None,
        "ip_info": {},
    }


def page(title=TITLE, length=LENGTH, status=200, headers=None, failure=None):
    """The helper's page load; its length and status are -1 where it failed."""
    if failure is not None:
        return {"body_length": -1, "failure": failure, "title": "", "headers": {}, "status_code": -1}
    return {
        "body_length": length,
        "failure": None,
        "title": title,
        "headers": dict(HEADERS if headers is None else headers),
        "status_code": status,
        "discovered_h3_endpoint": "",
    }


def measurement(
    url=f"https://{HOST}/",
    *,
    queries=None,
    connects=None,
    handshakes=None,
    requests=None,
    helper=None,
    control_failure=None,
    version="0.5.28",
    blocking=None,
    accessible=None,
    events=(),
    duplicates=(),
):
    """A whole measurement; `requests` oldest first, as they happened."""
    secure = url.startswith("https")
    port = 443 if secure else 80
    if helper is None and control_failure is None:
        helper = control(endpoints={endpoint(SITE, port): None}, tls=None if secure else {})
    test_keys = {
        "agent": "redirect",
        "queries": [query()] if queries is None else list(queries),
        "tcp_connect": [connect(port=port)] if connects is None else list(connects),
        "tls_handshakes": ([handshake()] if secure else []) if handshakes is None else list(handshakes),
        "requests": [request(url)] if requests is None else list(reversed(requests)),
        "network_events": list(events),
        "x_dns_duplicate_responses": list(duplicates),
        "control": helper,
        "control_failure": control_failure,
        "blocking": blocking,
        "accessible": accessible,
    }
    made = {
        "annotations": {"engine_version": "3.27.0", "network_type": "wifi"},
        "data_format_version": "0.2.0",
        "input": url,
        "measurement_start_time": "2026-08-05 10:00:01",
        "probe_asn": "AS64500",
        "probe_cc": "XE",
        "probe_ip": "127.0.0.1",
        "probe_network_name": "Net-A",
        "report_id": "20260805T100000Z_webconnectivity_XE_64500_n1_0000000000000000",
        "resolver_asn": "AS64500",
        "resolver_ip": "192.0.2.53",
        "resolver_network_name": "Net-A",
        "software_name": "ooniprobe-cli",
        "software_version": "3.27.0",
        "test_helpers": {"backend": {"address": "https://helper.example", "type": "https"}},
        "test_keys": test_keys,
        "test_name": "web_connectivity",
        "test_runtime": 2.5,
        "test_start_time": "2026-08-05 10:00:00",
        "test_version": version,
    }
    return old(made) if version < "0.5" else made


def old(made):
    """The same as test version 0.4 writes it: no transactions, no start times, requests without addresses."""
    made = copy.deepcopy(made)
    keys = made["test_keys"]
    for name in ("queries", "tcp_connect", "tls_handshakes", "requests", "network_events"):
        for item in keys[name]:
            for gone in ("transaction_id", "t0", "tags"):
                item.pop(gone, None)
            if name == "requests":
                item.pop("address", None)
                item.pop("network", None)
    del keys["x_dns_duplicate_responses"]
    return made
