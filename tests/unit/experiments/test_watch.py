"""The `watch` experiment: how often a post is looked for, beside what, and when that is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest

from hushmap.detect import misread_post
from hushmap.experiments import open_inquiry
from hushmap.experiments.watch import MAX_LOOKS, Watch, extraction
from hushmap.model import (
    Evidence,
    Failure,
    Layer,
    Outcome,
    Page,
    Platform,
    Post,
    PostPage,
    Reason,
    Role,
    Side,
    Sign,
    Target,
)
from worlds import World, conditions, converse

HOST = "driftwood.example"


def sign(text: str) -> tuple[Sign, ...]:
    """A sign that is a text of the page."""
    return (Sign(kind="text", value=text),)


POSTS = PostPage(
    url=f"https://{HOST}/post/{{id}}",
    visible=sign("article"),
    removed=sign("removed"),
    author_removed=sign("author"),
    account_gone=sign("account"),
    hidden=sign("private"),
    held=sign("held"),
)
PLATFORM = Platform(id="driftwood", name="Driftwood", post=POSTS, captcha=sign("robot"), login=sign("sign in"))
TARGET = Target(
    experiment="watch", text="post-a", category="MISC", post=Post(platform=PLATFORM, twins=("post-t", "post-u"))
)
THERE, ABSENT = ("visible",), ()


@dataclass
class Pages(World):
    """A platform: `says` gives the signs of a post's page by its id and how often it was asked for, or a failure."""

    name: str = HOST
    says: Callable[[str, int], tuple[str, ...] | Failure | int] = lambda post, count: THERE
    asked: list[tuple[str, float]] = field(default_factory=list)

    def steps(self, ask, side):
        """What comes of an ask."""
        assert side is Side.HERE, "nobody else is asked about a post"
        if ask.layer is not Layer.HTTP:
            return super().steps(ask, side)
        post = ask.url.rpartition("/")[2]
        self.asked.append((post, self.now))
        said = self.says(post, sum(each == post for each, _ in self.asked))
        if isinstance(said, tuple):
            status = 200 if {*said} & {"visible", "captcha", "login"} else 404
            said = Page(status=status, signs=said)
        self.server = lambda ask, side: Page(status=said) if isinstance(said, int) else said
        return super().steps(ask, side)


def visit(says=None, target=TARGET, **changes):
    """The verdict of one visit, its record, and what was asked for when."""
    world = Pages() if says is None else Pages(says=says)
    verdict, record = converse(world, target, conditions(**changes))
    return verdict, record, world.asked


def only(post, *states):
    """Says the states of one post one after the other, the last for ever; everything else is there."""

    def says(asked, count):
        return states[min(count, len(states)) - 1] if asked == post else THERE

    return says


def test_a_post_that_is_there_is_asked_for_once():
    """One lookup, one page, nobody else."""
    verdict, record, asked = visit()
    assert (verdict.outcome, verdict.rule, verdict.mechanisms) == (Outcome.VISIBLE, "watch.visible", ())
    assert [post for post, _ in asked] == ["post-a"]
    assert [trial.ask.layer for trial in record.trials] == [Layer.DNS, Layer.HTTP]
    assert (record.target, record.post) == ("post-a", TARGET.post)
    assert verdict.counts.subject == (0, 1)


@pytest.mark.parametrize(
    ("state", "outcome", "mechanism"),
    [
        ("removed", Outcome.REMOVED, "platform.removed"),
        ("author_removed", Outcome.WITHDRAWN, "platform.author_removed"),
        ("account_gone", Outcome.WITHDRAWN, "platform.account_gone"),
        ("hidden", Outcome.SUPPRESSED, "platform.hidden"),
        ("held", Outcome.SUPPRESSED, "platform.held"),
    ],
)
def test_a_post_that_is_gone_is_looked_for_twice_ten_minutes_apart(state, outcome, mechanism):
    """Each time beside posts that should be there; what the platform says of it is the mechanism."""
    verdict, record, asked = visit(only("post-a", (state,)))
    assert (verdict.outcome, verdict.mechanisms, verdict.evidence) == (outcome, (mechanism,), Evidence.CONTROLLED)
    assert verdict.rule == f"watch.{state.replace('_', '-')}"
    first, second = [at for post, at in asked if post == "post-a"]
    assert second - first >= 600
    assert sorted(post for post, _ in asked) == ["post-a", "post-a", "post-t", "post-t", "post-u", "post-u"]
    assert {trial.role for trial in record.trials if "post-t" in (trial.ask.url or "")} == {Role.BASELINE}
    assert (verdict.counts.subject, verdict.counts.baseline) == ((2, 2), (0, 4))
    assert len(verdict.proof) == 2


def test_a_lab_waits_less():
    """By its scale."""
    _, _, asked = visit(only("post-a", ("removed",)), scale=10.0)
    first, second = [at for post, at in asked if post == "post-a"]
    assert 60 <= second - first < 70


def test_what_flickers_is_there():
    """A replica that lags is no removal."""
    verdict, _, asked = visit(only("post-a", ("removed",), THERE))
    assert (verdict.outcome, verdict.counts.subject) == (Outcome.VISIBLE, (1, 2))
    assert sum(post == "post-a" for post, _ in asked) == 2


def test_looks_that_differ_are_followed_by_a_third():
    """The last two decide, if they agree."""
    verdict, _, asked = visit(only("post-a", ABSENT, ("removed",)))
    assert verdict.outcome is Outcome.REMOVED
    assert sum(post == "post-a" for post, _ in asked) == MAX_LOOKS
    verdict, _, asked = visit(only("post-a", ABSENT, ("removed",), ("hidden",)))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.ONE_LOOK)
    assert sum(post == "post-a" for post, _ in asked) == MAX_LOOKS


def test_what_the_platform_does_not_explain_is_not_called_removed():
    """A page that is not there and says nothing."""
    verdict, _, _ = visit(only("post-a", ABSENT))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.UNSAID)


def test_without_another_post_nothing_is_said():
    """It may be the platform that is gone."""
    verdict, _, _ = visit(lambda post, count: ("removed",))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_TWIN)
    alone = msgspec.structs.replace(TARGET, post=Post(platform=PLATFORM))
    verdict, _, _ = visit(only("post-a", ("removed",)), target=alone)
    assert verdict.reason is Reason.NO_TWIN


def test_a_wall_is_no_verdict():
    """A login ends the look; a captcha is waited out, and asked again."""
    verdict, _, asked = visit(only("post-a", ("login",)))
    assert (verdict.reason, len(asked)) == (Reason.LOGIN_WALL, 1)
    verdict, _, asked = visit(only("post-a", ("captcha",), ("captcha", "visible"), THERE))
    assert verdict.outcome is Outcome.VISIBLE
    times = [at for _, at in asked]
    assert times[1] - times[0] >= 90
    assert times[2] - times[1] >= 180
    verdict, _, asked = visit(only("post-a", ("captcha",)))
    assert (verdict.outcome, verdict.reason, len(asked)) == (Outcome.INSUFFICIENT, Reason.CAPTCHA, 6)


def test_failed_steps_are_the_networks_and_are_asked_again():
    """Resets, silent servers and server errors are never the platform's verdict."""
    verdict, _, asked = visit(only("post-a", Failure.RESET, 502, THERE))
    assert (verdict.outcome, len(asked)) == (Outcome.VISIBLE, 3)
    for failure in (Failure.RESET, Failure.TIMEOUT, 502, 429):
        verdict, _, asked = visit(only("post-a", failure))
        assert (verdict.outcome, verdict.reason, len(asked)) == (Outcome.INSUFFICIENT, Reason.UNREAD, 6)


def test_a_page_without_a_sign_is_not_understood():
    """Nor is one with two that contradict each other."""
    for said in (200, 302, 403, ("visible", "removed")):
        verdict, _, _ = visit(only("post-a", said))
        assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_RULE)


def test_a_name_that_is_not_found_leaves_nothing_to_ask():
    """It is looked up again, and then given up."""
    world = Pages(resolves=lambda ask, side: Failure.NXDOMAIN)
    verdict, record = converse(world, TARGET, conditions())
    assert (verdict.outcome, verdict.rule) == (Outcome.INSUFFICIENT, "watch.nothing-counted")
    assert {trial.ask.layer for trial in record.trials} == {Layer.DNS}
    assert len(record.trials) == 6


def test_a_platform_at_an_address_needs_no_lookup():
    """As in a lab."""
    page = msgspec.structs.replace(POSTS, url="https://198.51.100.7/post/{id}")
    post = Post(platform=msgspec.structs.replace(PLATFORM, post=page))
    inquiry = open_inquiry(msgspec.structs.replace(TARGET, post=post), conditions(), 1)
    (attempt,) = inquiry.ask(0.05)
    assert (attempt.ask.layer, attempt.ask.address) == (Layer.HTTP, "198.51.100.7")
    assert not inquiry.suspicious()


def test_looking_again_shows_as_repeating():
    """In the line that people watch."""
    world = Pages(says=only("post-a", ("removed",)))
    inquiry = open_inquiry(TARGET, conditions(), 1)
    assert not inquiry.suspicious()
    converse(world, TARGET, conditions())


def test_of_the_page_only_signs_are_asked():
    """All of the manifest's, by name, and nothing else is kept."""
    asked = extraction(PLATFORM, POSTS)
    assert asked.discreet
    assert [name for name, _ in asked.signs] == [
        "captcha", "login", "visible", "removed", "author_removed", "account_gone", "hidden", "held",
    ]  # fmt: skip


def test_a_check_is_one_look_at_a_post_and_one_at_what_no_post_is():
    """Whatever they show: nobody waits for ten minutes to know whether a manifest reads a page."""
    post = Post(platform=PLATFORM, twins=("post-t",), nonsense="qzxv")
    for state in (THERE, ("removed",)):
        says = {"post-a": state}
        world_says = lambda post, count, says=says: says.get(post, ABSENT)  # noqa: E731
        _, record, asked = visit(world_says, msgspec.structs.replace(TARGET, post=post))
        assert [name for name, _ in asked] == ["post-a", "qzxv"]
        assert [trial.role for trial in record.trials if trial.ask.layer is Layer.HTTP] == [
            Role.SUBJECT, Role.BASELINE,
        ]  # fmt: skip
        assert misread_post(record) == (() if state is THERE else ("post",))


@pytest.mark.parametrize(
    ("post", "nobodys", "amiss"),
    [
        (THERE, ABSENT, ()),
        (THERE, 200, ()),
        (THERE, THERE, ("post_nonsense",)),
        (THERE, ("removed",), ("post_nonsense",)),
        (THERE, ("removed", "held"), ("post_nonsense",)),
        (("hidden",), ("hidden",), ("post", "post_nonsense")),
        (("visible", "removed"), ABSENT, ("post",)),
        (ABSENT, ABSENT, ("post",)),
        (("captcha",), ("login",), ("captcha", "login_wall")),
        (THERE, ("captcha",), ("captcha",)),
        (Failure.RESET, ABSENT, ("unread",)),
        (THERE, 502, ("unread",)),
    ],
)
def test_a_check_says_what_a_manifest_does_not_read(post, nobodys, amiss):
    """A sign of a post that other pages bear as well would make any of them a post, or one that is gone."""
    target = msgspec.structs.replace(TARGET, post=Post(platform=PLATFORM, nonsense="qzxv"))
    assert misread_post(visit(lambda name, count: nobodys if name == "qzxv" else post, target)[1]) == amiss


def test_a_post_needs_its_platform():
    """A target of another kind, and a platform without posts."""
    for post in (None, Post(platform=Platform(id="p", name="P"))):
        with pytest.raises(ValueError, match="manifest"):
            Watch(Target(experiment="watch", text="x", post=post), conditions(), 1)
