"""A reader of OONI's data formats that knows nothing of Hushmap: it stands for every tool that OONI's users have.

Written from the formats alone (df-000 base, df-001 HTTP, df-002 DNS, df-005 TCP, df-006 TLS, df-008 events) and the
test helper's answer; it shares no code with what it checks, looks only at keys that stand there, and counts whatever
stands in an array as the probe's own.
"""

import json
import re
from collections import Counter

ENTRY = {"t0", "t", "tags", "transaction_id", "failure"}
KNOWN = {
    "queries": ENTRY
    | {"answers", "engine", "hostname", "query_type", "rcode"}
    | {"resolver_address", "resolver_hostname", "resolver_port"},
    "tcp_connect": ENTRY - {"failure"} | {"ip", "port", "status"},
    "tls_handshakes": ENTRY
    | {"network", "address", "cipher_suite", "negotiated_protocol", "no_tls_verify", "peer_certificates"}
    | {"server_name", "tls_version"},
    "requests": ENTRY | {"network", "address", "alpn", "request", "response", "response_length"},
    "network_events": ENTRY | {"address", "num_bytes", "operation", "proto"},
}
BASE = {
    "annotations": dict,
    "data_format_version": str,
    "extensions": dict,
    "input": str,
    "measurement_start_time": str,
    "options": list,
    "probe_asn": str,
    "probe_cc": str,
    "probe_ip": str,
    "report_id": str,
    "software_name": str,
    "software_version": str,
    "test_helpers": dict,
    "test_keys": dict,
    "test_name": str,
    "test_runtime": float,
    "test_start_time": str,
    "test_version": str,
}
"""df-000: what a measurement must have, and what it usually has."""
SHAPES = {
    "measurement_start_time": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "test_start_time": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "probe_asn": r"AS(0|[1-9]\d*)",
    "probe_cc": r"[A-Z]{2}",
    "probe_ip": r"127\.0\.0\.1",
    "data_format_version": r"0\.2\.0",
    "test_name": r"web_connectivity",
}
VERDICT = """blocking accessible dns_consistency dns_experiment_failure http_experiment_failure body_length_match
headers_match status_code_match title_match""".split()
FLAGS = ("x_blocking_flags", "x_dns_flags", "x_null_null_flags", "x_status", "body_proportion")
FAILURE = re.compile(r"[a-z]+(_[a-z]+)*|unknown_failure: .+")


def read(line):
    """The measurement of a line; every key that this reader does not know is thrown away."""
    tree = json.loads(line)
    keys = tree["test_keys"]
    kept = {
        name: [{key: value for key, value in row.items() if key in known} for row in keys[name]]
        for name, known in KNOWN.items()
    }
    kept["x_dns_duplicate_responses"] = [
        {key: value for key, value in row.items() if key in KNOWN["queries"]}
        for row in keys["x_dns_duplicate_responses"]
    ]
    kept |= {key: keys[key] for key in ("control", "control_failure", *VERDICT)}
    kept |= {key: keys[key] for key in FLAGS if key in keys}
    return {key: tree[key] for key in BASE} | {"test_keys": kept}


def faults(tree):
    """What is wrong with the base of a measurement, in the eyes of df-000."""
    wrong = [key for key, kind in BASE.items() if type(tree[key]) is not kind]
    wrong += [key for key, shape in SHAPES.items() if not re.fullmatch(shape, tree[key])]
    wrong += [key for key in VERDICT if tree["test_keys"][key] is not None]
    wrong += [key for key in FLAGS if key in tree["test_keys"]]
    wrong += [f"annotation {key}" for key, value in tree["annotations"].items() if type(value) is not str]
    for name in KNOWN:
        for row in tree["test_keys"][name]:
            failure = row["status"]["failure"] if name == "tcp_connect" else row["failure"]
            if failure is not None and not FAILURE.fullmatch(failure):
                wrong.append(f"{name}: {failure}")
            if not {"t0", "t", "tags", "transaction_id"} <= set(row):
                wrong.append(f"{name}: an entry lacks what every entry has")
    return wrong


def counts(tree):
    """What such a reader says that the probe did, and how often it failed."""
    keys, found = tree["test_keys"], Counter()
    for name, plural in (
        ("queries", "lookups"),
        ("tcp_connect", "connects"),
        ("tls_handshakes", "handshakes"),
        ("requests", "requests"),
    ):
        rows = keys[name]
        found[plural] = len(rows)
        failed = [row["status"]["failure"] if name == "tcp_connect" else row["failure"] for row in rows]
        found[f"{plural} failed"] = sum(failure is not None for failure in failed)
    found["late answers"] = len(keys["x_dns_duplicate_responses"])
    found["points"] = len(keys["network_events"])
    return dict(found)


def transactions(tree):
    """Every transaction that such a reader knows of."""
    keys = tree["test_keys"]
    return {row["transaction_id"] for name in (*KNOWN, "x_dns_duplicate_responses") for row in keys[name]}
