"""A measurement as OONI publishes it, written by hand."""

import json


def measurement(
    name="a.example",
    blocking=False,
    accessible=True,
    test="web_connectivity",
    scheme="https",
    body="<title>T</title>",
    **keys,
):
    """One line of OONI's: a site that was asked for once, with what OONI concluded."""
    url = f"{scheme}://{name}/"
    tree = {
        "annotations": {},
        "input": url,
        "measurement_start_time": "2026-11-21 22:33:00",
        "probe_asn": "AS64501",
        "probe_cc": "XE",
        "report_id": f"r-{name}",
        "software_name": "ooniprobe-x",
        "software_version": "1",
        "test_helpers": {"backend": {"address": "https://th.example", "type": "https"}},
        "test_keys": {
            "accessible": accessible,
            "blocking": blocking,
            "control": {
                "dns": {"addrs": ["192.0.2.7"], "failure": None},
                "http_request": {"body_length": 7, "failure": None, "headers": {}, "status_code": 200, "title": "T"},
                "tcp_connect": {"192.0.2.7:443": {"failure": None, "status": True}},
            },
            "control_failure": None,
            "queries": [
                {
                    "answers": [{"answer_type": "A", "ipv4": "192.0.2.7"}], "engine": "system", "failure": None,
                    "hostname": name, "query_type": "A", "resolver_address": "",
                }
            ],
            "requests": [
                {
                    "failure": None,
                    "request": {"headers": {}, "method": "GET", "url": url},
                    "response": {"body": body, "code": 200, "headers": {}},
                }
            ],
            "tcp_connect": [{"ip": "192.0.2.7", "port": 443, "status": {"failure": None, "success": True}}],
            **keys,
        },
        "test_name": test,
        "test_runtime": 1.5,
        "test_start_time": "2026-11-21 22:33:00",
        "test_version": "0.4.3",
    }  # fmt: skip
    return json.dumps(tree).encode() + b"\n"
