"""Properties of reading OONI's measurements: any damage is told, nothing that is not read matters, no id is twice."""

import base64
import json
import os
import random
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import seeds
from faults import value_or_fault
from house import ROOT
from hushmap.codec import decode_line, encode_record, read_ooni
from hushmap.model import Record
from hushmap.wire import html

MADE = {"0.5": seeds.stepwise(), "0.4": seeds.classic(), "0.0.1": seeds.ancient()}
WRONG = (None, True, 7, -1, 2**70, 1.5, 1e300, "", "x", "\x00", [], [[]], [7], ["x"], {}, {"x": {}}, [None])
"""A value of every type and many shapes."""


def line(value):
    """A measurement as one line."""
    return json.dumps(value).encode()


def places(value, path=()):
    """Every place of a tree."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def put(value, path, new):
    """A tree with one place replaced, the rest shared; `...` takes it out."""
    key, *rest = path
    value = value.copy()
    if rest:
        value[key] = put(value[key], rest, new)
    elif new is ...:
        del value[key]
    else:
        value[key] = new
    return value


def sound(found):
    """What every record must be."""
    assert isinstance(found, Record)
    assert decode_line(encode_record(found)) == found
    ids = [trial.id for trial in found.trials]
    assert len(set(ids)) == len(ids)
    assert all(trial.steps or trial.undone for trial in found.trials)


@pytest.mark.parametrize("version", MADE)
def test_the_wrong_type_at_every_place(version):
    """A record, or one line that names a place; never another exception, never half a record."""
    rng = random.Random(7)
    read = told = 0
    for path in places(MADE[version]):
        for new in (*rng.sample(WRONG, 5), ...):
            found = value_or_fault(read_ooni, line(put(MADE[version], path, new)))
            if isinstance(found, ValueError):
                told += 1
                assert re.search(r"`\$|missing required field|input", str(found)), (path, new, found)
            else:
                read += 1
                sound(found)
    assert min(read, told) > 100


def test_a_wrong_type_is_told_with_its_own_path():
    """The path of the error is that of the damage, or of what it stands in."""
    rng = random.Random(8)
    for path in places(MADE["0.5"]):
        new = rng.choice(WRONG)
        found = value_or_fault(read_ooni, line(put(MADE["0.5"], path, new)))
        if isinstance(found, ValueError):
            told = re.search(r"`\$\.?(.*)`$", str(found))
            assert told, found
            steps = re.findall(r"[A-Za-z_0-9]+", told[1])
            damaged = re.findall(r"[A-Za-z_0-9]+", ".".join(map(str, path)))
            assert steps[:2] == damaged[: len(steps)][:2], (path, new, str(found))


@pytest.mark.parametrize("version", MADE)
def test_a_line_cut_anywhere_is_no_record(version):
    """Half a line is never half a record."""
    data = line(MADE[version])
    for end in range(len(data)):
        assert isinstance(value_or_fault(read_ooni, data[:end]), ValueError)


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(MADE)))
@settings(max_examples=40)
def test_neither_order_nor_unknown_keys_matter(rng, version):
    """A measurement says the same whatever the order of its keys, and whatever else stands beside them."""

    def shuffled(value):
        if isinstance(value, list):
            return [shuffled(item) for item in value]
        if not isinstance(value, dict) or {"Server", "engine_name"}.intersection(value):
            return value  # the order of headers is a fact, and annotations are all text
        items = [(key, shuffled(item)) for key, item in value.items()]
        if not re.fullmatch(r"[\[\d]?[\d.:\]a-f]*", next(iter(value), "x")):  # a table of addresses
            items.append((f"x_{rng.random()}", rng.choice(WRONG)))
            rng.shuffle(items)
        return dict(items)

    def bare(value):
        record = read_ooni(line(value))
        return msgspec.structs.replace(record, source=None, id="", annotations={})

    assert bare(shuffled(MADE[version])) == bare(MADE[version])


@pytest.mark.parametrize("version", MADE)
def test_databases_write_flags_as_numbers(version):
    """0 for false and 1 for true, anywhere."""

    def numbered(value):
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, dict):
            return {key: numbered(item) for key, item in value.items()}
        return list(map(numbered, value)) if isinstance(value, list) else value

    one, other = (read_ooni(line(value)) for value in (MADE[version], numbered(MADE[version])))
    assert one.trials == other.trials
    assert one.source.claim == other.source.claim


@pytest.mark.parametrize(
    "damage",
    [
        b"\\ud800",
        b"\\udfff\\ud800",
        b"\xff",
        b"\xed\xa0\x80",
        b"\x00",
        b"\\u0000",
        "\u2028".encode(),
        b"\\",
    ],
)
def test_text_that_is_none(damage):
    """Wherever it stands, the record can be written, or the line is refused."""
    for path in places(MADE["0.5"]):
        data = line(put(MADE["0.5"], path, "@@@")).replace(b"@@@", damage)
        found = value_or_fault(read_ooni, data)
        if isinstance(found, Record):
            sound(found)


SOUP = st.lists(
    st.sampled_from(
        "<title <TITLE <Title <t\u0131tle <titles <title1 > < &amp; &# </title> x é 警 \n \x00 \ufffd <b \u212a".split(
            " "
        )
    ),
    max_size=30,
).map("".join)


def slow_title(text):
    """The title as it was first found: in a lower-cased copy of the whole text."""
    lower = text.translate({upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)})
    at = 0
    while (at := lower.find("<title", at)) >= 0:
        at += len("<title")
        if lower[at : at + 1].isalnum():
            continue
        start = lower.find(">", at)
        if start < 0:
            return None
        end = lower.find("<", start)
        return html.title_text(text[start + 1 : end if end >= 0 else None])
    return None


@given(SOUP | st.text(max_size=60))
@settings(max_examples=400)
def test_the_quick_title_is_the_slow_one(text):
    """No copy of the page is made, and the same title is found."""
    assert html.title_of(text) == slow_title(text)
    assert html.title_of(text + "<title>") == slow_title(text + "<title>")


def field_files():
    """The folder of real measurements, or a reason why there is none."""
    named = os.environ.get("HUSHMAP_FIELD_DATA")
    folder = (Path(named) if named else ROOT.parent / "shared" / "data") / "ooni"
    files = sorted(folder.glob("*/*.json"))
    if not files:
        pytest.skip("no field data here: HUSHMAP_FIELD_DATA names none, and there is none beside the checkout")
    return files


def test_every_real_measurement_is_read():
    """Each of them is a sound record; web_connectivity has trials of both sides, and nothing that it holds is lost."""
    counted = 0
    for path in field_files():
        data = path.read_bytes()
        found = read_ooni(data, file=path.name)
        sound(found)
        value = json.loads(data)
        assert found.target == (value.get("input") or "")
        if found.experiment != "web_connectivity":
            assert found.trials == ()
            continue
        counted += 1
        keys = value["test_keys"]
        steps = [(trial.side, type(step).__name__) for trial in found.trials for step in trial.steps]
        assert steps.count(("here", "Resolve")) == len(keys["queries"] or ())
        assert steps.count(("here", "Connect")) == len(keys["tcp_connect"] or ())
        alone = sum(1 for trial in found.trials if trial.side == "here" and trial.handshake and not trial.connect)
        assert steps.count(("here", "Handshake")) - alone == len(keys.get("tls_handshakes") or ())
        assert steps.count(("here", "Fetch")) + alone == len(keys["requests"] or ())
        assert (found.source.claim.blocking, found.source.claim.accessible) == (keys["blocking"], keys["accessible"])
        assert any(trial.side == "helper" for trial in found.trials)
        pages = [trial.fetch.page for trial in found.trials if trial.side == "here" and trial.fetch]
        bodies = [((one["response"] or {}).get("body") or "") for one in keys["requests"] or ()]
        assert sorted(len(page.body or "") for page in pages if page) == sorted(
            len(body if isinstance(body, str) else html.decode(base64.b64decode(body["data"])))
            for body, one in zip(bodies, keys["requests"], strict=True)
            if (one["response"] or {}).get("code")
        )
    assert counted >= 15


def test_real_failures_have_rows():
    """No failure of a probe's own steps in the field data is unknown."""
    unknown = {
        step.detail
        for path in field_files()
        for trial in read_ooni(path.read_bytes()).trials
        if trial.side == "here"
        for step in trial.steps
        if step.failure == "unknown_failure"
    }
    assert unknown == set()
