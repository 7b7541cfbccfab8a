"""Records to judge: ours as a run sealed them, and a foreign one as OONI publishes it."""

import json

import pytest

from hushmap.codec import encode_record
from hushmap.model import Place, Target
from hushmap.runs import inputs
from unit.runner.fakes import HELPER, World, carry, plan_of, sites

WORD = {"experiment": "keyword", "place": Place.HTTP_URL, "category": "NEWS"}


@pytest.fixture(scope="session")
def records():
    """Sealed records: a reachable site, a blocked one, a canary and a word that were cut off."""
    world = World()
    world.cut_names.add("b.example")
    world.cut_words.add("weather")
    targets = (
        *sites("a.example", "b.example"),
        Target(text="weather", canary=True, **WORD),
        Target(text="peace", **WORD),
    )
    folder = carry(plan_of(*targets, helper=HELPER), world).folder
    return {record.target: record for record in folder.records()}


@pytest.fixture
def lines(records):
    """The records' lines."""
    return {target: encode_record(record) for target, record in records.items()}


@pytest.fixture
def measurement():
    """Make one line of OONI's: a site that was asked for once, with what OONI concluded."""

    def made(name="a.example", blocking=False, accessible=True, test="web_connectivity", **keys):
        url = f"https://{name}/"
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
                        "response": {"body": "<title>T</title>", "code": 200, "headers": {}},
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

    return made


@pytest.fixture
def file(tmp_path):
    """Write a file and open it as an input."""

    def written(data, name="x.jsonl"):
        (tmp_path / name).write_bytes(data)
        return next(inputs(tmp_path / name))

    return written
