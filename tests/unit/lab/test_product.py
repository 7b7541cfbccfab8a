"""The product as a person in a lab would start it."""

from pathlib import Path

import pytest

from hushmap.lab.lab import LabError
from hushmap.lab.product import consent, measure, own_settings, run_folders


class Process:
    """Has ended already."""

    def __init__(self, status):
        self.returncode = status

    def communicate(self):
        return None, "no such\n text\n"


class FakeLab:
    """Notes what would be started."""

    folder, helper, seed, roots = Path("lab-folder"), "hushmap://x", 4, "roots.pem"

    def __init__(self, status=0):
        self.started = []
        self.status = status

    def client(self, command, **options):
        self.started.append((command, options))
        return Process(self.status)


def test_settings_lie_in_the_labs_own_folder():
    """The person's own consent and settings are not touched."""
    assert all(Path(folder).is_relative_to("lab-folder") for folder in own_settings(FakeLab()).values())


def test_consent_is_given_by_its_verb_and_a_refusal_is_an_error():
    """The version that was read is named, as a person must; further options reach Popen."""
    lab = FakeLab()
    consent(lab, start_new_session=True)
    ((command, options),) = lab.started
    assert command[3:5] == ["consent", "give"]
    assert options["start_new_session"]
    with pytest.raises(LabError, match="no such"):
        consent(FakeLab(status=3))


def test_a_run_is_typed_as_a_person_would(tmp_path):
    """Helper, seed and roots are the lab's."""
    lab = FakeLab()
    measure(lab, "deck.toml", tmp_path)
    command = lab.started[0][0]
    assert command[3:5] == ["run", "deck.toml"]
    assert command[command.index("--seed") + 1] == "4"
    assert command[command.index("--helper") + 1] == "hushmap://x"


def test_a_run_is_a_folder_with_a_manifest(tmp_path):
    """Others are no runs."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "manifest.json").write_text("{}")
    assert run_folders(tmp_path) == {tmp_path / "b"}
