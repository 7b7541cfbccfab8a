"""Rules about what happens to a page load on its way: notices instead of the page, and names that cut connections."""

from collections.abc import Callable

from hushmap.detect.address import ours
from hushmap.detect.client import other_client
from hushmap.detect.notices import mark_facts, notice, notice_text
from hushmap.detect.pairs import PairTest
from hushmap.detect.ruling import Rule, Ruling, action, mechanism, twins
from hushmap.detect.sight import Leg, alike
from hushmap.model import Evidence, Layer, Outcome, Scope, Trial, Where
from hushmap.sampling import Decision

SILENT_HITS = 2
"""Silences toward our own address that isolate a trigger: one in 20 attempts is the line's own (METHOD 3, f0), and
six are made at most."""


def _decided(leg: Leg, changed: str) -> PairTest | None:
    """The decided test about one kind of change: at the site's server, or at ours where no pair could count there."""
    tests = [test for test in leg.tests if test.changed == changed]
    theirs = [test for test in tests if test.subject.address != leg.context.helper]
    for test in theirs or tests:
        if test.decision is Decision.INTERFERED:
            return test
    return None


def isolated(leg: Leg, test: PairTest) -> bool:
    """Whether what was changed triggers alone: also toward an address of ours, where we own one (METHOD 1).

    At the site's own server alone, a server that refuses this country gives the same: by RST, FIN or alert. Without
    an address of ours that is left open, but for an alert, which is a server's own way of refusing. What happens at
    ours has to be the same as at the site: no loss makes a reset of a server that sends none, but silence it does.
    """
    own, act = ours(leg.context), mechanism(test, isolated=False)
    if own is None:
        return act != "tls.alert"
    there = (other for other in leg.tests if other.changed == test.changed and other.subject.address == own)
    alike = sum(action(trial) == act for other in there for trial in other.hit_trials)
    return alike >= (SILENT_HITS if act.endswith(".timeout") else 1)


def named(leg: Leg, test: PairTest) -> str:
    """The mechanism of a decided test, with its trigger only where it was isolated."""
    lookup = test.subject.layer is Layer.DNS
    return mechanism(test, dark=leg.context.dark, isolated=lookup or isolated(leg, test))


def _notice_page(leg: Leg) -> Ruling | None:
    for address in leg.addresses:
        seen = leg.notice_from(address)
        if seen is None or leg.wrong(address) is not None or leg.reached:
            continue
        trial, mark = seen
        if any(_noticed(leg, trial, other) for other in leg.helper):
            continue
        page = trial.fetch.page if trial.fetch else None
        redirect = mark.where == "location" and page is not None and page.location is not None
        facts = {**mark_facts(mark), **notice_text(trial)}
        if redirect and page is not None:
            facts["host"] = (page.location or "")[:200]
        pages = [t.fetch.page for t in leg.here if t.ask.address == address and t.fetch is not None and t.fetch.page]
        hit = [page for page in pages if notice(page, leg.knowledge, host=leg.host) is not None]
        return Ruling(
            outcome=Outcome.BLOCKED,
            evidence=Evidence.DIRECT,
            mechanisms=("http.redirect" if redirect else "http.blockpage",),
            where=Where.PATH,
            scope=None if leg.https else Scope.PLAIN_HTTP,
            proof=(trial.id,),
            facts=facts,
            hits=(len(hit), len(pages)),
        )
    return None


def _noticed(leg: Leg, trial: Trial, other: Trial) -> bool:
    """Whether the helper got that page or any notice: then the site itself shows it, dated or not, to everyone."""
    here = trial.fetch.page if trial.fetch else None
    there = other.fetch.page if other.fetch else None
    if here is None or there is None:
        return False
    return alike(here, there) or notice(there, leg.knowledge, host=leg.host) is not None


def _same_reply(leg: Leg, test: PairTest) -> bool:
    """Whether the site's name is refused, or sent away from it, at its own address as it is at ours.

    Another page proves nothing: a frame of advertisements comes around many a page, and a cache of the provider's
    sends people to a copy, whose address tells of what.
    """
    theirs = [page for address in leg.addresses if (page := leg.page(address)) is not None]
    ours_too = [trial.fetch.page for trial in test.hit_trials if trial.fetch is not None and trial.fetch.page]
    name = mechanism(test, isolated=False)
    if name == "http.redirect":
        places = {page.location for page in theirs} & {page.location for page in ours_too}
        return any(place is not None and leg.host not in place for place in places)
    return name == "http.forged" and any(
        one.status == other.status and one.body_length == other.body_length for one in theirs for other in ours_too
    )


def _reply(test: PairTest) -> dict[str, str]:
    """Facts of the reply that our own server did not send."""
    page = next(trial.fetch.page for trial in test.hit_trials if trial.fetch is not None and trial.fetch.page)
    facts = {"echo": "1", "status": f"{page.status}"}
    return facts if page.location is None else {**facts, "host": page.location[:200]}


def path_of(url: str) -> str:
    """What follows the host of a URL."""
    return "/" + url.partition("://")[2].partition("/")[2]


def _pair(changed: str, scope: Scope | None) -> Callable[[Leg], Ruling | None]:
    """The rule of one kind of change: its test was decided against a server that is not ours."""

    def applies(leg: Leg) -> Ruling | None:
        test = _decided(leg, changed)
        if test is None or not isolated(leg, test) or (test.direct and not _same_reply(leg, test)):
            return None
        facts = {"path": path_of(leg.url)} if changed == "path" else {}
        facts |= twins(test) | (_reply(test) if test.direct else {})
        return Ruling(
            outcome=Outcome.BLOCKED,
            evidence=Evidence.DIRECT if test.direct else Evidence.CONTROLLED,
            mechanisms=(mechanism(test),),
            where=Where.UNKNOWN if test.direct else Where.PATH,  # a filter of this computer answers our echo alike
            scope=Scope.THIS_CLIENT if changed == "sni" and _differs(leg, test) else scope,
            test=test,
            facts=facts,
        )

    return applies


def _differs(leg: Leg, test: PairTest) -> bool:
    """Whether a hello like a browser's passed with the same name."""
    return other_client(test, leg.tests, leg.others_too, leg.context, leg.knowledge).differs


TRAFFIC_RULES = (
    Rule(
        id="http.notice",
        what="A page matching a known block notice came instead of the site's, and not to the helper.",
        applies=_notice_page,
    ),
    Rule(
        id="tls.name-pair",
        what="Handshakes naming the site are cut where others to the same server pass, by the sequential test.",
        applies=_pair("sni", Scope.ALL),
    ),
    Rule(
        id="http.host-pair",
        what="Requests naming the site are cut where others to the same server pass, by the sequential test.",
        applies=_pair("host", Scope.PLAIN_HTTP),
    ),
    Rule(
        id="http.path-pair",
        what="Requests for the path are cut where another page of the site passes, by the sequential test.",
        applies=_pair("path", Scope.PLAIN_HTTP),
    ),
)
