"""What a pure run keeps."""

from hushmap.lab.pure.folder import KeptRun, KeptTruth
from hushmap.model import Amend, Record, Void


def test_a_sealed_record_is_given_with_its_later_voids():
    """As a run folder's readers get it."""
    kept = KeptRun()
    record = Record(id="pure-1", run="pure", experiment="web", target="x", started="", ended="", run_started="")
    kept.journal_append(None, 1)
    kept.journal_void(1, ())
    kept.journal_mark("end")
    kept.seal(record, 1)
    kept.amend(Amend(record="pure-1", voids=(Void(trial=3, reason="network_lost"),)))
    assert [one.voided for one in kept.sealed] == [frozenset({3})]
    assert list(kept.records()) == []
    assert kept.replay().trials == ()


def test_the_truth_is_on_the_run_clock():
    """Events in memory, with the time at which they were written."""
    log = KeptTruth(lambda: 12.5)
    log.write(by="path", kind="sni-reset", mechanism="tls.reset.sni", what="x.example", to="198.51.100.1:443")
    log.close()
    assert [(event.at, event.kind, event.what) for event in log.events] == [(12.5, "sni-reset", "x.example")]
