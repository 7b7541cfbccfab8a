"""Rules for a measurement in which everything was tried once, as OONI's are; first match first.

There is no pair, so that `blocked` needs a reply that the site did not send, or a record that holds the pair itself
(METHOD 1). What fails here and works elsewhere is `unreachable`, what fails alike is `down`, and a page that merely
differs decides nothing. Each rule that OONI's own comparison gets wrong has its case in tests/golden (refs/OONI 2.4
to 2.8).
"""

from hushmap.detect.glance import Glance, Hop
from hushmap.detect.hosts import host_in, same_site
from hushmap.detect.notices import refusal
from hushmap.detect.once_failed import FAILED_RULES
from hushmap.detect.once_forged import FORGED_RULES, ids, site_fact
from hushmap.detect.once_rate import held_back
from hushmap.detect.ruling import Rule, Ruling
from hushmap.model import LOCAL, SYSTEM_RESOLVER, Evidence, Failure, Outcome, Page, Reason, Scope, Where, is_bogon

_ACTS = {"captcha": "server.captcha", "ratelimit": "server.ratelimit", "451": "server.legal"}
_NO_NETWORK = LOCAL | {Failure.NETWORK_UNREACHABLE}
UNFOLLOWED = 303
"""The redirect that OONI's probe does not follow (refs/OONI 1.2): the load ends there, and the site has answered."""
_PROXY = frozenset({"via", "x-cache", "x-cache-lookup", "x-squid-error", "proxy-connection"})
"""Header names by which a proxy shows itself (RFC 9110 7.6.3; Squid's documentation, from memory, unchecked)."""


def _nothing(seen: Glance) -> Ruling | None:
    if seen.lookups or seen.bare or seen.first.loads:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE)


def _no_network(seen: Glance) -> Ruling | None:
    """What ended the load was this computer's own: it was offline, or refused to send."""
    if seen.last.page is not None:
        return None
    ends = seen.failures or [trial for trial in seen.lookups if trial.ask.name == seen.last.host]
    own = [trial for trial in ends if trial.ask.resolver in {None, SYSTEM_RESOLVER}]
    if not own or any(trial.failed is None or trial.failed.failure not in _NO_NETWORK for trial in own):
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NETWORK_LOST, where=Where.HOST)


# --- what was reached


def _portal(seen: Glance) -> Ruling | None:
    """A plain request was sent to a private address: a gateway of the local network, before login or by its rules."""
    for hop in seen.hops:
        if hop.page is None or hop.page.location is None or hop.authentic:
            continue
        host = host_in(hop.page.location)
        if host and is_bogon(host) and host != hop.host:
            return Ruling(
                outcome=Outcome.INSUFFICIENT,
                reason=Reason.CAPTIVE_PORTAL,
                mechanisms=("portal",),
                where=Where.HOST,
                proof=ids(hop.trial),
            )
    return None


def _refused(seen: Glance) -> Ruling | None:
    """METHOD 1: over a connection with the site's valid certificate it is the site's or its host's act."""
    hop = seen.last
    if hop.page is None:
        return None
    act = refusal(hop.page)
    if act is None:
        return None
    if seen.genuine:
        return Ruling(
            outcome=Outcome.SERVER_SIDE,
            evidence=Evidence.COMPARISON if seen.helper_page is not None else Evidence.NONE,
            mechanisms=(_ACTS[act],) if act in _ACTS else (),
            where=Where.SERVER,
            proof=ids(hop.trial, seen.helper_load),
            facts={"act": act, **site_fact(seen, hop)},
            hits=(1, 1),
        )
    if act == "captcha":
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.CAPTCHA, proof=ids(hop.trial))
    there = seen.helper_page
    if there is None or refusal(there) is not None or there.status >= 400:
        return None
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        proof=ids(hop.trial, seen.helper_load),
        facts=site_fact(seen, hop),
        hits=(1, 1),
    )


def _reached(seen: Glance) -> Ruling | None:
    hop = seen.last
    page = hop.page
    if page is None or (page.status // 100 == 3 and not (page.status == UNFOLLOWED and seen.genuine)):
        return None
    if not seen.site:
        return None
    names = _beside(seen, hop, page)
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.COMPARISON if seen.helper_page is not None else Evidence.NONE,
        mechanisms=names,
        where=Where.UNKNOWN,
        scope=Scope.SOME_ADDRESSES if "dns.tamper.bogon" in names else None,
        proof=ids(hop.trial, seen.helper_load),
        facts=site_fact(seen, seen.first),
        hits=(0, 1),
    )


def _beside(seen: Glance, hop: Hop, page: Page) -> tuple[str, ...]:
    """What was seen to interfere although the page came: an impossible answer, a proxy's headers."""
    names: list[str] = []
    first = seen.first
    at = first.trial.ask.address if first.trial is not None else None
    if any(one != at and seen.impossible(one) and not seen.at(one, first.host) for one in seen.offered(first)):
        names.append("dns.tamper.bogon")
    there = seen.helper_page
    if there is not None and not hop.https and _PROXY.intersection(page.header_names):
        names += ["http.rewritten"] if not _PROXY.intersection(there.header_names) else []
    return tuple(names)


def _slowed(seen: Glance) -> Ruling | None:
    """A transfer that was cut by its time-out after it had run fast and then slowly; the helper got the page."""
    if not seen.helper_loaded:
        return None
    for trial in seen.last.loads:
        fetch = trial.fetch
        rate = held_back(fetch.curve) if fetch is not None and fetch.failure is Failure.TIMEOUT else None
        if rate is not None:
            return Ruling(
                outcome=Outcome.DEGRADED,
                evidence=Evidence.COMPARISON,
                proof=ids(trial, seen.helper_load),
                facts={"rate": f"{rate:.0f}", **site_fact(seen, seen.last)},
                hits=(1, 1),
            )
    return None


# --- what is left


def _no_comparison(seen: Glance) -> Ruling | None:
    if seen.helper:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.HELPER_SILENT)


def _helper_failed(seen: Glance) -> Ruling | None:
    """The page came, over a connection that proves nothing, and the helper's own load failed."""
    if seen.helper_page is not None:
        act = refusal(seen.helper_page)
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.CAPTCHA) if act == "captcha" else None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.HELPER_SILENT)


def _one_attempt(seen: Glance) -> Ruling:
    """What came differs from what the helper got; sites differ by place, time and visitor."""
    hop = seen.last
    strayed = len(seen.hops) > 1 and not same_site(seen.first.host, hop.host)
    facts = {"host": hop.host} if strayed else {}
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.ONE_ATTEMPT, proof=ids(hop.trial), facts=facts)


ONCE_RULES: tuple[Rule, ...] = (
    Rule(id="once.nothing", what="The measurement holds no attempt from its own side.", applies=_nothing),
    Rule(
        id="once.no-network",
        what="The load ended within this computer: offline, or not allowed to send.",
        applies=_no_network,
    ),
    *FORGED_RULES,
    Rule(id="once.portal", what="A plain request was sent on to a private address.", applies=_portal),
    Rule(
        id="once.refused",
        what="The site's own server refused, over its valid certificate; or a refusal of unknown author came.",
        applies=_refused,
    ),
    Rule(
        id="once.reached",
        what="The site proved itself by its certificate, or the page is the one that the helper got.",
        applies=_reached,
    ),
    Rule(
        id="once.slowed",
        what="A transfer ran fast, then slowly until its time-out; the helper got the page.",
        applies=_slowed,
    ),
    *FAILED_RULES,
    Rule(id="once.no-comparison", what="No comparison point answered.", applies=_no_comparison),
    Rule(id="once.helper-failed", what="The helper's own load failed, or met a captcha.", applies=_helper_failed),
    Rule(
        id="once.one-attempt",
        what="The page differs from the helper's, and was asked for once.",
        applies=_one_attempt,
    ),
)
