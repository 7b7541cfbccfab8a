"""The manifest is read back as it was written, and refused in one line otherwise."""

import msgspec
import pytest

from hushmap.model import Software, Vantage
from hushmap.runs.manifest import PartRef, Repeats, decode_manifest, encode_manifest


def test_a_manifest_is_read_back(some):
    """Every field comes back; the file begins with its schema number and ends with a newline."""
    manifest = some.manifest(
        deck_sha256="ab",
        parts=(PartRef(experiment="web", list="s.csv", sha256="cd"),),
        seed=7,
        off={"LGBT": 4, "none": 2},
        baselines=("www.example.com", "example.net"),
        baseline_word="天气",
        resolvers=("system", "udp://192.0.2.53:53"),
        comparison_resolvers=("udp://198.51.100.53:53",),
        software=Software(version="0.1.0"),
        vantage=Vantage(country="XA", asn=64501, known={"country": "declared"}),
        consent="1.en abc",
        knowledge="ef",
        alpha=0.05,
        scale=5.0,
        limits={"connect": 8.0},
        helper="192.0.2.1:4433",
        label="spring",
        options={"max_data": 250_000_000, "depth": None, "deep": True, "x": "y", "f": 0.5},
    )
    data = encode_manifest(manifest)
    assert decode_manifest(data) == manifest
    assert data.startswith(b'{\n "v": 1,')
    assert data.endswith(b"}\n")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda _: b"", "truncated"),
        (lambda _: b"{}", "missing required field `run`"),
        (lambda data: data[:-5], "truncated"),
        (lambda data: data.replace(b'"deck": "mine"', b'"deck": 1'), r"\$\.deck"),
        (lambda data: data.replace(b'"v": 1', b'"v": 2'), "schema number 2 is not one that"),
        (lambda data: data.replace(b'"v": 1', b'"v": 0'), "schema number 0"),
        (
            lambda data: data.replace(b'"v": 1', b'"v": 1' + b"0" * 400),
            r"schema number 100000000000\.\.\. is not one",
        ),
        (lambda data: data.replace(b"mine", b"\xff"), "utf-8"),
        (
            lambda data: data.replace(b'"targets":', b'"targets": [{"place": "' + b"9" * 900 + b'"}], "targets":'),
            r"^Invalid enum value '9{100,180}$",
        ),
        (lambda data: data.replace(b'"mine"', b"[" * 100_000), "nested too deeply|Expected"),
        (lambda data: data.replace(b'"v"', b'"z": ' + b"[" * 100_000 + b', "v"'), "nested too deeply"),
    ],
)
def test_anything_else_is_refused(some, damage, message):
    """Damage, a missing field and a schema of the future are ValueErrors that name the field."""
    with pytest.raises(ValueError, match=message):
        decode_manifest(damage(encode_manifest(some.manifest())))


def test_a_cycle_and_a_repeated_run_say_so_and_others_say_nothing():
    """What ties a run to others is in its manifest; one from before there were series reads as standing alone."""
    alone = b'{"v":1,"run":"r","started":"2026-11-21T22:33:00Z","deck":"d","targets":[]}'
    old = decode_manifest(alone)
    assert (old.series, old.cycle, old.repeats) == ("", 0, None)
    assert not {b"series", b"cycle", b"repeats"} & {*encode_manifest(old).split(b'"')}
    tied = msgspec.structs.replace(old, series="series-x", cycle=3, repeats=Repeats(run="q", which="blocked"))
    assert decode_manifest(encode_manifest(tied)) == tied
