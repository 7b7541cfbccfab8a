"""Every parser meets thousands of damaged documents; `make fuzz` gives each a million.

Heavy: the whole file takes minutes. Its own checks, that a fault is seen and can be made again, are light.
"""

import importlib.util
import time
import tomllib
import zlib

import pytest
import zstandard

import fuzzing
from fuzzing import block_of, bounded, fuzz, input_of
from hostile import Document, damaged_bytes, damaged_json, struck_json
from house import ROOT
from hushmap import codec
from hushmap.runs.journal import replay
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


def _bomb(pack) -> bytes:
    """A gigabyte of one line, packed."""
    piece = b"0" * (1 << 20)
    return b"".join([*(pack.compress(piece) for _ in range(1024)), pack.flush()])


@pytest.mark.heavy
@pytest.mark.parametrize("kind", ["plain", "gz", "zst", "journal"])
def test_a_line_longer_than_any_is_told_and_not_held(kind, tmp_path, monkeypatch):
    """A line of 100 MB, and a gigabyte unpacked from a file, are set aside in memory that does not grow with them."""
    monkeypatch.setattr(fuzzing, "CEILING", 512 << 20)
    path = tmp_path / "x"
    if kind == "gz":
        path.write_bytes(_bomb(zlib.compressobj(1, wbits=31)))
    elif kind == "zst":
        path.write_bytes(_bomb(zstandard.ZstdCompressor().compressobj()))
    else:
        with path.open("wb") as file:
            file.writelines([b'{"v":1,"id":"', *[b"A" * (1 << 20)] * 100, b'"}\n', b'{"v":1}\n'])
    with bounded():
        if kind == "journal":
            errors = [reject.error for reject in replay(path).rejects]
        else:
            with path.open("rb") as file:
                found = list(codec.documents(file, "x"))
            errors = [one.error for one in found if not isinstance(one, codec.Document)]
    assert len(errors) == 1 + (kind == "journal")
    assert all(error.isprintable() and len(error) < 100 for error in errors)


def _script():
    """tests/bench/fuzz.py, which is no package."""
    spec = importlib.util.spec_from_file_location("bench_fuzz", ROOT / "tests" / "bench" / "fuzz.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_came_of_a_parser_is_kept_beside_what_others_have(tmp_path):
    """A row is replaced by the next of its parser, rows are in the order of the parsers, what was found stays."""
    script, path = _script(), tmp_path / "fuzzing.toml"
    path.write_text('[[found]]\nparser = "x"\nwhat = "a \\"b\\""\nnow = "c"\n', "utf-8")
    tally = fuzzing.Tally(inputs=3, values=1, refused=1, slowest=0.25, peak_mb=9.6, faults={"f": "0:1"})
    for name in ("wire.dns", "codec.restore", "wire.dns"):
        script.keep(name, tally, 7, path)
    kept = tomllib.loads(path.read_text("utf-8"))
    assert kept["found"] == [{"parser": "x", "what": 'a "b"', "now": "c"}]
    assert [row["parser"] for row in kept["rows"]] == ["codec.restore", "wire.dns"]
    assert {key: kept["rows"][1][key] for key in ("inputs", "faults", "slowest_ms", "memory_mb", "seed")} == {
        "inputs": 3, "faults": 1, "slowest_ms": 250, "memory_mb": 10, "seed": 7,
    }  # fmt: skip


def test_the_reference_has_every_parser_without_a_fault():
    """The page of what fuzzing saw last leaves none out, and none of them failed."""
    kept = tomllib.loads((ROOT / "docs" / "reference" / "fuzzing.toml").read_text("utf-8"))
    assert [row["parser"] for row in kept["rows"]] == list(PARSERS)
    assert {row["faults"] for row in kept["rows"]} == {0}
    assert {found["parser"] for found in kept["found"]} <= set(PARSERS)


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
