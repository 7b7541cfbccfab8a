"""The `search` experiment: what is asked beside a word, in which order, and when that is enough."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from hushmap.detect import MOST_CAPTCHAS, misread
from hushmap.experiments import open_inquiry
from hushmap.experiments.search import Search as Inquiry
from hushmap.model import (
    Evidence,
    Extract,
    Failure,
    Knowledge,
    Layer,
    Listing,
    Outcome,
    Page,
    Platform,
    Reason,
    Role,
    Search,
    Side,
    Sign,
    Target,
)
from hushmap.model.trial import trial_of
from worlds import World, conditions, converse

HOST = "driftwood.example"
HREF = Extract(kind="css", expression="a", attribute="href")
SEARCH = Search(
    url=f"https://{HOST}/s?q={{query}}",
    items=HREF,
    source_of=HREF,
    listed=("desk",),
    nonsense=("qzxv",),
    truisms=("{query} | -{query}",),
    controls=("river",),
    canaries=("known", "other"),
    nothing=(Sign(kind="text", value="Nothing was found"),),
)
PLATFORM = Platform(id="driftwood", name="Driftwood", search=SEARCH)
TARGET = Target(experiment="search", text="kw-a", category="MISC", platform=PLATFORM)
NONE, SOME, ALL = Listing(), Listing(found=3, sources=3, listed=1), Listing(found=9, sources=9, listed=2)
DESK = Listing(found=2, sources=2, listed=2)
NOTED = Listing(found=9, sources=9, listed=2, notice="n")
NOTICE = Listing(notice="Results are not shown under order 5/2026 of 12 March 2026.")


def page(listing, *signs, status=200):
    """A page of results."""
    return Page(status=status, listing=listing, signs=signs)


def fine(query, count):
    """A platform that leaves nothing out but its canary."""
    del count
    if "known" in query:
        return page(NONE, "nothing")
    if "|" in query:
        return page(ALL)
    return page(NONE, "nothing") if query.startswith("qzxv") else page(SOME)


def but(**said):
    """The same platform, where the word, or the truism with it, says otherwise, the last for ever."""

    def says(query, count):
        kind = "truism" if query.startswith("kw-a |") else "word" if query == "kw-a" else None
        kind = "nonsense" if query == "qzxv" else "control" if query.startswith("qzxv |") else kind
        told = said.get(kind)
        return fine(query, count) if told is None else told[min(count, len(told)) - 1]

    return says


@dataclass
class Pages(World):
    """A platform: `says` gives a page by the query and how often it was asked for, or a failure."""

    name: str = HOST
    says: Callable[[str, int], Page | Failure] = fine
    asked: list[tuple[str, float]] = field(default_factory=list)

    def steps(self, ask, side):
        """What comes of an ask."""
        assert side is Side.HERE, "nobody else is asked about a word"
        if ask.layer is not Layer.HTTP:
            return super().steps(ask, side)
        assert ask.extract == PLATFORM.extract or ask.extract.items == HREF
        (query,) = parse_qs((ask.payload or b"").decode() or urlsplit(ask.url).query)["q"]
        self.asked.append((query, self.now))
        said = self.says(query, sum(each == query for each, _ in self.asked))
        self.server = lambda ask, side: said
        return super().steps(ask, side)


def search(says=fine, target=TARGET, **changes):
    """The verdict of one word, its record, and what was asked for when."""
    world = Pages(says=says)
    verdict, record = converse(world, target, conditions(**changes))
    return verdict, record, world.asked


def without(**changes):
    """The target on a platform whose manifest says less."""
    platform = msgspec.structs.replace(PLATFORM, search=msgspec.structs.replace(SEARCH, **changes))
    return msgspec.structs.replace(TARGET, platform=platform)


def test_a_word_is_searched_for_beside_truism_nonsense_and_canary():
    """Four searches in an order of the word's own, then the canary's four: one after the other."""
    verdict, record, asked = search()
    assert (verdict.outcome, verdict.rule, verdict.mechanisms) == (Outcome.VISIBLE, "search.visible", ())
    queries = [query for query, _ in asked]
    assert sorted(queries[:4]) == sorted(["kw-a", "kw-a | -kw-a", "qzxv", "qzxv | -qzxv"])
    assert sorted(queries[4:]) == sorted(["known", "known | -known", "qzxvq", "qzxvq | -qzxvq"])
    assert {trial.role for trial in record.trials} == {Role.SUBJECT, Role.BASELINE, Role.CANARY}
    other = search(target=msgspec.structs.replace(TARGET, text="kw-b"))[2]
    assert [query.replace("kw-b", "kw-a") for query, _ in other[:4]] != queries[:4]
    assert all(later > sooner for (_, sooner), (_, later) in itertools.pairwise(asked))
    assert verdict.facts == {"platform": "Driftwood"}


def test_a_form_is_sent_where_the_manifest_says_so():
    """Each search is a POST of the form to one address that holds no word; else all is the same."""
    form = without(url=f"https://{HOST}/find", method="POST", form=(("q", "{query}"),), form_source="a test")
    verdict, record, asked = search(target=form)
    assert (verdict.outcome, asked) == (Outcome.VISIBLE, search()[2])
    loads = [trial.ask for trial in record.trials if trial.ask.layer is Layer.HTTP and trial.ask.extract]
    assert {(ask.method, ask.url, ask.payload is None) for ask in loads} == {("POST", f"https://{HOST}/find", False)}
    assert b"q=kw-a" in {ask.payload for ask in loads}


@pytest.mark.parametrize(
    ("said", "mechanism", "rule"),
    [
        ({"word": [page(NOTICE)]}, "platform.notice", "search.notice"),
        ({"word": [page(msgspec.structs.replace(SOME, notice="n"))]}, "platform.notice", "search.notice"),
        ({"word": [page(Listing(blocked_by="https://who.example/"), status=451)]}, "platform.notice", "search.legal"),
        ({"word": [page(None, status=451)]}, "platform.notice", "search.legal"),
        ({"word": [page(NONE, "nothing")], "truism": [page(NONE, "nothing")]}, "platform.empty", "search.empty"),
        ({"word": [page(DESK)], "truism": [page(DESK)]}, "platform.soft", "search.soft"),
        ({"word": [page(NONE, "nothing")], "truism": [page(DESK)]}, "platform.soft", "search.soft"),
    ],
)
def test_what_is_left_out_twice_is_said(said, mechanism, rule):
    """Ten minutes apart, with everything that stands beside it, and no canary is needed."""
    verdict, record, asked = search(but(**said))
    assert (verdict.outcome, verdict.evidence) == (Outcome.SUPPRESSED, Evidence.CONTROLLED)
    assert (verdict.mechanisms, verdict.rule) == ((mechanism,), rule)
    assert len(asked) == 8
    assert asked[4][1] - asked[3][1] >= 600
    assert verdict.counts.subject == (2, 2)
    assert verdict.counts.baseline == (0, 2)
    assert len(verdict.proof) == 8
    assert not any(trial.role is Role.CANARY for trial in record.trials)


def test_a_notice_tells_of_its_order():
    """Number and date are the platform's words; who says that he blocks it is named for 451 only."""
    notice = search(but(word=[page(NOTICE)]))[0].facts
    assert notice == {"platform": "Driftwood", "notice": NOTICE.notice, "order": "5/2026", "ordered": "2026-03-12"}
    legal = search(but(word=[page(Listing(blocked_by="https://who.example/"), status=451)]))[0].facts
    assert legal == {"platform": "Driftwood", "legal": "451", "blocked_by": "https://who.example/"}
    soft = search(but(word=[page(DESK)], truism=[page(DESK)]))[0].facts
    assert soft == {"platform": "Driftwood", "listed": "1"}


def test_an_order_that_the_word_itself_names_is_not_the_platforms():
    """Notices repeat what was searched for; the sentence is kept as it is."""
    text = "Order 66 of 4 May 2005"
    told = Listing(notice="Results for “order 66 of 4 May 2005” are not shown.")
    word = msgspec.structs.replace(TARGET, text=text)
    verdict = search(lambda query, count: page(told) if query == text else fine(query, count), word)[0]
    assert verdict.facts == {"platform": "Driftwood", "notice": told.notice}


def test_a_wall_that_nobody_knows_is_no_empty_result():
    """It lists nothing, and does not say that nothing was found; nor does a manifest that does not tell by what."""
    wall = {"word": [page(NONE)], "truism": [page(NONE)]}
    for told in (search(but(**wall)), search(but(**wall), without(nothing=()))):
        assert (told[0].outcome, told[0].rule) == (Outcome.INSUFFICIENT, "search.undecided")
    half = {"word": [page(NONE, "nothing")], "truism": [page(NONE)]}
    assert search(but(**half))[0].outcome is Outcome.INSUFFICIENT


def test_what_every_page_bears_is_no_sign_of_no_results():
    """As words that lie in the page's programs: a page of another kind bears them too, and lists nothing."""
    empty = {"word": [page(NONE, "nothing")], "truism": [page(NONE, "nothing")]}
    assert search(but(**empty))[0].rule == "search.empty"
    verdict = search(but(**empty, control=[page(ALL, "nothing")]))[0]
    assert (verdict.outcome, verdict.rule) == (Outcome.INSUFFICIENT, "search.undecided")


@pytest.mark.parametrize("kind", ["word", "truism"])
def test_a_notice_of_which_nobody_knows_whose_it_is_decides_nothing(kind):
    """Neither that the platform shows one, nor that it shows the word like any other; what else is amiss stays so."""
    quoted = msgspec.structs.replace(SOME, unplaced=True)
    verdict = search(but(**{kind: [page(quoted)]}))[0]
    assert (verdict.outcome, verdict.reason, verdict.rule) == (
        Outcome.INSUFFICIENT, Reason.NO_RULE, "search.unplaced",
    )  # fmt: skip
    doubt = msgspec.structs.replace(NONE, unplaced=True)
    empty = search(but(word=[page(doubt, "nothing")], truism=[page(doubt, "nothing")]))[0]
    assert empty.rule == "search.empty"


def test_what_nobody_wrote_is_not_left_out():
    """Nothing is found, and the truism finds all; or only listed sources wrote of it."""
    for word in (page(NONE, "nothing"), page(DESK)):
        verdict, _, asked = search(but(word=[word]))
        assert (verdict.outcome, len(asked)) == (Outcome.VISIBLE, 8)


def test_once_is_not_enough():
    """What the second block does not bear out is not said, and a third block decides."""
    verdict, _, asked = search(
        but(word=[page(NONE, "nothing"), page(SOME)], truism=[page(NONE, "nothing"), page(ALL)])
    )
    assert (verdict.outcome, len(asked)) == (Outcome.VISIBLE, 12)
    changing = [page(NOTICE), page(None, status=451), page(NOTICE), page(None, status=451)]
    verdict, _, asked = search(but(word=changing))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.ONE_ATTEMPT)
    assert len(asked) == 16


@pytest.mark.parametrize(
    "said",
    [
        {"word": [page(NOTICE)], "nonsense": [page(NOTICE)]},
        {"word": [page(None, status=451)], "nonsense": [page(None, status=451)]},
        {"word": [page(NONE, "nothing")], "truism": [page(NONE, "nothing")], "control": [page(NONE, "nothing")]},
        {"word": [page(DESK)], "truism": [page(DESK)], "control": [page(DESK)]},
        {"word": [page(SOME)], "truism": [page(NONE, "nothing")]},
        {"word": [page(SOME)], "truism": [page(DESK)]},
    ],
)
def test_what_nonsense_meets_too_is_not_about_the_word(said):
    """Nor is what does not fit together."""
    verdict = search(but(**said))[0]
    assert (verdict.outcome, verdict.reason, verdict.mechanisms) == (Outcome.INSUFFICIENT, Reason.NO_RULE, ())


@pytest.mark.parametrize(
    "said",
    [
        {"word": [page(msgspec.structs.replace(SOME, notice="n"))], "control": [page(NOTED)]},
        {"word": [page(None, status=451)], "control": [page(None, status=451)]},
        {"truism": [page(NOTED)]},
        {"word": [page(NONE, "nothing")], "truism": [page(msgspec.structs.replace(DESK, notice="n"))]},
        {"word": [page(NONE, "nothing")], "truism": [page(msgspec.structs.replace(NONE, notice="n"), "nothing")]},
    ],
)
def test_a_notice_that_every_page_of_results_bears_is_not_about_the_word(said):
    """Nonsense finds nothing, so that no such notice stands there; nor is one on the truism alone understood."""
    verdict = search(but(**said))[0]
    assert (verdict.outcome, verdict.reason, verdict.mechanisms) == (Outcome.INSUFFICIENT, Reason.NO_RULE, ())


@pytest.mark.parametrize(("own", "outcome"), [(20, "insufficient"), (15, "insufficient"), (4, "suppressed")])
def test_a_page_full_of_listed_sources_may_be_the_words_own(own, outcome):
    """Where as many have written of a word as a page shows, its truism may show these first, and others on the next."""
    first = Listing(found=own, sources=own, listed=own)
    whole, mixed = (Listing(found=20, sources=20, listed=listed) for listed in (20, 10))
    verdict = search(but(word=[page(first)], truism=[page(whole)], control=[page(mixed)]))[0]
    assert verdict.outcome == outcome


def test_without_a_canary_that_shows_nothing_is_said_to_be_shown():
    """None that is known, or one that is shown like any word; another is then tried."""
    verdict = search(target=without(canaries=()))[0]
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.CANARY_FAILED)
    verdict, _, asked = search(lambda query, count: fine(query.replace("known", "kw-a"), count))
    assert (verdict.reason, len(asked)) == (Reason.CANARY_FAILED, 12)
    verdict, _, asked = search(
        lambda query, count: fine(query.replace("known", "x").replace("other", "known"), count)
    )
    assert (verdict.outcome, len(asked)) == (Outcome.VISIBLE, 12)


def test_without_a_truism_no_results_are_no_sign():
    """A notice still is one."""
    bare = without(truisms=())
    assert search(but(word=[page(NOTICE)]), bare)[0].outcome is Outcome.SUPPRESSED
    assert search(but(word=[page(NONE, "nothing")]), bare)[0].reason is Reason.NO_RULE
    assert search(target=without(truisms=(), canaries=()))[0].reason is Reason.CANARY_FAILED


def test_nonsense_has_the_shape_of_the_word():
    """Else a truism could be none for two words and one for one, or be cut off for its length."""
    (long,) = [query for query, _ in search(target=msgspec.structs.replace(TARGET, text="kw-" + "a" * 40))[2][:4]
               if query.startswith("qzxv") and "|" not in query]  # fmt: skip
    assert len(long) == 43
    asked = search(target=msgspec.structs.replace(TARGET, text="kw-a kw-b"))[2]
    assert "qzxv qzxv | -qzxv qzxv" in [query for query, _ in asked]


def test_what_says_nothing_is_asked_again():
    """A failed step soon, a captcha after a minute and a half; neither is a verdict."""
    lost = but(word=[Failure.RESET, page(None, status=502), page(None, status=200), page(SOME)])
    assert search(lost)[0].outcome is Outcome.VISIBLE
    verdict, _, asked = search(but(word=[page(None, "captcha"), page(SOME)]))
    assert verdict.outcome is Outcome.VISIBLE
    first, second = (at for query, at in asked if query == "kw-a")
    assert second - first >= 90


def test_a_platform_that_wants_a_captcha_is_left_alone():
    """After some of them nothing more is asked."""
    verdict, _, asked = search(lambda query, count: page(None, "captcha"))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.CAPTCHA)
    assert len(asked) == MOST_CAPTCHAS


def test_a_login_wall_ends_it():
    """Nobody logs in."""
    verdict, _, asked = search(but(word=[page(None, "login")], truism=[page(None, "login")]))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.LOGIN_WALL)
    assert len(asked) <= 4


def test_a_page_that_is_never_read_is_the_lines_doing():
    """A failed step is never the platform's."""
    verdict = search(lambda query, count: Failure.RESET)[0]
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.UNREAD)
    world = Pages()
    world.name = "other.example"
    verdict, _ = converse(world, TARGET, conditions())
    assert verdict.reason is Reason.NETWORK_LOST
    assert world.asked == []


def test_a_platform_may_be_an_address():
    """Then nothing is looked up."""
    target = without(url="https://192.0.2.7/s?q={query}")
    attempts = open_inquiry(target, conditions(), 1).ask(0.05)
    assert [attempt.ask.layer for attempt in attempts] == [Layer.HTTP]


def test_only_a_platform_with_a_search_can_be_searched():
    """And a search is no contact of the platform's name."""
    for target in (msgspec.structs.replace(TARGET, platform=None), Target(experiment="search", text="x")):
        with pytest.raises(ValueError, match="manifest"):
            open_inquiry(target, conditions(), 1)
    inquiry = open_inquiry(TARGET, conditions(), 1)
    assert isinstance(inquiry, Inquiry)
    assert not inquiry.suspicious()


def test_a_check_says_what_a_manifest_does_not_read():
    """By a harmless word, nonsense, the truism and the canary."""
    target = msgspec.structs.replace(TARGET, text="kw-a")

    def amiss(says=fine, target=target):
        return misread(search(says, target)[1], Knowledge())

    assert amiss() == ()
    assert amiss(but(word=[page(NONE, "nothing")])) == ("nothing_found",)
    assert amiss(but(word=[page(Listing(found=3, sources=2))])) == ("sources",)
    assert amiss(but(nonsense=[page(SOME)])) == ("nonsense_found",)
    assert "notice" in amiss(but(nonsense=[page(NOTICE)]))
    assert amiss(but(nonsense=[page(Listing(unplaced=True), "nothing")])) == ("unplaced",)
    assert amiss(but(word=[page(SOME, "nothing")])) == ("nothing_everywhere",)
    assert "truism" in amiss(but(control=[page(NONE, "nothing")]))
    assert "truism" in amiss(but(truism=[page(NONE, "nothing")]))
    assert "harmless" in amiss(but(word=[page(DESK)], truism=[page(DESK)]))
    assert amiss(lambda query, count: fine(query.replace("known", "x"), count)) == ("canary",)
    assert amiss(lambda query, count: page(None, "captcha")) == ("captcha",)
    assert amiss(lambda query, count: Failure.RESET) == ("unread",)
    assert amiss(target=without(canaries=(), source_of=None)) == ()


def test_what_must_not_be_asked_is_not_asked_again():
    """A search that could not be carried out says nothing, and ends."""
    inquiry = open_inquiry(without(url="https://192.0.2.7/s?q={query}"), conditions(), 1)
    asked = 0
    while attempts := inquiry.ask(0.05):
        for attempt in attempts:
            asked += 1
            inquiry.tell(trial_of(attempt, (), undone="excluded", t0=0.0, t=0.0))
    assert inquiry.done
    assert asked == 4
