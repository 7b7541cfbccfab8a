"""Net for posts: what goes out is the post, what comes back names none."""

import asyncio

import pytest

from hushmap.model import Ask, Fetch, Layer, Side
from hushmap.net import Clock, Discreet, Net, Outcome
from hushmap.net.discreet import UNKNOWN

HASH = "post-" + "0a" * 16
URL = "https://driftwood.example/post/{}"


@pytest.fixture
def asked(monkeypatch):
    """What `Net` was asked, with how; it says that it fetched."""
    seen = []

    async def ask(self, ask, side=Side.HERE, *, keep_body=None):
        seen.append((ask, side, keep_body))
        return Outcome(steps=(Fetch(t0=0.0, t=1.0, url=ask.url or ""),), detail=f"about {ask.url}")

    monkeypatch.setattr(Net, "ask", ask)
    return seen


def go(ask, **known):
    """What comes of an ask."""
    net = Discreet(Clock(), posts=known.get("posts", {HASH: "p0001"}))
    try:
        return asyncio.run(net.ask(ask, keep_body=True))
    finally:
        net.close()
        assert net._posts == {}


def test_a_hash_goes_out_as_the_post_and_comes_back_as_the_hash(asked):
    """No body is kept, and no detail, which may quote a page."""
    ask = Ask(layer=Layer.HTTP, url=URL.format(HASH))
    outcome = go(ask)
    ((sent, side, keep),) = asked
    assert (sent.url, side, keep) == (URL.format("p0001"), Side.HERE, False)
    assert [step.url for step in outcome.steps] == [URL.format(HASH)]
    assert "p0001" not in repr(outcome)


def test_what_names_no_post_goes_out_as_it_is(asked):
    """Lookups, other pages, and what only looks like a hash."""
    for ask in (Ask(layer=Layer.DNS, name="a.example"), Ask(layer=Layer.HTTP, url=URL.format(HASH + "0"))):
        go(ask)
    assert [(sent.url, keep) for sent, _, keep in asked] == [(None, True), (URL.format(HASH + "0"), True)]


def test_a_post_that_nothing_here_stands_for_is_not_asked_for(asked):
    """Of a run that another process began."""
    outcome = go(Ask(layer=Layer.HTTP, url=URL.format(HASH)), posts={})
    assert (outcome.undone, outcome.steps, asked) == (UNKNOWN, (), [])
