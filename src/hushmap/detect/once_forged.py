"""Rules for one measurement about replies that the site did not send: notices, injected answers, wrong addresses.

These are what a single attempt can prove (METHOD 1): evidence is `direct`, or `controlled` where the record holds the
pair itself. An answer is wrong only by a positive sign; a notice accuses nobody where the helper got it too.
"""

from hushmap.detect.glance import NO_NAME, Glance, Hop
from hushmap.detect.hosts import host_in, same_site
from hushmap.detect.notices import mark_facts, notice, notice_address, notice_text, notice_url
from hushmap.detect.ruling import Rule, Ruling
from hushmap.detect.same_page import same_page
from hushmap.model import (
    SYSTEM_RESOLVER,
    Evidence,
    Fingerprint,
    Outcome,
    Page,
    Resolve,
    Scope,
    Trial,
    Where,
    is_bogon,
)


def site_fact(seen: Glance, hop: Hop) -> dict[str, str]:
    """The fact `site`, where a later host of the chain is meant."""
    return {} if hop is seen.first and not _foreign_spelling(seen, hop) else {"site": hop.host}


def _foreign_spelling(seen: Glance, hop: Hop) -> bool:
    """Whether the target names its host otherwise than the network does: an IDN, or no URL at all."""
    return hop.host not in seen.record.target


def ids(*trials: Trial | None) -> tuple[int, ...]:
    """The numbers of these trials, each once."""
    return tuple(dict.fromkeys([trial.id for trial in trials if trial is not None]))


def _marked(seen: Glance, hop: Hop) -> tuple[Trial, Page, Fingerprint] | None:
    """A block notice that came for this host over plain HTTP; under a bad certificate OONI's client takes no page."""
    for trial in () if hop.https else hop.loads:
        fetch = trial.fetch
        page = fetch.page if fetch is not None else None
        mark = notice(page, seen.knowledge, host=hop.host) if page is not None else None
        if page is not None and mark is not None and not _at_home(seen, hop, page, mark):
            return trial, page, mark
    return None


def _at_home(seen: Glance, hop: Hop, page: Page, mark: Fingerprint) -> bool:
    """Whether the site is the one that notices come from: it shows its own page, or redirects within itself.

    A known server program that sends to a private address is a router's own page, or a sign-in.
    """
    away = host_in(page.location or "") or hop.host
    if mark.where == "location" and same_site(away, hop.host):
        return True
    if mark.where == "header.server" and is_bogon(away):
        return True
    return hop is seen.first and notice_url(hop.url, seen.knowledge) is not None


def _shown_to_all(seen: Glance, page: Page) -> bool:
    """Whether the helper got that page, or any notice: then the site itself shows it."""
    there = seen.helper_page
    if there is None:
        return False
    return same_page(page, there) or notice(there, seen.knowledge, host=seen.first.host) is not None


def _notice(seen: Glance) -> Ruling | None:
    """Whatever a mark was about, a page at the end that others get, or that is certified, is no notice."""
    for hop in () if seen.site else seen.hops:
        found = _marked(seen, hop)
        if found is None or _shown_to_all(seen, found[1]):
            continue
        trial, page, mark = found
        redirect = mark.where == "location" and page.location is not None
        answer = trial.ask.address or ""
        lied = _lied_to(seen, hop, answer)
        facts = {**mark_facts(mark), **notice_text(trial), **site_fact(seen, hop)}
        if redirect:
            facts["host"] = (page.location or "")[:200]
        if lied:
            facts["answer"] = answer
        kind = "dns.tamper.blockpage" if lied else "http.redirect" if redirect else "http.blockpage"
        return Ruling(
            outcome=Outcome.BLOCKED,
            evidence=Evidence.DIRECT,
            mechanisms=(kind,),
            where=Where.RESOLVER if lied else Where.UNKNOWN,
            scope=None if lied else Scope.PLAIN_HTTP,
            proof=ids(trial),
            facts=facts,
            hits=(1, 1),
        )
    return None


def _lied_to(seen: Glance, hop: Hop, address: str) -> bool:
    """Whether the resolver's answer is to blame: impossible, or known from notices, and for this line only.

    An address that merely differs is no sign: content networks answer by place.
    """
    if address in seen.told or address not in seen.offered(hop):
        return False
    return seen.impossible(address) or notice_address(address, seen.knowledge) is not None


def _known_answer(seen: Glance) -> Ruling | None:
    """The resolver named an address that is known from block notices, and that is not the site's.

    Where the name does not exist for the helper, such an address may be what this resolver answers for every such
    name, as some do for advertisement.
    """
    step = seen.helper_lookup
    absent = step is not None and step.failure in NO_NAME and not step.addresses
    for hop in () if seen.site else seen.hops:
        if absent and hop is seen.first:
            continue
        for address, mark in _known(seen, hop):
            if address in seen.told or seen.at(address, hop.host):
                continue
            facts = {"answer": address, "resolver": SYSTEM_RESOLVER, **right_of(seen, hop), **site_fact(seen, hop)}
            facts |= mark_facts(mark)
            return Ruling(
                outcome=Outcome.BLOCKED,
                evidence=Evidence.DIRECT,
                mechanisms=("dns.tamper.blockpage",),
                where=Where.UNKNOWN,
                scope=Scope.THIS_RESOLVER if facts.get("right_resolver") else None,
                proof=lookup_ids(seen, hop),
                facts=facts,
                hits=(1, 1),
            )
    return None


def _known(seen: Glance, hop: Hop) -> list[tuple[str, Fingerprint]]:
    """(answer, mark): addresses, and aliases that the helper was not told, which marks know."""
    steps = seen.own(hop)
    if not steps:
        return []
    names = list(seen.offered(hop))
    aliases = [alias for step in steps for answer in step.answers for alias in answer.cnames]
    if aliases:
        there = seen.helper_lookup.answers if seen.helper_lookup is not None else ()
        told = {alias for answer in there for alias in answer.cnames}
        names += [alias for alias in aliases if alias not in told]
    found = [(name, notice_address(name, seen.knowledge, host=hop.host)) for name in names]
    return [(name, mark) for name, mark in found if mark is not None]


def _two_answers(seen: Glance) -> Ruling | None:
    """One question, different answers, and a certificate that proves a later one right (METHOD 1, direct)."""
    several = [(t, step) for t in seen.lookups for step in t.steps if isinstance(step, Resolve) and step.answers[1:]]
    for trial, step in several:
        for hop in [hop for hop in seen.hops if hop.host == trial.ask.name]:
            if any(seen.at(one, hop.host) for one in step.addresses):
                continue
            later = [address for answer in step.answers[1:] for address in answer.addresses]
            if not step.addresses or not any(seen.at(address, hop.host) for address in later):
                continue
            if set(later).intersection(step.addresses):
                continue  # the same answer, and more of it
            reached = seen.site
            if not reached and not any(made.ask.address == step.addresses[0] for made in [*seen.bare, *hop.loads]):
                continue  # nobody looked whether the first answer was the site's too
            different = len({frozenset(answer.addresses) for answer in step.answers})
            return Ruling(
                outcome=Outcome.OK if reached else Outcome.BLOCKED,
                evidence=Evidence.DIRECT,
                mechanisms=("dns.injection",),
                where=Where.PATH,
                scope=Scope.ALL,
                proof=ids(trial),
                facts={
                    "answer": step.addresses[0],
                    "different": str(different),
                    "resolver": step.resolver,
                    **site_fact(seen, hop),
                },
                hits=(0, 1) if reached else (1, 1),
            )
    return None


def _own_pair(seen: Glance) -> Ruling | None:
    """METHOD 1: the record holds the pair itself. This resolver lied, and another's answer gave the certificate."""
    hop = seen.last
    lie = None if _led_there(seen, hop) else seen.lie(hop)
    if lie is None:
        return None
    right = right_of(seen, hop)
    if not right:
        return None
    address, name = lie
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        mechanisms=(name,),
        scope=Scope.THIS_RESOLVER,
        proof=lookup_ids(seen, hop),
        facts={"answer": address, "resolver": SYSTEM_RESOLVER, **right, **site_fact(seen, hop)},
        hits=(1, 1),
    )


def _led_there(seen: Glance, hop: Hop) -> bool:
    """Whether the site was reached by the own resolver's answer, not in spite of it.

    Before 0.5 no address stands beside a page: OONI's client then had it from that resolver.
    """
    if hop.trial is None or not (hop.authentic or seen.site):
        return False
    return hop.trial.ask.address is None or hop.trial.ask.address in seen.offered(hop)


def right_of(seen: Glance, hop: Hop) -> dict[str, str]:
    """Whose answer a certificate proved right, from here: another resolver's, or else the helper's."""
    host = hop.host
    for resolver, steps in seen.others(hop).items():
        if any(seen.proven(address, host) for step in steps for address in step.addresses):
            return {"right_resolver": resolver.partition("://")[2].rsplit(":", 1)[0] or resolver}
    if hop is seen.first and any(seen.proven(address, host) for address in seen.told):
        return {"right_resolver": "our comparison server's DNS"}
    return {}


def lookup_ids(seen: Glance, hop: Hop) -> tuple[int, ...]:
    """The lookups of this host."""
    return tuple(trial.id for trial in seen.lookups if trial.ask.name == hop.host)


FORGED_RULES: tuple[Rule, ...] = (
    Rule(
        id="once.notice",
        what="A known block notice came instead of the page, not over the site's certificate, and not to the helper.",
        applies=_notice,
    ),
    Rule(
        id="once.known-answer",
        what="The resolver named an address known from block notices, which the helper was not told.",
        applies=_known_answer,
    ),
    Rule(
        id="once.two-answers",
        what="One question got different answers, and a certificate proves a later one right.",
        applies=_two_answers,
    ),
    Rule(
        id="once.own-pair",
        what="This resolver's answer is impossible or another site's, and another's gave the site's certificate.",
        applies=_own_pair,
    ),
)
