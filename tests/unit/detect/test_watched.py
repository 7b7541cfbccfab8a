"""What visits to a post show: which look counts, and what a rule needs beside it (the rest: experiments/test_watch)."""

import msgspec
import pytest

from hushmap.detect import Look, Shown, Watched, judge, looks, shown
from hushmap.detect.watched import LOOK_TRIES
from hushmap.model import (
    Ask,
    Connect,
    Context,
    Failure,
    Fetch,
    Handshake,
    Knowledge,
    Layer,
    Outcome,
    Page,
    Platform,
    Post,
    Reason,
    Record,
    Role,
    Side,
    Trial,
)

KNOWN = Knowledge()
POST = Post(platform=Platform(id="p", name="P"), twins=("post-t",))


def load(number, *signs, status=200, valid=True, failure=None, post="post-a", t0=0.0, side=Side.HERE, round_=0):
    """One page load."""
    ask = Ask(layer=Layer.HTTP, url=f"https://p.example/{post}", address="198.51.100.7")
    page = None if failure else Page(status=status, signs=signs)
    steps = (
        Connect(t0=t0, t=t0, address="198.51.100.7", port=443),
        Handshake(t0=t0, t=t0, address="198.51.100.7", port=443, valid=valid),
        Fetch(t0=t0, t=t0 + 1, url=ask.url, page=page, failure=failure),
    )
    role = Role.SUBJECT if post == "post-a" else Role.BASELINE
    return Trial(id=number, ask=ask, role=role, side=side, round=round_, steps=steps, t0=t0, t=t0 + 1)


def record(*trials, post=POST, **context):
    """A visit to a post."""
    return Record(
        id="r-1", run="r", experiment="watch", target="post-a", started="", ended="", run_started="", post=post,
        context=Context(**context), trials=trials,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("signs", "status", "told"),
    [
        (("visible",), 200, Shown.VISIBLE),
        (("removed",), 200, Shown.REMOVED),
        (("removed", "visible"), 200, Shown.UNCLEAR),
        (("visible", "login"), 200, Shown.LOGIN),
        (("captcha", "login"), 403, Shown.CAPTCHA),
        ((), 404, Shown.ABSENT),
        ((), 410, Shown.ABSENT),
        ((), 200, Shown.UNCLEAR),
        ((), 302, Shown.UNCLEAR),
        (("removed",), 503, None),
        (("removed",), 429, None),
    ],
)
def test_a_page_is_read_by_its_signs(signs, status, told):
    """Walls come first; a server that does not answer now says nothing, whatever it shows."""
    assert shown(load(1, *signs, status=status)) is told


def test_a_page_over_a_connection_that_is_not_proven_says_nothing():
    """Nor does one that broke off, nor a lookup."""
    assert shown(load(1, "removed", valid=False)) is None
    assert shown(load(1, failure=Failure.RESET)) is None
    assert shown(Trial(id=1, ask=Ask(layer=Layer.DNS, name="p.example"))) is None


def test_a_look_is_its_first_telling_page():
    """Else its last one; what was asked elsewhere, and twins alone, are no look."""
    first, second, third = load(1, failure=Failure.RESET), load(2, "removed", round_=1), load(3, "visible", round_=2)
    twin = load(4, "visible", post="post-t")
    assert looks((third, second, twin, first)) == (Look(trial=second, state=Shown.REMOVED, beside=(Shown.VISIBLE,)),)
    assert looks((first,)) == (Look(trial=first, state=None),)
    assert looks((load(1, "visible", side=Side.HELPER), twin)) == ()


def pair(later=601.0, beside="visible"):
    """Two looks that agree, each beside a twin."""
    return (
        load(1, "removed"),
        load(2, beside, post="post-t"),
        load(3, "removed", t0=later, round_=LOOK_TRIES),
        load(4, beside, post="post-t", t0=later, round_=LOOK_TRIES),
    )


def test_two_looks_count_only_ten_minutes_apart():
    """Divided by a lab's scale."""
    assert judge(record(*pair()), KNOWN).outcome is Outcome.REMOVED
    early = judge(record(*pair(later=600.0)), KNOWN)
    assert (early.outcome, early.reason) == (Outcome.INSUFFICIENT, Reason.ONE_LOOK)
    assert judge(record(*pair(later=61.0), scale=10.0), KNOWN).outcome is Outcome.REMOVED
    assert Watched(record(*pair()), KNOWN).gone is Shown.REMOVED


def test_without_a_record_of_the_platform_its_name_is_left_out():
    """A sentence then has none."""
    assert judge(record(*pair(), post=None), KNOWN).facts == {"looks": "2"}


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ({"portal": True}, Reason.CAPTIVE_PORTAL),
        ({"intercepted": True}, Reason.INTERCEPTED),
    ],
)
def test_what_stands_in_the_way_of_the_network_is_no_platform(context, reason):
    """A portal, or a proxy that shows certificates of its own."""
    assert judge(record(*pair(), **context), KNOWN).reason is reason


def test_nothing_counted_is_nothing_decided():
    """For want of budget, or of a line."""
    assert judge(record(), KNOWN).reason is Reason.NETWORK_LOST
    assert judge(record(budget_spent=True), KNOWN).reason is Reason.BUDGET


def test_a_page_that_was_cut_off_shows_nothing_but_a_post_that_is_there():
    """What contradicts a sign may lie in the rest; a wall is a wall."""

    def cut(*signs, status=200):
        trial = load(1, *signs, status=status)
        page = msgspec.structs.replace(trial.fetch.page, truncated=True)
        steps = (*trial.steps[:2], msgspec.structs.replace(trial.steps[2], page=page))
        return shown(msgspec.structs.replace(trial, steps=steps))

    assert (cut("visible"), cut("login")) == (Shown.VISIBLE, Shown.LOGIN)
    assert {cut("removed"), cut(), cut(status=404), cut("removed", "visible")} == {Shown.UNCLEAR}
