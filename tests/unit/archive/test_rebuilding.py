"""Records from tables: every column that tells something is told again, and nothing else is made up."""

from dataclasses import dataclass

import msgspec
import pyarrow as pa

from hushmap.archive import Tables, arrow, connect, records_of
from hushmap.codec import read_ooni
from hushmap.detect import say
from hushmap.judge import Judged, judge_one
from hushmap.model import Exchange, Failure, Hop, Outcome, Role, Side, Trial, Void
from unit.archive.kept import KNOWLEDGE, line
from unit.report.sample import entries, greeted, lookup, opened
from unit.report.sample import trial as attempt


@dataclass
class Held:
    """Tables that this process holds."""

    tables: dict[str, pa.RecordBatch]

    def files(self, table):
        """None."""
        return ()

    def held(self, table):
        """The rows."""
        return pa.Table.from_batches([self.tables[table]])


def again(*found):
    """What the tables of some measurements tell of them."""
    with Tables(connect(), [Held(arrow(found))]) as tables:
        return {
            record.id: (record, verdict) for record, verdict in records_of(tables, [one.record.id for one in found])
        }


def judged(record, verdict):
    """A measurement as an archive takes it."""
    return Judged(record=record, verdict=verdict, source="x:1")


def test_attempts_come_back_in_their_order():
    """Side, role, times, failures and addresses of each step, as they were."""
    sample = [judged(one.record, one.verdict) for one in entries()]
    told = again(*sample)
    assert len(told) == len(sample)
    for one in sample:
        record, verdict = told[one.record.id]
        assert [trial.id for trial in record.trials] == sorted(trial.id for trial in one.record.trials)
        by_id = {trial.id: trial for trial in one.record.trials}
        for trial in record.trials:
            was = by_id[trial.id]
            assert (trial.side, trial.role, trial.pair, trial.changed) == (was.side, was.role, was.pair, was.changed)
            assert [type(step) for step in trial.steps] == [type(step) for step in was.steps]
            assert [(s.t0, s.t, s.failure) for s in trial.steps] == [(s.t0, s.t, s.failure) for s in was.steps]
            assert [s.addresses for s in trial.resolves] == [s.addresses for s in was.resolves]
        assert (verdict.outcome, verdict.mechanisms, verdict.counts) == (
            one.verdict.outcome,
            one.verdict.mechanisms,
            one.verdict.counts,
        )


def test_the_label_is_the_same():
    """What lists say of it does not depend on what an archive leaves out."""
    sample = [judged(one.record, one.verdict) for one in entries() if one.record.experiment != "screen"]
    told = again(*sample)
    for one in sample:
        record, verdict = told[one.record.id]
        assert say(verdict, record).label == say(one.verdict, one.record).label


def test_a_measurement_of_ooni_comes_back():
    """With its page's status, and addresses of both families."""
    found = judge_one(read_ooni(line()), KNOWLEDGE, source="x:1")
    record, verdict = again(found)[found.record.id]
    assert record.trials[-1].fetch.page.status == found.record.trials[-1].fetch.page.status
    assert verdict.outcome is found.verdict.outcome


def test_what_was_not_carried_out_or_found_void_is_no_evidence():
    """Such attempts are there, and counted by nobody."""
    first = entries()[0]
    undone = Trial(id=77, ask=first.record.trials[0].ask, undone="budget")
    void = Void(trial=first.record.trials[0].id, reason="network_lost")
    context = msgspec.structs.replace(first.record.context, voids=(*first.record.context.voids, void))
    more = msgspec.structs.replace(first.record, trials=(*first.record.trials, undone), context=context)
    record, _ = again(judged(more, first.verdict))[more.id]
    counted = {trial.id for trial in more.counted}
    assert {77, void.trial}.isdisjoint(counted)
    assert {trial.id for trial in record.counted} == counted


def test_bytes_and_hops_keep_their_address():
    """What came back on them is not in the table."""
    first = entries()[0]
    steps = (
        Exchange(t0=1.0, t=1.5, address="192.0.2.7", port=80, received=b"x"),
        Hop(t0=2.0, t=2.5, address="2001:db8::7", port=443, ttl=3, router="192.0.2.1"),
    )
    trials = tuple(
        msgspec.structs.replace(first.record.trials[0], id=number, steps=(step,), role=Role.SUBJECT, side=Side.HERE)
        for number, step in enumerate(steps, 1)
    )
    record, _ = again(judged(msgspec.structs.replace(first.record, trials=trials), first.verdict))[first.record.id]
    (exchange,), (hop,) = (trial.steps for trial in record.trials)
    assert (exchange.address, exchange.received) == ("192.0.2.7", b"")
    assert (hop.address, hop.router) == ("2001:db8::7", None)


def test_what_the_tables_do_not_hold_is_not_there():
    """No record is made up for an id."""
    first = entries()[0]
    with Tables(connect(), [Held(arrow([judged(first.record, first.verdict)]))]) as tables:
        assert [record.id for record, _ in records_of(tables, ["nobody", first.record.id])] == [first.record.id]


def proof(outcome, *mechanisms, trials):
    """Which attempts are taken for those that carry the verdict."""
    first = entries()[0]
    record = msgspec.structs.replace(first.record, trials=tuple(trials))
    verdict = msgspec.structs.replace(first.verdict, outcome=outcome, mechanisms=mechanisms)
    return again(judged(record, verdict))[record.id][1].proof


def test_what_carries_a_verdict_is_seen_at_its_layer():
    """The attempts of pairs where there are any, and no lookup at an address that answered nobody."""
    first = entries()[0]
    told = again(judged(first.record, first.verdict))[first.record.id][1]
    assert told.proof
    assert set(told.proof) <= {trial.id for trial in first.record.counted if trial.role is Role.SUBJECT}
    dark = attempt(1, lookup(1.0, "a.example", failure=Failure.TIMEOUT, resolver="udp://203.0.113.10:53"))
    refused = attempt(2, opened(2.0, failure=Failure.REFUSED))
    reset = attempt(3, opened(3.0), greeted(3.1, "a.example", failure=Failure.RESET), pair=1)
    alone = attempt(4, opened(4.0), greeted(4.1, "a.example", failure=Failure.RESET))
    every = [dark, refused, reset, alone]
    assert proof(Outcome.BLOCKED, "tls.reset.sni", trials=every) == (3,)
    assert proof(Outcome.BLOCKED, "tcp.refused", trials=every) == (2,)
    assert proof(Outcome.UNREACHABLE, trials=every) == (3,)
    assert proof(Outcome.BLOCKED, "dns.timeout", trials=every) == ()
    assert proof(Outcome.OK, trials=every) == ()


def test_a_false_answer_is_one_that_nobody_had_elsewhere():
    """An answer that came elsewhere too shows nothing; silence does where the server answered others."""
    right = attempt(1, lookup(1.0, "a.example", (0.02, ("192.0.2.7",))), side=Side.HELPER)
    same = attempt(2, lookup(2.0, "a.example", (0.02, ("192.0.2.7",))))
    false = attempt(3, lookup(3.0, "a.example", (0.02, ("203.0.113.9",))))
    silent = attempt(4, lookup(4.0, "a.example", failure=Failure.TIMEOUT))
    assert proof(Outcome.BLOCKED, "dns.tamper.other", trials=[right, same, false]) == (3,)
    assert proof(Outcome.BLOCKED, "dns.timeout", trials=[right, silent]) == (4,)
