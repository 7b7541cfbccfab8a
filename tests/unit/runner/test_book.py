"""What follows from one trial."""

import msgspec

from hushmap.model import (
    Ask,
    Attempt,
    Connect,
    Failure,
    Layer,
    Page,
    Place,
    Side,
    Target,
    Void,
    trial_of,
)
from hushmap.runner.book import LOST, Book, Outage
from hushmap.runner.tally import cut_off
from unit.runner.fakes import HELPER, FakeFolder, World, carry, plan_of, sites

NAMES = ("a.example", "b.example")


class _Still:
    def now(self):
        return 0.0

    def iso(self, t=None):
        return "2026-11-21T22:33:00Z"


def _book(plan, folder):
    return Book(plan, _Still(), folder, cut_off)


def _trial(t0, t, *, side=Side.HERE, identity=10_900):
    ask = Ask(layer=Layer.TCP, address="192.0.2.1", port=443)
    steps = (Connect(t0=t0, t=t, address="192.0.2.1", port=443, failure=Failure.TIMEOUT),)
    return trial_of(Attempt(id=identity, ask=ask, side=side), steps, t0=t0, t=t)


def test_an_outage_holds_what_was_under_way():
    """From the last good look to the next, and only what was asked from here."""
    outage = Outage(10.0, 20.0, LOST)
    spans = [(1.0, 9.0), (9.0, 11.0), (12.0, 13.0), (19.0, 25.0), (21.0, 22.0)]
    assert [outage.holds(_trial(*span)) for span in spans] == [False, True, True, True, False]
    assert not outage.holds(_trial(12.0, 13.0, side=Side.HELPER))


def test_one_path_for_live_and_replayed_trials():
    """A book that is told a finished run's trials knows of its noise, spending and inquiries what the run knew."""
    world = World()
    world.cut_names.add("b.example")
    plan = plan_of(*sites(*NAMES), helper=HELPER)
    done = carry(plan, world)
    book = _book(plan, FakeFolder(plan.run))
    for _, trial in done.folder.trials:
        book.take(trial)
    assert book.allowance.trials == done.ended.trials
    assert book.allowance.bytes == done.ended.bytes
    assert book.tally.baselines[1] >= 5
    assert book.f0 == 0.05
    assert not book.lost
    assert book.desk is not None
    assert {trial.id for trial in book.desk.open(1).trials} == {t.id for i, t in done.folder.trials if i == 1}


def test_trials_told_before_the_network_was_found_wait():
    """A damaged journal may tell a target's trial before any good look: it is told to its inquiry later."""
    plan = plan_of(*sites(*NAMES))
    trials = carry(plan, World()).folder.trials
    book = _book(plan, FakeFolder(plan.run))
    targets = [trial for index, trial in trials if index >= 0]
    for trial in targets:
        assert book.take(trial).voids == {}
    assert book.desk is None
    for index, trial in trials:
        if index < 0:
            book.take(trial)
    assert sum(len(book.desk.open(index).trials) for index in range(2)) == len(targets)


def test_what_ends_while_the_network_is_lost_is_void_at_once():
    """No inquiry learns from a failure of a network that is known to be lost."""
    world = World()
    world.cut_names.add("b.example")
    world.outages.append((30.0, 3000.0))
    plan = plan_of(*sites(*NAMES), helper=HELPER)
    done = carry(plan, world)
    book = _book(plan, FakeFolder(plan.run))
    for _, trial in done.folder.trials:
        book.take(trial)
    assert book.lost
    assert book.confirmed == -1.0
    late = msgspec.structs.replace(_trial(700.0, 710.0), id=20_900)
    news = book.take(late).voids
    assert [void.reason for void in news[1]] == [LOST]


def test_the_context_is_of_the_records_own_time():
    """Only watches near a record's trials are in its context; interception counts where it was seen."""
    world = World()
    plan = plan_of(*sites(*NAMES), helper=HELPER)
    done = carry(plan, world)
    record = done.folder.record(0)
    assert len(record.context.helper_watch) >= 1
    assert record.context.sentinels[0] >= 1
    assert not record.context.intercepted


def test_a_replayed_journal_takes_nothing_back_from_sealed_records():
    """What they needed was amended by the process that saw it; what is learned now is news all the same."""
    plan = plan_of(*sites(*NAMES))
    book = _book(plan, FakeFolder(plan.run))
    for _, trial in carry(plan, World()).folder.trials:
        book.take(trial)
    trial = book.desk.trials(0)[0]
    book.desk.sealed.add(0)
    void = Void(trial=trial.id, reason="residual")
    book.replaying = True
    assert book._void([void]) == {}
    book.replaying = False
    assert book._void([void]) == {0: (void,)}


def test_a_warning_in_answer_to_a_word_ends_the_run_once():
    """No further word is sent; who resumes has read why, and the run then goes to its end. Sites are not meant."""
    words = [
        Target(experiment="keyword", text=text, place=Place.HTTP_PATH, category="NEWS") for text in ("kwa", "kwb")
    ]
    plan, world = plan_of(*words, *sites("a.example"), helper=HELPER), World()
    world.cut_words, world.page = {"kwa", "kwb"}, Page(status=403, title="Please solve this captcha")
    stopped = carry(plan, world)
    assert (stopped.ended.code, stopped.ended.reason) == (5, "captcha")
    asked = len(stopped.folder.trials)
    again = carry(plan, world, folder=stopped.folder, start=500.0)
    assert again.ended.reason == "done"
    assert len(again.folder.trials) > asked
