"""A run can be cut at any byte: what was synced is told, once, and the run goes on."""

import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Amend, Ask, Layer, Record, Target, Trial, Void
from hushmap.runs import Manifest, Reject, RunFolder, record_id
from hushmap.runs.consents import Consent, ConsentRegister
from hushmap.runs.journal import Mark, mark_line, replay, sealed_line, trial_line, void_line
from hushmap.runs.manifest import decode_manifest, encode_manifest
from hushmap.runs.settings import Settings, load_settings, save_settings
from strategies import structs, trials

RUN, STARTED = "20261121T2233Z-3f9c", "2026-11-21T22:33:00Z"
TARGETS = tuple(Target(experiment="web", text=f"https://{name}.example/") for name in "ab")
MANIFEST = Manifest(run=RUN, started=STARTED, deck="mine", targets=TARGETS)


def trial(number):
    """A lookup."""
    return Trial(id=number, ask=Ask(layer=Layer.DNS, name="a.example"), t=number / 1000)


def record(index):
    """The record of one target with its trials."""
    kept = (trial(10_000 * (index + 1)), trial(10_000 * (index + 1) + 1))
    fields = {"started": STARTED, "ended": STARTED, "run_started": STARTED, "trials": kept}
    return Record(id=record_id(RUN, index), run=RUN, experiment="web", target=TARGETS[index].text, **fields)


def acts():
    """What a short run does, in order: (what it is called, how it is done)."""
    for index in (0, 1):
        for kept in record(index).trials:
            yield kept.id, lambda folder, kept=kept, index=index: folder.journal_append(kept, index)
        yield f"seal {index}", lambda folder, index=index: folder.seal(record(index), index)
    void = Amend(record=record_id(RUN, 0), voids=(Void(trial=10_000, reason="residual"),))
    yield "amend", lambda folder: folder.amend(void)


def measure(folder):
    """Go on with a run as a resumed process would: do what its replay does not tell."""
    told = folder.replay()
    done = {kept.id for _, kept in told.trials} | {f"seal {index}" for index in told.sealed}
    for name, act in acts():
        if name not in done:
            act(folder)


def test_a_journal_cut_at_every_byte_goes_on(tmp_path):
    """At each length of the journal: exactly the whole lines are told, and resuming makes the run complete."""
    with RunFolder.create(tmp_path, RUN, MANIFEST) as folder:
        measure(folder)
    journal, records = folder.journal_path.read_bytes(), folder.records_path.read_bytes()
    for length in range(len(journal) + 1):
        folder.journal_path.write_bytes(journal[:length])
        folder.records_path.write_bytes(records)
        whole = journal[:length].count(b"\n")
        told = RunFolder.open(folder.path).replay()
        # Lines 1, 2, 4 and 5 are trials, 3 and 6 seal marks.
        assert [kept.id for _, kept in told.trials] == [10_000, 10_001, 20_000, 20_001][: whole - whole // 3]
        assert told.rejects == ()
        with RunFolder.open(folder.path, resume=True) as again:
            assert again.replay().torn == length - (journal[:length].rfind(b"\n") + 1)
            measure(again)
        told = RunFolder.open(folder.path).replay()
        assert sorted(kept.id for _, kept in told.trials) == [10_000, 10_001, 20_000, 20_001]
        assert (told.rejects, told.torn, told.doubled, told.sealed) == ((), 0, 0, {0, 1})


CHILD = """
import sys
from pathlib import Path
from hushmap.model import Ask, Layer, Trial
from hushmap.runs import RunFolder
with RunFolder.open(Path(sys.argv[1]), resume=True) as folder:
    for number in range(int(sys.argv[2]), 10**9):
        folder.journal_append(Trial(id=number, ask=Ask(layer=Layer.DNS, name="a.example")), 0)
        print(number, flush=True)
"""


def test_a_killed_process_loses_no_synced_trial(tmp_path):
    """After each of several kill -9 every trial whose append returned is told once, and the lock is free."""
    RunFolder.create(tmp_path, RUN, MANIFEST).close()
    path, number = tmp_path / RUN, 1
    for appends in (1, 2, 5, 17, 60):
        command = [sys.executable, "-c", CHILD, str(path), str(number)]
        environment = {"PYTHONPATH": ":".join(sys.path)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
            for _ in range(appends):
                assert child.stdout.readline()
            child.kill()
            said = number + appends + len(child.stdout.read().split("\n")) - 2
        told = RunFolder.open(path).replay()
        numbers = [kept.id for _, kept in told.trials]
        assert numbers == list(range(1, len(numbers) + 1))
        assert said <= len(numbers) <= said + 1
        assert (told.rejects, told.doubled) == ((), 0)
        number = len(numbers) + 1


def test_records_cut_at_every_byte_go_on(tmp_path):
    """At each length of the records: whole records are read, a cut one is sealed again, none is read twice."""
    with RunFolder.create(tmp_path, RUN, MANIFEST) as folder:
        measure(folder)
    journal, records = folder.journal_path.read_bytes(), folder.records_path.read_bytes()
    for length in range(len(records) + 1):
        folder.journal_path.write_bytes(journal)
        folder.records_path.write_bytes(records[:length])
        with RunFolder.open(folder.path, resume=True) as again:
            assert again.replay().sealed == set(range(min(2, records[:length].count(b"\n"))))
            measure(again)
        found = list(RunFolder.open(folder.path).records())
        assert sorted(one.id for one in found) == [record_id(RUN, 0), record_id(RUN, 1)]
        assert {one.id: one.voided for one in found}[record_id(RUN, 0)] == {10_000}


@given(st.integers(0, 10_000), st.integers(0, 60), st.binary(max_size=40))
def test_a_damaged_journal_invents_nothing(tmp_path_factory, at, length, more):
    """Bytes changed anywhere: every trial told is one that was written, the rest is set aside or torn."""
    folder = tmp_path_factory.mktemp("run")
    written = {kept.id: kept for index in (0, 1) for kept in record(index).trials}
    data = b"".join(trial_line(0, kept) for kept in written.values()) + sealed_line(0)
    at %= len(data)
    path = folder / "journal.jsonl"
    path.write_bytes(data[:at] + more + data[at + length :])
    told = replay(path)
    whole = path.read_bytes().split(b"\n")[:-1]
    untouched = {kept.id for kept in written.values() if trial_line(0, kept)[:-1] in whole}
    assert untouched <= {kept.id for _, kept in told.trials}
    assert all("\n" not in reject.error for reject in told.rejects)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_journal(tmp_path_factory, data):
    """Whatever the file holds, it is told or set aside line by line, never an exception."""
    path = tmp_path_factory.mktemp("run") / "journal.jsonl"
    path.write_bytes(data)
    told = replay(path)
    assert len(told.rejects) + len(told.trials) + len(told.marks) + told.doubled <= data.count(b"\n")


@given(st.binary(max_size=200))
def test_any_bytes_are_records(tmp_path_factory, data):
    """Whatever records.jsonl holds, each whole line is a record, an amend or a reject."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "manifest.json").write_bytes(encode_manifest(MANIFEST))
    (folder / "records.jsonl").write_bytes(data)
    found = list(RunFolder.open(folder).records())
    assert len(found) <= data.count(b"\n")
    assert all(isinstance(one, Record | Reject) for one in found)


def writable(kept):
    """Whether JSON can hold the trial: codec refuses the others before they are appended."""
    try:
        trial_line(0, kept)
    except ValueError:
        return False
    return True


@given(
    st.lists(st.tuples(st.integers(-1, 9), trials().filter(writable)), max_size=4, unique_by=lambda one: one[1].id)
)
def test_any_trials_are_told_as_they_were(tmp_path_factory, kept):
    """Whatever a trial holds, hostile text included, it comes back the same, in the same order."""
    path = tmp_path_factory.mktemp("run") / "journal.jsonl"
    path.write_bytes(b"".join(trial_line(index, one) for index, one in kept))
    assert replay(path).trials == tuple(kept)


@given(st.text(max_size=9), st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3))
def test_marks_and_voids_are_told_as_they_were(tmp_path_factory, text, facts):
    """Names, reasons and facts of any text come back."""
    path = tmp_path_factory.mktemp("run") / "journal.jsonl"
    facts = {name: value for name, value in facts.items() if not isinstance(value, int) or abs(value) < 2**63}
    mark, void = Mark(name=text, facts=facts), Void(trial=1, reason=text)
    try:
        path.write_bytes(mark_line(mark) + void_line(0, (void,)))
    except UnicodeEncodeError:
        return
    told = replay(path)
    assert (told.marks, told.voids) == ((mark,), ((0, (void,)),))


@given(structs(Settings))
def test_settings_are_read_back(tmp_path_factory, settings):
    """Any text in a setting survives the TOML file, save a lone surrogate, which no file can hold."""
    path = tmp_path_factory.mktemp("home") / "settings.toml"
    settings = Settings(**{name: getattr(settings, name) for name in Settings.__struct_fields__ if name != "country"})
    if settings.keep_days is not None:  # no other number is taken from a file
        settings = msgspec.structs.replace(settings, keep_days=1 + settings.keep_days % 36_500)
    save_settings(settings, path)
    assert load_settings(path) == settings


@pytest.mark.parametrize("length", range(0, 160, 7))
def test_a_register_cut_anywhere_gives_no_consent_that_was_not_given(tmp_path, length):
    """A consent line cut short never counts; the register goes on."""
    register = ConsentRegister(tmp_path / "consent.jsonl")
    given_one = Consent(text=1, language="en", network="Net-A", risk=("LGBT",), when=STARTED)
    register.give(given_one)
    whole = register.path.read_bytes()
    register.path.write_bytes(whole[:length])
    assert register.valid() == ((given_one,) if length >= len(whole) else ())


@given(st.binary(max_size=80))
def test_any_bytes_are_a_manifest_or_a_value_error(data):
    """A manifest is decoded or refused with ValueError, whatever the bytes."""
    good = encode_manifest(MANIFEST)
    for candidate in (data, good[: len(data)] + data + good[len(data) :]):
        try:
            assert decode_manifest(candidate).run
        except ValueError as error:
            assert str(error)  # noqa: PT017 - either is right
