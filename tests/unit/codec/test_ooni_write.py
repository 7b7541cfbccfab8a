"""Our records as OONI lines, by example; the golden test has one of everything."""

import json

import msgspec
import pytest

from hushmap.codec import read_ooni, write_ooni
from hushmap.codec.ooni_write import HELPER_FAILED, NO_HELPER
from hushmap.model import Context, Failure, Record, Side
from trials import CONTEXT, DARK, SITE, loaded, lookup, said

RECORD = Record(
    id="20261121T2233Z-3f9c-0007",
    run="20261121T2233Z-3f9c",
    experiment="web",
    target="https://news.example/",
    started="2026-11-21T22:33:00Z",
    ended="2026-11-21T22:36:40Z",
    run_started="2026-11-21T22:33:00Z",
)


def keys_of(*trials, context=CONTEXT):
    """The test keys of a record with these trials, after a look that it reads back."""
    record = msgspec.structs.replace(RECORD, trials=trials, context=context)
    line = write_ooni(record)
    assert msgspec.structs.replace(read_ooni(line), source=None) == record
    return json.loads(line)["test_keys"]


def test_a_step_stands_in_one_place():
    """The entry has what OONI's readers look for; the trial says where it stands."""
    keys = keys_of(lookup(70_001, [SITE]), loaded(70_002))
    assert [len(keys[name]) for name in ("queries", "tcp_connect", "tls_handshakes", "requests")] == [1, 1, 1, 1]
    assert keys["x_hushmap_trials"][1]["steps"] == [
        {"in": "tcp_connect", "at": 0},
        {"in": "tls_handshakes", "at": 0},
        {"in": "requests", "at": 0},
    ]
    assert keys["requests"][0]["address"] == f"{SITE}:443"


def test_what_is_not_the_first_round_stands_whole_under_our_key():
    """None of its steps is in an array of OONI's."""
    keys = keys_of(loaded(70_001, round=1), lookup(70_002, Failure.TIMEOUT, DARK))
    assert [keys[name] for name in ("queries", "tcp_connect", "tls_handshakes", "requests")] == [[], [], [], []]
    assert [[step["step"] for step in trial["steps"]] for trial in keys["x_hushmap_trials"]] == [
        ["connect", "handshake", "fetch"],
        ["resolve"],
    ]


def test_raw_bytes_have_no_array():
    """The connection below them has, and is there."""
    keys = keys_of(said(70_001))
    assert [step.get("step") or step["in"] for step in keys["x_hushmap_trials"][0]["steps"]] == [
        "tcp_connect",
        "exchange",
    ]


def test_a_page_without_its_connection():
    """The address of a load is the one that was asked for, where the connection is not told."""
    whole = loaded(70_001)
    assert keys_of(msgspec.structs.replace(whole, steps=whole.steps[-1:]))["requests"][0]["address"] == f"{SITE}:443"
    bare = msgspec.structs.replace(
        whole, steps=whole.steps[-1:], ask=msgspec.structs.replace(whole.ask, address=None, port=None)
    )
    assert keys_of(bare)["requests"][0]["address"] == ":0"


def test_without_a_helper_there_is_no_control():
    """OONI's readers take null with a failure for what it is: nothing to compare with."""
    none = keys_of(loaded(70_001), context=Context())
    assert (none["control"], none["control_failure"]) == (None, NO_HELPER)
    silent = keys_of(loaded(70_001), loaded(70_002, side=Side.HELPER, undone="helper_failed"))
    assert (silent["control"], silent["control_failure"]) == (None, HELPER_FAILED)
    there = keys_of(loaded(70_001), loaded(70_002, side=Side.HELPER))
    assert (there["control"]["http_request"]["title"], there["control_failure"]) == ("News", None)


@pytest.mark.parametrize("experiment", ["sni", "keyword", "web_connectivity", ""])
def test_ooni_has_no_such_test(experiment):
    """Only what OONI has a test for is written as one."""
    with pytest.raises(ValueError, match="OONI has no test for experiment"):
        write_ooni(msgspec.structs.replace(RECORD, experiment=experiment))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"started": ""}, r"is no time - at `\$.started`"),
        ({"v": 2}, "newer than this Hushmap reads"),
        ({"context": Context(f0=float("nan"))}, "not finite"),
        ({"target": "\ud800"}, "surrogates not allowed"),
    ],
)
def test_what_no_line_can_hold_is_refused(changes, said):
    """One line that says why."""
    with pytest.raises(ValueError, match=said):
        write_ooni(msgspec.structs.replace(RECORD, **changes))
