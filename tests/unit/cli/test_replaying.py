"""A recorded run goes through inquiry, judge, table and page again; nothing is measured."""

import pytest
import zstandard

from hushmap.cli.fault import Fault
from hushmap.cli.knowing import knowledge
from hushmap.cli.replaying import FILES, conditions, replay, replay_recorded, unpacked
from hushmap.runs import RunFolder
from unit.cli.scene import changed


@pytest.fixture
def recording(measured, home):
    """A recording as the package would hold it: packed."""
    folder = home / "recorded"
    folder.mkdir()
    for name in FILES:
        data = (measured / name).read_bytes()
        packed = name != "manifest.json"
        (folder / (f"{name}.zst" if packed else name)).write_bytes(
            zstandard.ZstdCompressor().compress(data) if packed else data
        )
    return folder


def test_a_replay_says_first_and_last_that_nothing_is_measured(recording, home, capsys, stage):
    """Banner, table, counts, page, last line; no packet, and no run among the person's own."""
    sent = len(stage.log)
    assert replay_recorded(home / "out", recording) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("REPLAY of the lab run 20261121T2233Z-0001, recorded on 21 Nov 2026, seed 7.")
    assert lines[-1] == "REPLAY: nothing was measured."
    assert any(line.startswith("2 of 2 inquiries came to the same end") for line in lines)
    assert any("Blocked by name" in line for line in lines)
    page = (home / "out" / "replay" / "report" / "index.html").read_text()
    assert "REPLAY" in page
    assert len(stage.log) == sent
    assert not (home / "out" / "replay" / "manifest.json").exists()


def test_an_inquiry_that_lacks_a_trial_does_not_come_to_the_same_end(measured, tmp_path):
    """Without its last trials an inquiry would ask more: the replay counts it as not the same."""
    folder = RunFolder.open(unpacked(measured, tmp_path))
    whole = replay(folder, knowledge())
    assert whole.same == 2
    cut = [changed(record, trials=record.trials[:2]) for record in folder.records()]
    folder.records = lambda: iter(cut)
    assert replay(folder, knowledge()).same == 0


def test_what_inquiries_knew_comes_from_the_journal(measured):
    """Where the harmless names were found, and the helper's ports."""
    folder = RunFolder.open(measured)
    given = conditions(folder.manifest, folder.replay(), knowledge())
    assert [one.name for one in given.baselines] == list(folder.manifest.baselines)
    assert (given.helper_address, given.echo_tls, given.dark) == ("203.0.113.10", 8443, "udp://203.0.113.10:53")
    alone = conditions(changed(folder.manifest, helper=None), folder.replay(), knowledge())
    assert (alone.helper, alone.echo_http, alone.dark) == (False, None, None)


def test_no_recording_and_a_damaged_one_are_told(recording, home):
    """Without a recording, or with a damaged line in it, there is one line and no replay."""
    with pytest.raises(Fault, match="holds no recorded lab run"):
        replay_recorded(home / "out", home / "nowhere")
    (recording / "records.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(b"{}\n"))
    with pytest.raises(Fault, match="is damaged"):
        replay_recorded(home / "out", recording)


def test_a_recorded_helper_of_oonis_kind_is_one_again(measured):
    """Its URL, and no address."""
    folder = RunFolder.open(measured)
    given = conditions(changed(folder.manifest, helper="https://0.th.ooni.org/"), folder.replay(), knowledge())
    assert (given.helper, given.helper_address, given.helper_url) == (True, None, "https://0.th.ooni.org/")
