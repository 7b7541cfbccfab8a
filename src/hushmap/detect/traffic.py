"""Rules about what happens to a page load on its way: notices instead of the page, and names that cut connections."""

from collections.abc import Callable

from hushmap.detect.pairs import PairTest
from hushmap.detect.ruling import Rule, Ruling, mechanism
from hushmap.detect.sight import Leg
from hushmap.model import Evidence, Outcome, Scope, Trial, Where
from hushmap.sampling import Decision


def _decided(leg: Leg, changed: str) -> PairTest | None:
    """The decided test about one kind of change: at the site's server, or at ours where no pair could count there."""
    tests = [test for test in leg.tests if test.changed == changed]
    theirs = [test for test in tests if test.subject.address != leg.context.helper]
    for test in theirs or tests:
        if test.decision is Decision.INTERFERED:
            return test
    return None


def isolated(leg: Leg, changed: str) -> bool:
    """Whether the name alone triggers: also toward an address of ours, where we own one (METHOD 1)."""
    ours = [test for test in leg.tests if test.changed == changed and test.subject.address == leg.context.helper]
    return not ours or leg.context.helper is None or any(test.hits for test in ours)


def _notice_page(leg: Leg) -> Ruling | None:
    for address in leg.addresses:
        seen = leg.notice_from(address)
        if seen is None or leg.wrong(address) is not None or leg.reached:
            continue
        trial, mark = seen
        if any(notice_alike(trial, other) for other in leg.helper):
            continue
        page = trial.fetch.page if trial.fetch else None
        redirect = mark.where == "location" and page is not None and page.location is not None
        facts = {"fingerprint": mark.id, "fingerprint_source": mark.source, "notice": mark.notice}
        if redirect and page is not None:
            facts["host"] = (page.location or "")[:200]
        made = [t for t in leg.here if t.fetch is not None and t.fetch.page is not None and t.ask.address == address]
        hit = [t for t in made if t.fetch is not None and t.fetch.page is not None and leg.notice_from(address)]
        return Ruling(
            outcome=Outcome.BLOCKED,
            evidence=Evidence.DIRECT,
            mechanisms=("http.redirect" if redirect else "http.blockpage",),
            where=Where.PATH,
            scope=None if leg.https else Scope.PLAIN_HTTP,
            proof=(trial.id,),
            facts=facts,
            hits=(len(hit), len(made)),
        )
    return None


def notice_alike(trial: Trial, other: Trial) -> bool:
    """Whether the helper got the very same page: then the site itself shows it to everyone."""
    here = trial.fetch.page if trial.fetch else None
    there = other.fetch.page if other.fetch else None
    return here is not None and there is not None and here.body_sha256 == there.body_sha256


def _pair(changed: str, scope: Scope | None) -> Callable[[Leg], Ruling | None]:
    """The rule of one kind of change: its test was decided against a server that is not ours."""

    def applies(leg: Leg) -> Ruling | None:
        test = _decided(leg, changed)
        if test is None:
            return None
        alone = isolated(leg, changed)
        facts = {"path": "/" + leg.url.split("/", 3)[3]} if changed == "path" else {}
        if leg.context.baseline_names and changed != "path":
            facts["baseline"] = leg.context.baseline_names[0]
        return Ruling(
            outcome=Outcome.BLOCKED,
            evidence=Evidence.CONTROLLED,
            mechanisms=(mechanism(test, isolated=alone),),
            where=Where.PATH if alone else Where.UNKNOWN,
            scope=scope,
            test=test,
            facts=facts,
        )

    return applies


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
