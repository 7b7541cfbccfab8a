"""The truth log."""

import pytest

from hushmap.lab.truth import TruthLog, read_truth


def test_events_are_read_back_in_order_from_several_writers(tmp_path):
    """Path and resolver write into one file; each line is whole."""
    path = tmp_path / "truth.jsonl"
    one, two = TruthLog(path), TruthLog(path)
    one.write(by="path", kind="sni-reset", mechanism="tls.reset.sni", what="a.example", to="198.51.100.1:443")
    two.write(by="resolver", kind="resolver-nxdomain", mechanism="dns.nxdomain", what="b.example")
    first, second = read_truth(path)
    assert (first.by, first.what, first.to) == ("path", "a.example", "198.51.100.1:443")
    assert (second.by, second.mechanism, second.to) == ("resolver", "dns.nxdomain", "")
    assert first.at <= second.at
    one.close()
    two.close()


def test_no_log_is_no_event(tmp_path):
    """Before anything happened there is nothing."""
    assert read_truth(tmp_path / "none.jsonl") == []


def test_a_broken_line_is_an_error(tmp_path):
    """The log is ours: damage is never passed over."""
    path = tmp_path / "truth.jsonl"
    path.write_bytes(b'{"at": 1.0}\n')
    with pytest.raises(ValueError, match="missing"):
        read_truth(path)
