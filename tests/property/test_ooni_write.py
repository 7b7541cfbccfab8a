"""Properties of the OONI export: it reads back as promised, and no reader of OONI's format is misled by it."""

import random
from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plain_ooni
from faults import value_or_fault
from hostile import Document, damaged_json
from hushmap.codec import encode_record, project, read_ooni, write_ooni
from hushmap.model import (
    Ask,
    Connect,
    Context,
    Fetch,
    Handshake,
    Layer,
    Record,
    Resolve,
    Role,
    Side,
    Void,
)
from strategies import records, steps, structs, trials

replace = msgspec.structs.replace

DARK = "udp://203.0.113.10:53"


def maybe(value, others):
    """Mostly `value`, so that enough trials are of the first round."""
    return st.one_of(st.just(value), st.just(value), st.just(value), others)


@st.composite
def inquiries(draw):
    """Records of `web` in which trials of every kind are mixed, and any of them may be void."""
    record = draw(records())
    made = []
    for number in range(draw(st.integers(0, 8))):
        trial = replace(
            draw(trials()),
            id=70_000 + number,
            role=draw(maybe(Role.SUBJECT, st.sampled_from(Role))),
            side=draw(maybe(Side.HERE, st.sampled_from(Side))),
            round=draw(maybe(0, st.integers(1, 3))),
            pair=draw(maybe(None, st.integers(1, 3))),
            changed=draw(maybe(None, st.sampled_from(["resolver", "notice", "sni", "host", "path", "address"]))),
            undone=draw(maybe(None, st.sampled_from(["no_ipv6", "excluded", "budget"]))),
            steps=tuple(draw(st.lists(steps(), max_size=4))),
        )
        if draw(st.booleans()):
            ask = Ask(layer=Layer.DNS, name="news.example", resolver=draw(st.sampled_from(["system", DARK])))
            trial = replace(trial, ask=ask)
        made.append(trial)
    voids = tuple(Void(trial=70_000 + number, reason="residual") for number in draw(st.sets(st.integers(0, 8))))
    context = replace(draw(structs(Context)), voids=voids, dark=draw(st.sampled_from([None, DARK])))
    return replace(record, experiment="web", trials=tuple(made), context=context)


def of_web(record):
    """`record` as one of the experiment that is written."""
    return replace(record, experiment="web")


def own(record):
    """The first round's own trials, by the words of docs/reference/ooni.md and not by the writer's code."""
    void = {one.trial for one in record.context.voids}
    for trial in record.trials:
        dark = record.context.dark
        asked = {trial.ask.resolver} | {step.resolver for step in trial.steps if isinstance(step, Resolve)}
        excluded = (
            trial.role != "subject"
            or trial.side != "here"
            or trial.round != 0
            or trial.pair is not None
            or trial.changed not in {None, "resolver"}
            or trial.ask.transport != "tcp"
            or trial.ask.ttl is not None
            or (trial.ask.layer == "dns" and any(not isinstance(step, Resolve) for step in trial.steps))
            or trial.undone is not None
            or trial.id in void
            or (dark is not None and dark in asked)
        )
        if not excluded:
            yield trial


def expected(record):
    """What a reader of the export must count."""
    names = {Resolve: "lookups", Connect: "connects", Handshake: "handshakes", Fetch: "requests"}
    found = Counter()
    for plural in names.values():
        found[plural] = found[f"{plural} failed"] = 0
    found["late answers"] = found["points"] = 0
    for trial in own(record):
        for step in trial.steps:
            if type(step) in names:
                found[names[type(step)]] += 1
                found[f"{names[type(step)]} failed"] += step.failure is not None
            if isinstance(step, Resolve):
                found["late answers"] += max(0, len(step.answers) - 1)
            if isinstance(step, Fetch):
                found["points"] += len(step.curve)
    return dict(found)


@given(st.one_of(records().map(of_web), inquiries()))
def test_what_is_written_reads_back_as_promised(record):
    """read(write(r)) == project(r), but for the place of the line, which is the reader's to tell."""
    line = write_ooni(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    found = read_ooni(line, file="some.jsonl", offset=7)
    assert replace(found, source=None) == project(record)
    assert (found.source.file, found.source.offset, found.source.claim) == ("some.jsonl", 7, None)


@given(records())
def test_only_what_ooni_has_a_test_for_is_written(record):
    """Any other experiment is refused in one line."""
    experiment = record.experiment
    if experiment != "web":
        with pytest.raises(ValueError, match="OONI has no test for"):
            write_ooni(record)


@settings(max_examples=60)
@given(inquiries())
def test_nothing_but_the_first_round_is_counted(record):
    """A reader that ignores every key it does not know counts exactly the first round's own steps."""
    found = plain_ooni.read(write_ooni(record))
    assert plain_ooni.counts(found) == expected(record)
    assert plain_ooni.transactions(found) <= {trial.id for trial in own(record)}
    times = [row["t0"] for row in found["test_keys"]["requests"]]
    assert times == sorted(times, reverse=True), "OONI's readers take the first request for the last page"


@settings(max_examples=50)
@given(st.one_of(records().map(of_web), inquiries()))
def test_the_base_is_ooni_s(record):
    """Every required key of df-000 is there in its form, failures have names of df-007, and no verdict is claimed."""
    assert plain_ooni.faults(plain_ooni.read(write_ooni(record))) == []


@settings(max_examples=25)
@given(inquiries(), st.randoms(use_true_random=False))
def test_damage_is_a_record_or_a_fault_of_one_line(record, chance):
    """Whatever was done to an export, it is read or refused in one line, and what is read can be written."""
    seed = Document.of(write_ooni(record).decode())
    rng = random.Random(chance.getrandbits(32))
    for _ in range(10):
        found = value_or_fault(read_ooni, damaged_json(seed, (), rng))
        if isinstance(found, Record):
            assert encode_record(found)


@settings(max_examples=20)
@given(inquiries())
def test_a_line_cut_anywhere_is_a_fault(record):
    """No proper prefix of an export is a record."""
    line = write_ooni(record).rstrip(b"\n")
    for end in range(0, len(line), max(1, len(line) // 100)):
        assert isinstance(value_or_fault(read_ooni, line[:end]), ValueError)
