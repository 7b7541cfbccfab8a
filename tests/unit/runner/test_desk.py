"""Inquiries, voids and sealing."""

import pytest

from hushmap.model import Amend, Ask, Attempt, Calibration, Context, Layer, Place, Target, Void, trial_of
from hushmap.runner import desk as module
from hushmap.runner.desk import Desk
from hushmap.runner.orders import conditions
from unit.runner.fakes import BASELINES, HELPER, FakeFolder, World, plan_of, sites

CONTEXT = Context()


class _Inquiry:
    """An inquiry that asks one thing after another, `wants` of them, and once more when something is void."""

    def __init__(self, target, conditions, first_id, *, wants=1):
        self.target, self.done, self.trials, self.voids = target, False, (), ()
        self._next, self._wants, self._pending = first_id, wants, 0

    def ask(self, f0):
        if self._pending or len(self.trials) - len(self.voids) >= self._wants:
            self.done = not self._pending
            return ()
        self._pending += 1
        self._next += 1
        self.done = False
        return (Attempt(id=self._next - 1, ask=Ask(layer=Layer.DNS, name="a.example", resolver="system")),)

    def tell(self, trial):
        self._pending -= 1
        self.trials += (trial,)

    def void(self, voids):
        self.voids += voids
        self.done = False

    def suspicious(self):
        return bool(self.voids)


class _Clock:
    def now(self):
        return 50.0

    def iso(self, t=None):
        return f"{50.0 if t is None else t:g}"


@pytest.fixture
def opened(monkeypatch):
    """Inquiries that were opened, fakes all."""
    made = {}

    def open_inquiry(target, conditions, first_id):
        made[target.text] = _Inquiry(target, conditions, first_id)
        return made[target.text]

    monkeypatch.setattr(module, "open_inquiry", open_inquiry)
    return made


def _desk(*targets, fired=lambda record: True, **more):
    plan = plan_of(*targets, helper=HELPER, **more)
    found = {name: (World().address(name),) for name in BASELINES}
    folder = FakeFolder(plan.run)
    return Desk(plan, conditions(plan, found), _Clock(), folder, fired), folder


def _answer(desk, attempt, t=1.0, **more):
    desk.tell(attempt.id // 10_000 - 1, trial_of(attempt, t0=t - 0.5, t=t, **more))


def test_few_targets_are_open_at_a_time(opened):
    """New targets are opened while fewer than the window are being asked about."""
    desk, _ = _desk(*sites("a.example", "b.example", "c.example"), window=2)
    first = desk.questions(0.05)
    assert [attempt.id for attempt in first] == [10_000, 20_000]
    assert desk.questions(0.05) == ()
    _answer(desk, first[0])
    assert [attempt.id for attempt in desk.questions(0.05)] == [30_000]
    assert not desk.all_finished
    assert desk.finished == (0,)


def test_a_target_is_ripe_once_the_network_was_seen_good(opened):
    """Sealing waits for a good look that began after the target's last trial."""
    desk, folder = _desk(*sites("a.example"))
    (attempt,) = desk.questions(0.05)
    _answer(desk, attempt, t=10.0)
    desk.questions(0.05)
    assert desk.all_finished
    assert desk.ripe(9.0, 0.05) == ((), ())
    assert desk.ripe(10.0, 0.05) == ((0,), ())
    record = desk.seal(0, CONTEXT)
    assert folder.lines == [record]
    assert (record.id, record.started, record.ended, record.run_started) == (
        f"{desk.plan.run}-0000",
        "9.5",
        "10",
        "0",
    )
    assert desk.sealed == {0}
    assert desk.all_finished


def test_voids_reopen_an_inquiry_and_amend_a_sealed_record(opened):
    """A void found in time is asked again; one found later is an amend; each is news once."""
    desk, folder = _desk(*sites("a.example"))
    (attempt,) = desk.questions(0.05)
    _answer(desk, attempt)
    desk.questions(0.05)
    void = Void(trial=attempt.id, reason="residual")
    assert desk.void([void]) == {0: (void,)}
    assert desk.void([void]) == {}
    assert (
        desk.void([Void(trial=3, reason="x"), Void(trial=990_000, reason="x"), Void(trial=10_009, reason="x")]) == {}
    )
    (again,) = desk.questions(0.05)
    assert desk.repeating == 1
    _answer(desk, again)
    desk.questions(0.05)
    assert desk.ripe(99.0, 0.05)[0] == (0,)
    record = desk.seal(0, CONTEXT)
    assert record.context.voids == (void,)
    late = Void(trial=again.id, reason="residual")
    assert desk.void([void, late]) == {0: (late,)}
    assert folder.lines[-1] == Amend(record=record.id, voids=(late,))
    assert desk.void([late]) == {}
    assert desk.voids == 2


def test_a_noisier_line_may_reopen_what_was_done(monkeypatch):
    """Before sealing, an inquiry is asked again at the false-failure rate as it is known then."""

    class Noisy(_Inquiry):
        def ask(self, f0):
            self._wants = 2 if f0 > 0.1 else 1
            return super().ask(f0)

    monkeypatch.setattr(module, "open_inquiry", Noisy)
    desk, _ = _desk(*sites("a.example"))
    (attempt,) = desk.questions(0.05)
    _answer(desk, attempt)
    desk.questions(0.05)
    ready, more = desk.ripe(99.0, 0.12)
    assert ready == ()
    assert [one.id for one in more] == [10_001]


def test_an_ended_inquiry_is_asked_nothing_more(opened):
    """Its record is sealed with what there is, once nothing of it is under way; why it ended is kept."""
    desk, _ = _desk(*sites("a.example", "b.example"))
    one, _other = desk.questions(0.05)
    desk.end(0, "budget")
    desk.end(0, "software_fault")
    assert desk.ended == {0: "budget"}
    assert desk.ripe(99.0, 0.05) == ((), ())
    _answer(desk, one, undone="budget")
    assert desk.questions(0.05) == ()
    assert desk.ripe(99.0, 0.05)[0] == (0,)
    assert desk.seal(0, CONTEXT).context.budget_spent
    desk.end(1, "excluded", (_other,))
    assert desk.ripe(99.0, 0.05)[0] == (1,)
    empty = desk.seal(1, CONTEXT)
    assert (empty.trials, empty.started) == ((), "50")
    assert not empty.context.budget_spent
    _answer(desk, one)


def test_an_inquiry_that_waits_for_nothing_is_our_fault(monkeypatch):
    """It is ended, rather than waited for without end."""

    class Stuck(_Inquiry):
        def ask(self, f0):
            return ()

    monkeypatch.setattr(module, "open_inquiry", Stuck)
    desk, _ = _desk(*sites("a.example"))
    assert desk.questions(0.05) == ()
    assert desk.ended == {0: "software_fault"}


def test_words_wait_for_the_canaries_of_their_place(opened):
    """A word is ripe when its place's canaries are sealed; other places' and sites do not wait."""
    word = {"experiment": "keyword", "category": "NEWS"}
    desk, _ = _desk(
        Target(text="canary", place=Place.HTTP_PATH, canary=True, **word),
        Target(text="word", place=Place.HTTP_PATH, **word),
        Target(text="word", place=Place.TLS_SNI, **word),
        *sites("a.example"),
    )
    attempts = desk.questions(0.05)
    for attempt in attempts:
        _answer(desk, attempt)
    desk.questions(0.05)
    assert desk.ripe(99.0, 0.05)[0] == (0, 2, 3)
    assert desk.seal(0, CONTEXT).context.canaries == {"http-path": True}
    assert desk.ripe(99.0, 0.05)[0] == (1, 2, 3)
    assert desk.seal(1, CONTEXT).layer == "http-path"


def test_records_of_words_keep_what_was_planted_for_them(opened, monkeypatch):
    """A verdict needs to know what a hit was worth; a site's does not."""
    planted = Calibration(place="http-path", fired=True)
    monkeypatch.setattr(module, "measured", lambda record, knowledge: ("http-path", planted))
    told = {"place": Place.HTTP_PATH}
    desk, _ = _desk(
        Target(experiment="calibrate", text="kw-canary", canary=True, **told),
        *sites("a.example"),
        Target(experiment="screen", text="w#1", words=("kw",), **told),
    )
    desk.questions(0.05)
    desk.seal(0, CONTEXT)
    desk.questions(0.05)
    assert [desk.seal(index, CONTEXT).context.calibrations for index in (1, 2)] == [{}, {"http-path": planted}]


def test_a_calibration_waits_for_its_turn(opened, monkeypatch):
    """Nothing is asked while it stands in line, it is no fault of ours, and later it is asked."""
    told = {"experiment": "calibrate", "place": Place.HTTP_PATH, "canary": True}
    desk, _ = _desk(Target(text="kw-one", **told), Target(text="kw-two", **told))
    monkeypatch.setattr(module, "in_line", lambda inquiry, others: inquiry.target.text == "kw-two")
    (first,) = desk.questions(0.05)
    assert (desk.questions(0.05), desk.ended, desk.all_finished) == ((), {}, False)
    _answer(desk, first)
    monkeypatch.setattr(module, "in_line", lambda inquiry, others: False)
    (second,) = desk.questions(0.05)
    assert second.id // 10_000 - 1 == 1


@pytest.mark.parametrize(
    ("fired", "kept"), [((True, False), 0), ((False, True), 1), ((True, True), 0), ((False, False), 0)]
)
def test_of_two_canaries_in_a_place_the_one_that_fired_counts(opened, monkeypatch, fired, kept):
    """In whatever order they were sealed; of two that fired, or none, the first of the run order."""
    texts = ("kw-one", "kw-two")
    found = [Calibration(place="http-path", fired=one, capacity=number) for number, one in enumerate(fired)]
    for order in ((0, 1), (1, 0)):
        desk, _ = _desk(
            *(Target(experiment="calibrate", text=text, canary=True, place=Place.HTTP_PATH) for text in texts)
        )
        desk.questions(0.05)
        for index in order:
            monkeypatch.setattr(module, "measured", lambda record, _, index=index: ("http-path", found[index]))
            desk.seal(index, CONTEXT)
        assert desk.conditions.calibrations["http-path"].capacity == kept


def test_sealed_records_of_an_earlier_process_are_known(opened):
    """They are not asked again, their voids are no news, and their canary's word stands."""
    target = Target(experiment="sni", text="canary.example", canary=True, category="NEWS")
    desk, _folder = _desk(target, *sites("a.example"))
    for attempt in desk.questions(0.05):
        _answer(desk, attempt)
    desk.questions(0.05)
    first = desk.seal(0, CONTEXT)
    assert first.context.canaries == {"sni": True}
    again, _ = _desk(target, *sites("a.example"))
    again.adopt({0}, [first])
    assert [attempt.id for attempt in again.questions(0.05)] == [20_000]
    again.tell(0, first.trials[0])
    assert again.void([Void(trial=10_000, reason="residual")]) != {}
    for_second = again.open(1)
    assert for_second is again.open(1)
    _answer(again, Attempt(id=20_000, ask=Ask(layer=Layer.DNS, name="a", resolver="system")))
    again.questions(0.05)
    assert again.seal(1, CONTEXT).context.canaries == {"sni": True}
