"""What `--verify` says is tested where it is typed (test_publish, test_seal); here is what it refuses at once."""

import pytest

from hushmap.cli.fault import Fault
from hushmap.cli.publish_verify import verify


def test_what_is_neither_a_bundle_nor_a_run_is_refused(tmp_path):
    """One line, whatever it is."""
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(Fault, match="is no bundle"):
        verify(tmp_path / "a.txt", None, as_json=False)
