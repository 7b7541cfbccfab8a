"""What is told while a run goes on."""

from hushmap.model import HelperWatch
from hushmap.runner import Notice
from hushmap.runner.book import Book
from hushmap.runner.sentinel import Round
from hushmap.runner.tally import cut_off
from hushmap.runner.telling import Teller
from unit.runner.fakes import HELPER, FakeFolder, plan_of, sites


class _Clock:
    t = 0.0

    def now(self):
        return self.t

    def iso(self, t=None):
        return ""


def _teller():
    events, plan, clock = [], plan_of(*sites("a.example"), helper=HELPER), _Clock()
    book = Book(plan, clock, FakeFolder(plan.run), cut_off)
    return Teller(events.append, book, clock), events, book


def _round(*, good=True, portal=False, watch=None):
    return Round(number=1, t0=0.0, t=1.0, up=good, portal=portal, watch=watch)


def test_a_lost_network_is_told_once_each_way():
    """Lost, a portal, back: told when it changes, and not again."""
    teller, events, book = _teller()
    for round_ in (_round(), _round(good=False), _round(good=False), _round(), _round(portal=True)):
        book.sentinel.rounds.append(round_)
        teller.network()
    assert [event.code for event in events] == ["network_lost", "network_back", "captive_portal"]


def test_one_lost_watch_is_not_told():
    """A helper is told silent after two watches, and back after one."""
    teller, events, _ = _teller()
    words = [True, False, True, False, False, False, None, True, True]
    for word in words:
        teller.helper(_round(watch=None if word is None else HelperWatch(t=0.0, reached=word)))
    assert [event.code for event in events] == ["helper_silent", "helper_back"]


def test_there_is_no_progress_before_the_start():
    """Nothing is counted until the network was found in order; the end is told whatever happened."""
    teller, events, _ = _teller()
    teller.progress(0)
    assert events == []
    ended = teller.ended(4, "network_down")
    assert (ended.targets, ended.sealed, ended.voids) == (1, 0, 0)
    teller.notice("x", "y")
    assert isinstance(events[-1], Notice)
