"""The same scenario under other conditions: a worse line, IPv6, no censor.

A scenario says what is true of its targets; here is made what else must hold if that is so. A worse line and another
family change nothing of what is right; without its censors a network must not be accused of anything.
"""

from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit

import msgspec

from hushmap.lab.scenario import Censor, Expectation, Scenario
from hushmap.lab.scenario_sites import Site
from hushmap.lab.score import addresses_of
from hushmap.model import Outcome, Scope

ACCUSING = frozenset({Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.DEGRADED})


class Noise(msgspec.Struct, frozen=True, kw_only=True):
    """A line; what the scenario's own line does worse stays."""

    name: str
    loss: float = 0.0
    burst: float = 1.0
    delay_ms: float = 0.0
    """One way."""
    jitter_ms: float = 0.0


NOISES = {
    noise.name: noise
    for noise in (
        Noise(name="clean"),
        Noise(name="mild", loss=0.02, delay_ms=40.0),
        Noise(name="harsh", loss=0.05, burst=8.0, delay_ms=150.0, jitter_ms=30.0),
    )
}
"""Issue "The lab as judge" 4, mildest first. The jitter's size is ours: a fifth of the delay."""
WORST = "harsh"
SLOWEST_MS = 750.0
"""Delay times scale, at most: a line is not scaled, so that to a tool in a hurry it is that much slower. 150 ms at
scale 5 are as long to its time-outs as 750 ms in the field, and more would be no line that is in use."""


def under(scenario: Scenario, noise: Noise) -> Scenario:
    """The scenario on a line at least as bad as this."""
    own = scenario.path
    worse = {"delay_ms": max(own.delay_ms, noise.delay_ms), "jitter_ms": max(own.jitter_ms, noise.jitter_ms)}
    if noise.loss > own.loss:
        worse |= {"loss": noise.loss, "burst": noise.burst}
    worse_line = msgspec.structs.replace(scenario, path=msgspec.structs.replace(own, **worse))
    if noise.name != next(iter(NOISES)):
        expect = tuple(_by_rate(one) if one.experiment == _RATES else one for one in scenario.expect)
        worse_line = msgspec.structs.replace(worse_line, expect=expect)
    return _slower(worse_line, SLOWEST_MS / worse["delay_ms"] if noise.delay_ms else scenario.scale)


_RATES = "throttle"


def _by_rate(expect: Expectation) -> Expectation:
    """What is true of a rate on a worse line: a limit is none where the line itself does not reach it.

    A line is not scaled, and carries in a hurry no faster than at leisure. How often slowing is still seen is
    measured apart (tests/bench/throttle.py); here nothing worse may be said, and nothing at all of an innocent.
    """
    limited = ACCUSING & set(expect.outcomes)
    outcomes = (Outcome.OK, Outcome.INSUFFICIENT, *([Outcome.DEGRADED] if limited else []))
    return msgspec.structs.replace(expect, outcomes=outcomes, mechanisms=())


def _slower(scenario: Scenario, most: float) -> Scenario:
    """The scenario at a scale of at most this, with the censors' own times as long for the tool as they were."""
    if scenario.scale <= most:
        return scenario
    longer = scenario.scale / most
    censors = tuple(
        msgspec.structs.replace(
            censor,
            residual_s=censor.residual_s * longer,
            onset_s=censor.onset_s * longer,
            day_s=censor.day_s * longer,
            active_s=(censor.active_s[0] * longer, censor.active_s[1] * longer),
        )
        for censor in scenario.censor
    )
    return msgspec.structs.replace(scenario, scale=most, censor=censors)


def in_ipv6(scenario: Scenario) -> Scenario | None:
    """The scenario with its IPv4-only sites in IPv6, and what censors do by address with them.

    Sites that have both families stay as they are. Those that are no targets get both: baselines, for a site is
    compared with what is asked by the same family, and whoever a forged answer leads to. `None` if that leaves
    nothing to measure: no site, or a scenario whose point is the difference of the families.
    """
    client = scenario.client
    if client.nat64 or client.ipv6_broken or any(one.scope in {Scope.IPV4, Scope.IPV6} for one in scenario.expect):
        return None
    moved = {
        address: _sixth(address)
        for site in scenario.site
        if not any(":" in one for one in site.every_address)
        for address in site.every_address
        if _documented(address)
    }
    sites = tuple(expect for expect in scenario.expect if expect.place is None)
    if not moved or not sites:
        return None
    targets = {urlsplit(expect.target).hostname for expect in sites}
    return msgspec.structs.replace(
        scenario,
        site=tuple(_moved_site(site, moved, both=site.name not in targets) for site in scenario.site),
        censor=tuple(_moved_censor(censor, moved) for censor in scenario.censor),
        expect=sites,
    )


def without_censors(scenario: Scenario) -> Scenario | None:
    """The uncensored twin with what is true there: what was censored is fine, words have no canary that fires.

    `None` if nothing would differ.
    """
    twin = scenario.uncensored()
    if twin.censor == scenario.censor:
        return None
    intercepted = any(_EVERY_NAME in censor.names for censor in scenario.censor)
    return msgspec.structs.replace(
        twin, expect=tuple(_in_twin(expect, twin, intercepted=intercepted) for expect in scenario.expect)
    )


def is_censored(expect: Expectation, scenario: Scenario) -> bool:
    """Whether the network itself acts against this target, so that it must be found: an accusation is right.

    Not where ok is right too, as after a race that the censor lost, and not where the refusal is the site's own.
    """
    if not ACCUSING & set(expect.outcomes) or Outcome.OK in expect.outcomes:
        return False
    own = scenario.uncensored().censor
    return len(own) < len(scenario.censor) and not _refused_by_site(expect, scenario)


def _refused_by_site(expect: Expectation, scenario: Scenario) -> bool:
    """Whether a rule at the server's end, which is no censor, covers this target."""
    addresses = addresses_of(expect, scenario)
    return any(
        addresses & set(refusal.addresses) or any(name in expect.target for name in (*refusal.names, *refusal.words))
        for refusal in scenario.uncensored().censor
    )


_EVERY_NAME = "."
"""What a portal and an antivirus act on: where every connection is intercepted nothing is said of any (METHOD 4)."""


def _in_twin(expect: Expectation, twin: Scenario, *, intercepted: bool) -> Expectation:
    changes: dict[str, object] = {"needs": ""}
    if intercepted and expect.outcomes == (Outcome.INSUFFICIENT,):
        changes["outcomes"] = (Outcome.OK,)
    if Outcome.OK in expect.outcomes:
        changes |= {"mechanisms": (), "scope": None}
    if ACCUSING & set(expect.outcomes) and not _refused_by_site(expect, twin):
        changes |= {"outcomes": (Outcome.OK,), "mechanisms": (), "scope": None}
    if expect.place is not None:
        changes["outcomes"] = (Outcome.OK, Outcome.INSUFFICIENT)
    return msgspec.structs.replace(expect, **changes)


def _documented(address: str) -> bool:
    """Whether it is one of the ranges for documentation: of others, such as private ones, the family is the point."""
    return ":" not in address and address.startswith(("198.51.100.", "203.0.113."))


def _sixth(address: str) -> str:
    """One IPv6 address for each IPv4 one, all for documentation (RFC 3849), none that the lab uses otherwise."""
    return str(ip_address(f"2001:db8:{4 + (address[0] == '2')}::{int(IPv4Address(address)) & 0xFF:x}"))


def _moved_site(site: Site, moved: dict[str, str], *, both: bool) -> Site:
    # A site with both families shares addresses with none that moves, or it would lose them for one family only.
    if any(":" in address for address in site.every_address):
        return site
    fields = ("addresses", "isp_addresses", "elsewhere_addresses", "dead")
    new = {name: tuple(moved.get(one, one) for one in getattr(site, name)) for name in fields}
    if both:
        new = {name: tuple(dict.fromkeys((*getattr(site, name), *addresses))) for name, addresses in new.items()}
    return msgspec.structs.replace(site, **new)


def _moved_censor(censor: Censor, moved: dict[str, str]) -> Censor:
    """Addresses that it acts on or leads to move along, and what it forges in one family only it forges in both."""
    whole, whole_to = (any(":" in one for one in some) for some in (censor.addresses, censor.to))
    more = [moved.get(one) or _forged(one) for one in censor.addresses if one in moved or not whole]
    led = censor.to if whole_to else (*censor.to, *(moved[one] for one in censor.to if one in moved))
    return msgspec.structs.replace(censor, addresses=tuple(dict.fromkeys((*censor.addresses, *more))), to=led)


def _forged(address: str) -> str:
    """What a forger of this IPv4 address says in IPv6: a bogon stays one."""
    return _sixth(address) if _documented(address) else "::1"
