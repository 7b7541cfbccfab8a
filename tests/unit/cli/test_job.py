"""A run that may start gives back all that it holds."""

import pytest

from hushmap.cli import starting
from hushmap.cli.options import Wishes
from hushmap.runs import RunBusyError, RunFolder, Settings
from unit.cli.scene import HELPER, NETWORK


def test_a_job_holds_its_folder_and_its_question_until_it_is_closed(hushmap, stage, home):
    """While it is open nobody else may ask the same here; closed twice it does nothing the second time."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    told = Wishes(files=("sites.csv",), network="AS64501 Net-A", country="XE", helper=HELPER)
    how = {"ask": None, "interface": None, "allow_vpn": False}
    job = starting.begin(told, Settings(), home / "runs", **how)
    with pytest.raises(RunBusyError, match="measures this already"):
        starting.begin(told, Settings(), home / "runs", **how)
    job.close()
    job.close()
    starting.begin(told, Settings(), home / "runs", **how).close()
    assert len(list((home / "runs").iterdir())) == 2
    assert RunFolder.open(job.folder.path).manifest.series == ""
