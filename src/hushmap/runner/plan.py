"""What a run would send, and who would see it: shown before anything is sent (METHOD 5, UX 1).

The asks come from the same inquiries that a run opens, and the worst case from the table of experiments, so that plan
and run cannot drift apart. Addresses are not known before the first lookup, so `asks` shows how each inquiry opens.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import msgspec

from hushmap.experiments import Conditions, Cost, for_words, open_inquiry, worst_case
from hushmap.model import CATEGORIES, IDS_PER_TARGET, SYSTEM_RESOLVER, Attempt, Endpoint, Place, Platform, Target
from hushmap.net import parse_resolver
from hushmap.runner.orders import CALIBRATION, RunPlan, conditions, watched
from hushmap.runner.sentinel import EVERY_SECONDS, Sentinel

NO_CATEGORY = "without a category"
SENTINEL_BYTES = 16_000
"""One look at the network: two lookups, two handshakes, an echo, the helper's word."""


ELSEWHERE_SECONDS = (2.0, 22.5)
"""A page at a helper of OONI's kind, if all is well and at most: such a helper is asked about two pages at a time
(net.ooni_helper), and takes some 4 s for one, or its whole 45."""


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """If all is well, and at most."""

    min: float
    max: float


class SeenBy(msgspec.Struct, frozen=True, kw_only=True):
    """One party, and what it can see of the run."""

    who: str
    what: str


class Off(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that stay off, and the name that switches them on."""

    category: str | None
    words: str
    targets: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The object of `hushmap plan --json`."""

    deck: str
    experiments: dict[str, int]
    """Targets by experiment."""
    targets: int
    categories: dict[str, int]
    """Targets by category, in words."""
    requests: Range
    seconds: Range
    bytes: Range
    flows_per_second: float
    per_host_per_second: float
    contacts: int
    """Trials from here that carry one name, at most, in a day."""
    seen_by: tuple[SeenBy, ...]
    off: tuple[Off, ...]
    not_asked: int = 0
    """Words that have no place to be sent to: they need a helper of one's own."""


def preview(run: RunPlan) -> Plan:
    """The plan of a run; sends nothing."""
    known = conditions(run, dict.fromkeys(run.baselines, ()))
    costs = [worst_case(target, known) for target in run.targets]
    least, most = sum(cost.requests_min for cost in costs), sum(cost.requests_max for cost in costs)
    flows = run.rates.flows * run.scale
    words = _one_by_one(run, costs, known)
    seconds_min = max([least / flows, words.min, *(cost.seconds_min for cost in costs)])
    seconds_max = max([most / flows, words.max, *(cost.seconds_max for cost in costs)])
    if run.helper is not None and run.helper.url is not None:
        pages = sum(target.place is None for target in run.targets) / run.scale
        seconds_min = max(seconds_min, pages * ELSEWHERE_SECONDS[0])
        seconds_max = max(seconds_max, pages * ELSEWHERE_SECONDS[1])
    looks = [2 + int(seconds / (EVERY_SECONDS / run.scale)) for seconds in (seconds_min, seconds_max)]
    each = len(Sentinel(watched(run)).begin()) + len(run.baselines)
    spent = sum(cost.bytes_max for cost in costs) + looks[1] * SENTINEL_BYTES
    return Plan(
        deck=run.deck,
        experiments=dict(Counter(target.experiment for target in run.targets)),
        targets=len(run.targets),
        categories=dict(Counter(_words(target) for target in run.targets).most_common()),
        requests=Range(min=least + looks[0] * each, max=most + looks[1] * each),
        seconds=Range(min=seconds_min, max=seconds_max),
        bytes=Range(
            min=sum(cost.bytes_min for cost in costs) + looks[0] * SENTINEL_BYTES,
            max=min(spent, run.limits.max_bytes),
        ),
        flows_per_second=flows,
        per_host_per_second=run.rates.per_host * run.scale,
        contacts=min(run.limits.contacts, max((cost.contacts_max for cost in costs), default=0)),
        seen_by=_seen_by(run),
        off=tuple(
            Off(category=category, words=CATEGORIES.get(category or "", NO_CATEGORY), targets=count)
            for category, count in Counter(target.category for target in run.off).most_common()
        ),
        not_asked=_count(target for target in run.targets if target.place is not None)
        if run.own_address is None
        else 0,
    )


def _one_by_one(run: RunPlan, costs: Iterable[Cost], known: Conditions) -> Range:
    """The seconds in which words are sent: all to one address, so many a second to each port that they may go to.

    Ports count for one until a calibration has told them apart. Lookups have no pace of a host, but wait for silence.
    """
    planted = any(target.experiment == CALIBRATION for target in run.targets)
    ports = for_words(known) if planted else 1
    pace = run.rates.per_host * run.scale * ports
    words = [(target, cost) for target, cost in zip(run.targets, costs, strict=True) if target.place is not None]
    least = sum(cost.requests_min for target, cost in words if target.place is not Place.DNS_NAME)
    return Range(min=least / pace, max=sum(cost.requests_max for _, cost in words) / pace)


def asks(run: RunPlan) -> Iterator[tuple[Target | None, Attempt]]:
    """How the sentinel and every inquiry open, in run order; what follows depends on the answers."""
    for attempt in Sentinel(watched(run)).begin():
        yield None, attempt
    known = conditions(run, dict.fromkeys(run.baselines, ()))
    for index, target in enumerate(run.targets):
        for attempt in open_inquiry(target, known, (index + 1) * IDS_PER_TARGET).ask(0.05):
            yield target, attempt


def _count(targets: Iterable[Target]) -> int:
    """How many words they hold; several may be asked about together."""
    return sum(max(1, len(target.words)) for target in targets)


def _words(target: Target) -> str:
    return CATEGORIES.get(target.category or "", NO_CATEGORY)


def _endpoints(target: Target) -> tuple[Endpoint, ...]:
    return target.service.endpoints if target.service is not None else ()


def _platform(target: Target) -> Platform | None:
    return target.post.platform if target.post is not None else target.platform


def _shown(targets: Iterable[Target]) -> dict[str, str]:
    """What each platform is shown of what is asked, by its name."""
    asked: dict[str, Counter[str]] = {}
    for target in targets:
        platform = _platform(target)
        if platform is not None:
            kind = "words that you search for" if target.post is None else "posts that you look at"
            asked.setdefault(platform.name, Counter())[kind] += 1
    return {name: " and ".join(f"the {n} {kind}" for kind, n in kinds.items()) for name, kinds in asked.items()}


def _seen_by(run: RunPlan) -> tuple[SeenBy, ...]:
    words = [target for target in run.targets if target.place is not None]
    sites = [target for target in run.targets if target.place is None]
    odd = [target for target in sites if target.experiment == "middlebox"]
    shown = _shown(run.targets)
    sites = [target for target in sites if target not in odd and _platform(target) is None]
    services = [target for target in sites if target.service is not None]
    inside = {endpoint.name for target in services for endpoint in _endpoints(target) if endpoint.name}
    named = len(sites) - len(services) + len(inside) + len(shown)
    kinds = ((named, "names"), (_count(words), "words"), (len(odd), "odd requests to your helper"))
    what = " and ".join(f"the {count} {noun}" for count, noun in kinds if count) or "addresses"
    seen = [SeenBy(who="your provider and anyone on the line", what=f"{what}, asked in a row, from your line")]
    seen += [SeenBy(who=who, what=f"your address, and {told}") for who, told in shown.items()]
    visited = [target for target in sites if target.experiment in {"web", "throttle"}]
    if visited:
        hosts = {urlsplit(target.text).hostname or target.text for target in visited}
        seen.append(SeenBy(who=f"the {len(hosts)} sites", what="your address, a page load"))
    if services:
        seen.append(SeenBy(who=f"the servers of {len(services)} services", what="your address, a first packet"))
    traced = [target for target in sites if target.experiment == "hops"]
    if traced:
        hosts = {urlsplit(target.text).hostname or target.text for target in traced}
        seen.append(SeenBy(who=f"the {len(hosts)} sites", what="your address, connections and first packets"))
        seen.append(SeenBy(who="routers on the way", what="your address, packets that end there"))
    initials = [target for target in sites if target.experiment == "quic"]
    if initials:
        met = "your address, a page load and handshakes over QUIC"
        seen.append(SeenBy(who=f"the {len(initials)} sites", what=met))
        others = "your address, and the name of a site that is silent over QUIC"
        seen.append(SeenBy(who="the servers of the harmless names", what=others))
    asked = [target for target in sites if target.experiment == "encrypted_dns"]
    if asked:
        hosts = {urlsplit(target.text).hostname or target.text for target in asked}
        seen.append(SeenBy(who=f"the {len(hosts)} resolvers", what="your address, a question for a harmless name"))
    shaken = [target for target in sites if target.experiment in {"sni", "residual", "ech"}]
    if shaken:
        who = "your helper" if run.own_address is not None else "the servers of the harmless names"
        seen.append(SeenBy(who=who, what=f"your address, {len(shaken)} names in handshakes"))
    if named:
        resolvers = dict.fromkeys((*run.resolvers, *run.comparison_resolvers))
        listed = ", ".join("your system's DNS server" if one == SYSTEM_RESOLVER else one for one in resolvers)
        seen.append(SeenBy(who=listed, what=f"the {named} names"))
        if any(parse_resolver(one).encrypted for one in resolvers):
            hidden = "that you ask a DNS server inside TLS, and which; of those questions not the names"
            seen.append(SeenBy(who=seen[0].who, what=hidden))
    if run.helper is not None:
        told = what if run.helper.url is None else f"the {len(sites)} URLs"  # words have no business there
        seen.append(SeenBy(who=run.helper.name, what=f"{told} and your address"))
    seen.append(SeenBy(who=", ".join(run.baselines), what="your address, every minute of the run"))
    return tuple(seen)
