"""Every parser meets thousands of damaged documents; `make fuzz` gives each a million.

Heavy: the whole file takes minutes. Its own checks, that a fault is seen and can be made again, are light.
"""

import time

import pytest

import fuzzing
from fuzzing import block_of, bounded, fuzz, input_of
from hostile import Document, damaged_bytes, damaged_json, struck_json
from parsers import PARSERS, Parser

INPUTS = 20_000
"""A parser."""


@pytest.mark.heavy
@pytest.mark.parametrize("name", list(PARSERS))
def test_no_input_breaks_a_parser(name):
    """Each damaged document is read or refused in one line, soon, in bounded memory, and what was read is usable."""
    tally = fuzz(name, INPUTS, seed=1)
    assert tally.faults == {}
    assert tally.inputs == tally.values + tally.refused


@pytest.mark.parametrize("name", list(PARSERS))
def test_some_inputs_break_no_parser(name):
    """The same for a few inputs of every parser, in every run of the tests."""
    count = 60
    with bounded():
        tally = block_of(PARSERS[name], seed=2, block=0, count=count)
    assert tally.faults == {}
    assert tally.values + tally.refused == count


def _parser(read) -> Parser:
    return Parser("self-test", lambda rng: rng.randbytes(4), read)


def _raise(data):
    raise KeyError(data)


def _panic(data):
    raise BaseException("pyo3's panics are of this kind")  # noqa: TRY002 - that is the point


def _silent(data):
    assert data is None


@pytest.mark.parametrize("read", [_raise, _panic, _silent])
def test_a_fault_is_seen_and_told_once(read):
    """Any exception that a parser lets out is a fault, told once with the input that shows it first."""
    with bounded():
        tally = block_of(_parser(read), seed=1, block=3, count=5)
    assert tally.inputs == 5
    assert set(tally.faults.values()) <= {"3:0", "3:1", "3:2", "3:3", "3:4"}
    assert "3:0" in tally.faults.values()
    assert tally.values == tally.refused == 0


def test_a_bomb_and_a_hang_are_seen(monkeypatch):
    """Memory beyond the ceiling is refused to the parser, and reading that takes too long is broken off."""
    monkeypatch.setattr(fuzzing, "HANG", 0.05)
    monkeypatch.setattr(fuzzing, "CEILING", 64 << 20)

    def spin(_: bytes) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            pass

    with bounded():
        assert "_HangError" in next(iter(block_of(_parser(spin), seed=1, block=0, count=1).faults))
        assert "MemoryError" in next(iter(block_of(_parser(lambda _: bytes(1 << 30)), 1, 0, 1).faults))


def test_an_input_can_be_made_again():
    """Seed, parser, block and number make the same bytes; another seed makes others."""
    parser = PARSERS["codec.decode_line"]
    rng = fuzzing._chance(parser, 1, 7)
    made = [parser.make(rng) for _ in range(5)]
    assert [input_of(parser, 1, 7, number) for number in range(5)] == made
    assert input_of(parser, 2, 7, 4) != made[4]


def test_damage_is_damage():
    """A document is scanned whole, its damage differs from it as a rule, and damage by the byte needs no document."""
    import random

    rng = random.Random(1)
    document = Document.of('{"a": [1, {"b": "x\\"]"}], "c": null, "d": {}, "e": [] }')
    found = {document.text[place.start : place.end] for place in document.places}
    assert found >= {"1", '"x\\"]"', "null", "{}", "[]", '{"b": "x\\"]"}'}
    assert {document.text[place.outer :][:3] for place in document.places} >= {'"a"', '"b"', '"c"', '"d"', '"e"'}
    for damage in (lambda: damaged_json(document, (), rng), lambda: struck_json(document, rng)):
        assert len({damage() for _ in range(200)}) > 50
    assert damaged_bytes(b"", (b"word",), rng) is not None
