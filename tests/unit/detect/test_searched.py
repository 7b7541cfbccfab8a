"""The rules of searches on a platform, and what a notice says of its order."""

import msgspec
import pytest

from hushmap.detect import RULES, Searched, judge
from hushmap.detect.searched import SEARCH_RULES
from hushmap.model import (
    Ask,
    Connect,
    Context,
    Extract,
    Fetch,
    Handshake,
    Knowledge,
    Layer,
    Listing,
    Outcome,
    Page,
    Platform,
    Reason,
    Record,
    Role,
    Search,
    Trial,
)

HREF = Extract(kind="css", expression="a", attribute="href")
SEARCH = Search(url="https://p.example/?q={query}", items=HREF, nonsense=("qz",), truisms=("{query}|-{query}",))
PLATFORM = Platform(id="p", name="P", search=SEARCH)


def searched(number, kind, listing, *, t, role=Role.SUBJECT, valid=True):
    """One search of a block."""
    page = Page(status=200, listing=listing)
    steps = (
        Connect(t0=t, t=t, address="192.0.2.1", port=443),
        Handshake(t0=t, t=t, address="192.0.2.1", port=443, valid=valid),
        Fetch(t0=t, t=t + 0.1, url="https://p.example/", page=page),
    )
    return Trial(
        id=int(t) + 1, ask=Ask(layer=Layer.HTTP), steps=steps, role=role, round=number, changed=kind, t0=t, t=t + 0.1
    )


def sealed(*trials, **context):
    """A record of these searches."""
    return Record(
        id="r", run="r", experiment="search", target="kw-a", started="", ended="", run_started="",
        platform=PLATFORM, trials=trials, context=Context(**context),
    )  # fmt: skip


def block(number, t):
    """A block in which the word is met with a notice."""
    return (
        searched(number * 6, None, Listing(notice="n"), t=t),
        searched(number * 6, "nonsense", Listing(), t=t + 10, role=Role.BASELINE),
    )


def verdict(*trials, **context):
    """The verdict on these searches."""
    return judge(sealed(*trials, **context), Knowledge())


def test_two_blocks_lie_ten_minutes_apart():
    """Less is one block; the lab's time runs faster."""
    assert verdict(*block(0, 0.0), *block(1, 620.0)).outcome is Outcome.SUPPRESSED
    assert verdict(*block(0, 0.0), *block(1, 500.0)).reason is Reason.ONE_ATTEMPT
    assert verdict(*block(0, 0.0), *block(1, 500.0), scale=2.0).outcome is Outcome.SUPPRESSED


@pytest.mark.parametrize(
    ("context", "reason"),
    [({"intercepted": True}, Reason.INTERCEPTED), ({"portal": True}, Reason.CAPTIVE_PORTAL)],
)
def test_where_the_network_answers_nothing_is_the_platforms(context, reason):
    """A portal, and unrelated names that are intercepted."""
    found = verdict(*block(0, 0.0), *block(1, 620.0), **context)
    assert (found.outcome, found.reason) == (Outcome.INSUFFICIENT, reason)


def test_without_searches_there_is_no_verdict():
    """The network was lost, or what was agreed to was used up."""
    assert verdict().reason is Reason.NETWORK_LOST
    assert verdict(budget_spent=True).reason is Reason.BUDGET


def test_a_page_without_a_proven_connection_is_not_read():
    """Whoever answers without the platform's certificate is not the platform."""
    assert verdict(searched(0, None, Listing(notice="n"), t=0.0, valid=False)).reason is Reason.UNREAD


def test_a_record_without_its_platform_says_no_name():
    """It can come from elsewhere; what was seen is judged all the same."""
    record = msgspec.structs.replace(sealed(*block(0, 0.0), *block(1, 620.0)), platform=None)
    found = judge(record, Knowledge())
    assert (found.outcome, found.facts) == (Outcome.SUPPRESSED, {"notice": "n"})
    clean = searched(0, None, Listing(found=1), t=0.0), searched(0, "nonsense", Listing(), t=1.0, role=Role.BASELINE)
    found = judge(msgspec.structs.replace(sealed(*clean), platform=None), Knowledge())
    assert (found.reason, found.facts) == (Reason.CANARY_FAILED, {})


def test_every_rule_is_known():
    """The reference lists them; the last matches everything."""
    assert {rule.id for rule in SEARCH_RULES} <= {rule.id for rule in RULES}
    assert SEARCH_RULES[-1].applies(Searched(sealed(), Knowledge())) is not None


def test_a_wall_before_a_canary_is_none_before_the_word():
    """The word was read; only whether filtering shows is not known."""
    clean = [
        searched(0, None, Listing(found=1), t=0.0),
        searched(0, "truism", Listing(found=3), t=1.0),
        searched(0, "control", Listing(found=3), t=2.0, role=Role.BASELINE),
        searched(0, "nonsense", Listing(), t=3.0, role=Role.BASELINE),
    ]
    canary = searched(24, None, Listing(), t=9.0, role=Role.CANARY)
    page = Page(status=200, signs=("login",))
    walled = msgspec.structs.replace(
        canary, steps=(*canary.steps[:2], msgspec.structs.replace(canary.steps[2], page=page))
    )
    assert verdict(*clean, walled).reason is Reason.CANARY_FAILED


def test_blocks_that_found_nothing_amiss_are_counted_beside_those_that_did():
    """Three blocks of which two agree are told as two of three."""
    clean = (
        searched(0, None, Listing(found=1), t=0.0),
        searched(0, "truism", Listing(found=3), t=1.0),
        searched(0, "control", Listing(found=3), t=2.0, role=Role.BASELINE),
        searched(0, "nonsense", Listing(), t=3.0, role=Role.BASELINE),
    )
    found = verdict(*clean, *block(1, 620.0), *block(2, 1240.0))
    assert (found.outcome, found.counts.subject) == (Outcome.SUPPRESSED, (2, 3))
