"""Golden: a record with trials of every kind as an OONI line, and what OONI's readers make of it."""

import json

import msgspec

import plain_ooni
from golden.ooni_export import GOLDEN, NEXT, as_text, planned, record
from hushmap.codec import project, read_ooni, write_ooni
from hushmap.model import Connect, Failure, Fetch, Handshake, Resolve, Side

OWN = set(range(70_000, 70_008))
"""The first round's own trials."""


def unaware(line):
    """`line` as a program passes it on that knows none of our keys."""

    def without(value):
        if isinstance(value, dict):
            return {key: without(inner) for key, inner in value.items() if not key.startswith("x_hushmap")}
        return [without(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps(without(json.loads(line))).encode()


def test_the_line_is_the_one_that_was_reviewed():
    """Every key of ooni_export.json, to the byte; the script beside it writes it anew."""
    assert as_text(write_ooni(record())) == GOLDEN.read_text(encoding="utf-8")


def test_it_reads_back():
    """The line gives the record that it was made of, but for where it lies."""
    found = read_ooni(write_ooni(record()), file="some.jsonl", offset=3)
    assert msgspec.structs.replace(found, source=None) == project(record()) == record()


def test_a_reader_of_ooni_s_counts_the_first_round_alone():
    """Not one baseline, canary, sentinel, pair, repeat, void or helper's trial is among what it counts."""
    found = plain_ooni.read(write_ooni(record()))
    assert plain_ooni.faults(found) == []
    assert plain_ooni.transactions(found) == OWN
    assert len(list(planned())) >= 3 * len(OWN)
    assert plain_ooni.counts(found) == {
        "lookups": 4,
        "lookups failed": 1,
        "connects": 4,
        "connects failed": 1,
        "handshakes": 2,
        "handshakes failed": 1,
        "requests": 2,
        "requests failed": 0,
        "late answers": 1,
        "points": 4,
    }


def test_without_our_keys_it_is_a_measurement_like_any_other():
    """Our own reader of foreign data finds the same trials, steps, addresses and failures as we did, and no more."""
    found = read_ooni(unaware(write_ooni(record())))
    assert (found.experiment, found.target, found.context.helper) == (
        "web_connectivity",
        record().target,
        "203.0.113.10",
    )
    assert found.source.claim.blocking is None
    here = [[told(step) for step in trial.steps] for trial in found.trials if trial.side is Side.HERE]
    ours = [[told(step) for step in trial.steps] for trial in record().trials if trial.id in OWN]
    assert sorted(here, key=str) == sorted(ours, key=str)


def told(step):
    """What a step says, in both our own records and foreign ones."""
    more = {
        Resolve: lambda: (step.name, step.resolver, [answer.addresses for answer in step.answers]),
        Connect: lambda: (step.address, step.port),
        Handshake: lambda: (step.address, step.port, step.sni),
        Fetch: lambda: (step.url, step.page.status, step.page.location),
    }
    return type(step).__name__, step.failure, *more[type(step)]()


def test_the_control_is_the_helper_s_first_round():
    """OONI's readers compare with the page at the end of the redirects, and with every address that was tried."""
    control = plain_ooni.read(write_ooni(record()))["test_keys"]["control"]
    assert control["http_request"]["title"] == "News of today"
    assert control["dns"] == {"failure": None, "addrs": ["198.51.100.7"]}
    assert control["tcp_connect"]["198.51.100.66:80"] == {"status": False, "failure": Failure.TIMEOUT.value}
    assert NEXT not in json.dumps(control)
