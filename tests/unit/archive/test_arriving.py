"""An input on its way into an archive."""

import hashlib
import io
from contextlib import suppress

import msgspec

from hushmap.archive.arriving import Entry, Item, entry_of, hashed
from hushmap.runs import Input, Manifest, RunFolder, RunsError, inputs


def _pipe(data, name="stdin"):
    return Input(name=name, open=lambda: io.BytesIO(data))


def _refused():
    raise RunsError("x", "cannot be read", "see why")


def test_what_can_be_read_twice_is_hashed_first(file):
    """A file of this computer; not a pipe, nor what lies elsewhere, nor what cannot be read."""
    one = next(inputs(file("x.jsonl", b"data")))
    assert hashed(one) == hashlib.sha256(b"data").hexdigest()
    assert hashed(_pipe(b"data")) is None
    assert hashed(msgspec.structs.replace(one, name="s3://bucket/x.jsonl")) is None
    assert hashed(msgspec.structs.replace(one, open=_refused)) is None


def test_what_cannot_is_hashed_as_it_is_read():
    """However it is read, in whichever pieces."""
    item = Item(Entry(input=_pipe(b"data" * 1000), name="x"), None, 0)
    assert item.late
    assert item.part("1", "none").sha256 == hashlib.sha256().hexdigest()
    with item.input.open() as stream:
        while stream.read(7):
            pass
    assert item.sha256 == hashlib.sha256(b"data" * 1000).hexdigest()


def test_the_hash_of_a_file_is_that_of_all_of_it(file):
    """Also where reading ended early, since what follows is damaged; not where it was broken off."""
    data = b"data" * 1000
    item = Item(Entry(input=next(inputs(file("x.jsonl", data))), name="x"), None, 0)
    with item.input.open() as stream:
        stream.read(7)
    assert item.sha256 == hashlib.sha256(data).hexdigest()
    with suppress(KeyboardInterrupt), item.input.open() as stream:
        stream.read(7)
        raise KeyboardInterrupt
    assert item.sha256 == hashlib.sha256(data[:7]).hexdigest()


def test_a_hash_that_is_known_is_not_taken_again():
    """The input is read as it is."""
    entry = Entry(input=_pipe(b"data"), name="x", label="g", deck="d", of=3)
    item = Item(entry, "aa", 0)
    assert (item.input, item.sha256, item.late) == (entry.input, "aa", False)
    origin = item.origin(7)
    assert (origin.name, origin.of, origin.label, origin.deck) == ("x", 7, "g", "d")
    assert item.part("1", "none").sha256 == "aa"


def test_a_run_says_its_label_and_deck(tmp_path):
    """The manifest beside the records; where it is damaged the records are read without."""
    started = "2026-11-22T10:00:00Z"
    manifest = Manifest(run="20261122T1000Z-0001", started=started, deck="sites", label="g", targets=())
    RunFolder.create(tmp_path, manifest.run, manifest).close()
    folder = tmp_path / manifest.run
    (one,) = inputs(folder)
    entry = entry_of(one, "x", 2)
    assert (entry.run, entry.label, entry.deck, entry.of) == (manifest.run, "g", "sites", 2)
    (folder / "manifest.json").write_text("{")
    assert entry_of(one, "x").run is None
    assert entry_of(_pipe(b""), "x").run is None


def test_packed_inputs_weigh_what_they_hold(file):
    """About."""
    packed, plain = file("x.jsonl.gz", b"12345"), file("x.jsonl", b"12345")
    assert entry_of(next(inputs(packed)), "x").weight == 8 * entry_of(next(inputs(plain)), "x").weight == 40
    assert entry_of(_pipe(b"12345"), "x").weight == 0
