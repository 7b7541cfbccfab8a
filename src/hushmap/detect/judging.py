"""From a record to its verdict: choose the table, take the first rule that matches, add counts and hashes."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from hushmap.detect.calibrating import Calibrated
from hushmap.detect.ech import ECH_RULES, Hiding
from hushmap.detect.encrypted import ENCRYPTED_RULES, Talk, beside
from hushmap.detect.glance import Glance
from hushmap.detect.hops import HOPS_RULES, Hopping
from hushmap.detect.hosts import host_in
from hushmap.detect.middlebox import MIDDLEBOX_RULES, Odd
from hushmap.detect.names import DNS_RULES, SNI_RULES, Sending
from hushmap.detect.once import ONCE_RULES
from hushmap.detect.peers import ALONE, SAME_HOUR, Peers
from hushmap.detect.permuted import Permuted
from hushmap.detect.quic import QUIC_RULES, Silence
from hushmap.detect.residual import RESIDUAL_RULES, Lingering
from hushmap.detect.ruling import RULES_VERSION, Rule, Ruling, baseline_counts, extent_of
from hushmap.detect.screened import Screened
from hushmap.detect.searched import SEARCH_RULES, Searched
from hushmap.detect.service import SERVICE_RULES, Using
from hushmap.detect.sight import Leg
from hushmap.detect.text import Isolated
from hushmap.detect.throttle import THROTTLE_RULES, Rates
from hushmap.detect.traffic import named
from hushmap.detect.watched import WATCH_RULES, Watched
from hushmap.detect.web import WEB_RULES
from hushmap.detect.words import CALIBRATE_RULES, DOMAIN_RULES, ISOLATE_RULES, KEYWORD_RULES, SCREEN_RULES
from hushmap.model import Counts, Knowledge, Layer, Outcome, PeerView, Record, Role, Side, Trial, Verdict
from hushmap.sampling import Decision

OONI_WEB = "web_connectivity"
"""OONI's test of websites (ts-017): foreign records keep the name of the test that made them."""


class Sight(Protocol):
    """What the rules of one experiment look at."""

    @property
    def trials(self) -> tuple[Trial, ...]:
        """The counted trials, the helper's among them."""
        ...


TABLES: dict[str, tuple[Rule, ...]] = {
    "web": WEB_RULES,
    "dns": DNS_RULES,
    "sni": SNI_RULES,
    "keyword": KEYWORD_RULES,
    "screen": SCREEN_RULES,
    "isolate": ISOLATE_RULES,
    "domain": DOMAIN_RULES,
    "calibrate": CALIBRATE_RULES,
    "throttle": THROTTLE_RULES,
    "quic": QUIC_RULES,
    "ech": ECH_RULES,
    "hops": HOPS_RULES,
    "encrypted_dns": ENCRYPTED_RULES,
    "service": SERVICE_RULES,
    "middlebox": MIDDLEBOX_RULES,
    "residual": RESIDUAL_RULES,
    "watch": WATCH_RULES,
    "search": SEARCH_RULES,
    OONI_WEB: ONCE_RULES,
}
"""The rule table of each experiment."""

SIGHTS: dict[str, Callable[[Record, Knowledge], Sight]] = {
    "sni": Sending,
    "keyword": Sending,
    "screen": Screened,
    "isolate": Isolated,
    "domain": Permuted,
    "calibrate": Calibrated,
    "throttle": Rates,
    "quic": Silence,
    "ech": Hiding,
    "hops": Hopping,
    "encrypted_dns": Talk,
    "service": Using,
    "middlebox": Odd,
    "residual": Lingering,
    "watch": Watched,
    "search": Searched,
}
"""What the rules of an experiment look at, where it is one thing; a page load has a leg for each of its hosts."""

RULES: tuple[Rule, ...] = tuple({rule.id: rule for table in TABLES.values() for rule in table}.values())
"""Every rule once, for the reference."""


def legs(record: Record, knowledge: Knowledge, peers: Peers = ALONE) -> tuple[Leg, ...]:
    """The hosts of a page load in the order in which redirects led to them; the target's own host is first."""
    urls = [record.target if "://" in record.target else f"https://{record.target}/"]
    for trial in sorted(record.counted, key=lambda trial: trial.id):
        ask = trial.ask
        survey = ask.layer is Layer.HTTP and trial.pair is None and trial.changed is None
        if survey and trial.role is not Role.BASELINE and ask.url is not None and ask.url not in urls:
            urls.append(ask.url)
    if len(urls) > 1 and not any(trial.ask.url == urls[0] for trial in record.counted) and record.experiment == "web":
        urls = urls[1:]  # the list's spelling of the URL; what was asked is its normal form
    return tuple(
        Leg(host_in(url) or url, url, record.counted, record.context, knowledge, peers) for url in dict.fromkeys(urls)
    )


def judge(record: Record, knowledge: Knowledge, views: Sequence[PeerView] = ()) -> Verdict:
    """The verdict of one record; of a page load also by what other runs saw of the same in the same hour.

    Raises:
        KeyError: if the record's experiment has no rule table; the caller keeps such records and does not judge them.
    """
    table = TABLES[record.experiment]
    if record.experiment == OONI_WEB:
        return _judge_once([record], knowledge)[0]
    if record.experiment in SIGHTS:
        seen = SIGHTS[record.experiment](record, knowledge)
        ((rule, ruling),) = _first(table, [seen])
        ruling = beside(ruling) if isinstance(seen, Talk) else ruling
        return _verdict(record, knowledge, rule, ruling, _helper_counts(seen.trials))
    chain = legs(record, knowledge, Peers(record, views) if views else ALONE)
    judged = ((place, leg, *_first(table, [leg])[0]) for place, leg in enumerate(chain))
    place, leg, rule, ruling = next(
        found for found in judged if found[-1].outcome is not Outcome.OK or found[0] == len(chain) - 1
    )
    ruling = _with_other_mechanisms(ruling, leg)
    verdict = _verdict(record, knowledge, rule, ruling, _helper_counts(_compared(leg)))
    if place:
        verdict.facts["site"] = leg.host
    return _beside_peers(verdict, ruling, leg)


def judge_all(records: Sequence[Record], knowledge: Knowledge) -> list[Verdict]:
    """The verdicts of some records, each as `judge` gives it, in their order.

    Raises:
        KeyError: as `judge`.
    """
    once = iter(_judge_once([record for record in records if record.experiment == OONI_WEB], knowledge))
    return [next(once) if record.experiment == OONI_WEB else judge(record, knowledge) for record in records]


def _judge_once(records: Sequence[Record], knowledge: Knowledge) -> list[Verdict]:
    glances = [Glance(record, knowledge) for record in records]
    return [
        _verdict(seen.record, knowledge, rule, ruling, seen.helper_counts)
        for seen, (rule, ruling) in zip(glances, _first(ONCE_RULES, glances), strict=True)
    ]


def _first(table: tuple[Rule, ...], seen: Sequence[Leg | Sight | Glance]) -> list[tuple[Rule, Ruling]]:
    """For each of what was seen the first rule that matches, and its ruling.

    Each rule is asked about all of them before the next is: the processor then has it at hand, which for a dozen
    records is a fifth faster than one by one.
    """
    found: dict[int, tuple[Rule, Ruling]] = {}
    left = [*enumerate(seen)]
    for rule in table:
        applies, before = rule.applies, len(found)
        for place, one in left:
            ruling = applies(one)
            if ruling is not None:
                found[place] = rule, ruling
        if len(found) > before:
            left = [pair for pair in left if pair[0] not in found]
    return [found[place] for place in range(len(seen))]  # the last rule of a table matches everything


def _with_other_mechanisms(ruling: Ruling, leg: Leg) -> Ruling:
    """A site may be blocked in two ways at once; every decided test is named, the ruling's own first."""
    if ruling.outcome is not Outcome.BLOCKED:
        return ruling
    decided = [test for test in leg.tests if test.decision is Decision.INTERFERED]
    others = [named(leg, test) for test in decided if test.changed not in {"address", "site"}]
    known = {name.rsplit(".", 1)[0] for name in ruling.mechanisms} | set(ruling.mechanisms)
    more = [name for name in others if name not in known and name.rsplit(".", 1)[0] not in known]
    return Ruling(
        **{name: getattr(ruling, name) for name in Ruling.__struct_fields__ if name != "mechanisms"},
        mechanisms=tuple(dict.fromkeys([*ruling.mechanisms, *more])),
    )


def _verdict(record: Record, knowledge: Knowledge, rule: Rule, ruling: Ruling, helper: tuple[int, int]) -> Verdict:
    test = ruling.test
    decided = test is not None and test.decision is Decision.INTERFERED
    bounded = decided and test is not None and not test.direct
    subject = test.in_all if test is not None else ruling.hits or (0, 0)
    context = record.context
    return Verdict(
        outcome=ruling.outcome,
        rule=rule.id,
        rules=RULES_VERSION,
        knowledge=f"sha256:{knowledge.sha256}" if knowledge.sha256 else "none",
        evidence=ruling.evidence,
        mechanisms=ruling.mechanisms,
        scope=ruling.scope,
        extent=extent_of(test) if test is not None and test.counted else None,
        where=ruling.where,
        reason=ruling.reason,
        error_bound=test.error_bound if test is not None and bounded else ruling.error_bound,
        error_model=f"bracketed pairs, f0 {context.f0:.3f}, Wald" if bounded or ruling.error_bound else None,
        counts=Counts(
            subject=subject,
            baseline=baseline_counts(test) if test is not None else ruling.harmless or (0, 0),
            helper=helper,
        ),
        proof=test.proof if test is not None else ruling.proof,
        triggers=ruling.triggers,
        words=ruling.words,
        facts=dict(ruling.facts),
    )


def _beside_peers(verdict: Verdict, ruling: Ruling, leg: Leg) -> Verdict:
    """The verdict with what other runs saw in the same hour, whether or not its rule looked at it."""
    seen = leg.peers.visits(leg.url, leg.newest or leg.here, SAME_HOUR) if leg.peers.views else []
    found = dict.fromkeys([*ruling.views, *(view.record for view, _ in seen)])
    if not found:
        return verdict
    failed = sum(visit.step is not None for _, visit in seen)
    counts = msgspec.structs.replace(verdict.counts, peer=(failed, len(seen)))
    return msgspec.structs.replace(verdict, counts=counts, peers=tuple(found))


def _compared(leg: Leg) -> tuple[Trial, ...]:
    """The helper's visits where it would itself have gone: a forged answer's address is no comparison."""
    known = {address for step in leg.elsewhere for address in step.addresses}
    return tuple(
        trial for trial in leg.trials if not known or trial.ask.address is None or trial.ask.address in known
    )


def _helper_counts(trials: tuple[Trial, ...]) -> tuple[int, int]:
    """(failures, attempts) of what the helper was asked about the same thing."""
    asked = [trial for trial in trials if trial.side is Side.HELPER and trial.role is not Role.BASELINE]
    loads = [trial for trial in asked if trial.ask.layer is not Layer.DNS and trial.changed != "notice"] or asked
    return sum(trial.failed is not None for trial in loads), len(loads)
