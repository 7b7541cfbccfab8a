"""Every kind of censor that a scenario can name: its class, what it takes, its source, its mechanism.

The classes say it all themselves; this is the one table made of them, by which scenarios are checked and rules built,
and of which a page of the reference can be written.
"""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from itertools import starmap

import msgspec

from hushmap.lab.censors import dns, http, ip, quic, rate, tcp, tls, wording
from hushmap.lab.censors.conditions import conditional
from hushmap.lab.censors.naming import Naming
from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.rule import RESIDUAL, Listed, Rule
from hushmap.lab.censors.stream import StreamRule, Trigger, Watch

LAYERS = {"dns": dns, "ip": ip, "tcp": tcp, "tls": tls, "http": http, "quic": quic, "rate": rate}
ADDRESSES = fields("addresses")
EVERYWHERE = fields("kind", "at", "on_path", "fragments", "misses", "flows", "day_s", "active_s")
"""Parameters that every kind has."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One kind, as the reference shows it."""

    kind: str
    layer: str
    """The file of its class; `resolver` for those that act in the provider's resolver."""
    what: str
    """What it does."""
    source: str
    mechanisms: tuple[str, ...]
    """METHOD 2's words that the truth log may have for it."""
    takes: tuple[str, ...]
    """Parameters beside those of `EVERYWHERE`."""
    needs: tuple[tuple[str, ...], ...]
    """Of each group one must be given."""
    in_path: bool = False
    """It cannot be a tap."""
    server: bool = False
    """A site's own refusal, no censor of the client's network."""
    rule: type[Listed] | None = None
    """`None`: it acts in the resolver, services/dns.py."""


def build(censor: Censor, seed: int = 1) -> Rule:
    """The rule of an entry that `faults` finds nothing wrong with; KeyError for one that acts in the resolver."""
    return conditional(RULES[censor.kind](censor, seed), censor, seed)


def faults(censor: Censor) -> Iterator[str]:
    """What is wrong with an entry, each in one line that names the parameter."""
    rule = RULES.get(censor.kind)
    triggers: Iterable[type[Trigger]] = ()
    if rule is not None and issubclass(rule, StreamRule):
        triggers = (rule.trigger_of(censor),)
    takes = CATALOGUE[censor.kind].takes if rule is None else _takes(rule, triggers)
    for name in _given(censor):
        if name not in takes and name not in EVERYWHERE:
            yield f"takes no {name}; it takes {', '.join(takes)}"
    for group in CATALOGUE[censor.kind].needs if rule is None else _needs(rule, triggers):
        if not any(getattr(censor, name) for name in group):
            yield f"needs {' or '.join(group)}"
    yield from _values(censor)
    yield from wording.faults(censor)
    if censor.kind == "resolver-bogon":
        yield from dns.DnsBogon.faults(censor)
    if rule is not None:
        if censor.on_path and rule.in_path:
            yield "cannot be on_path, for a tap cannot discard"
        yield from rule.faults(censor)


def _given(censor: Censor) -> list[str]:
    """Parameters that are not as they are by default."""
    usual = Censor(kind=censor.kind)
    return [name for name in Censor.__struct_fields__ if getattr(censor, name) != getattr(usual, name)]


def _values(censor: Censor) -> Iterator[str]:
    """What the types of single parameters cannot say."""
    for name in ("addresses", "to"):
        for address in getattr(censor, name):
            try:
                ip_address(address)
            except ValueError:
                yield f"{name}: {address} is no IP address"
    if len({":" in address for address in censor.to}) < len(censor.to):
        yield "to: one address of each family at most"
    if not censor.residual_s:
        for name in (*RESIDUAL[1:], "onset_s"):
            if name in _given(censor):
                yield f"{name} means nothing without residual_s"
    begin, end = censor.active_s
    if censor.day_s and (begin == end or max(begin, end) > censor.day_s):
        yield f"active_s must be a part of the day of {censor.day_s:g} s"
    if not censor.day_s and end:
        yield "active_s means nothing without day_s"


def _takes(rule: type[Listed], triggers: Iterable[type[Trigger]]) -> tuple[str, ...]:
    """The parameters of a class and of all that it is made of, in the order of `Censor`."""
    named = {name for part in rule.__mro__ for name in vars(part).get("takes", ())}
    named |= {name for trigger in triggers for name in (*trigger.takes, *Watch.takes)}
    return tuple(name for name in Censor.__struct_fields__ if name in named)


def _needs(rule: type[Listed], triggers: Iterable[type[Trigger]]) -> tuple[tuple[str, ...], ...]:
    return (*rule.needs, *(group for trigger in triggers for group in trigger.needs))


def _classes() -> Iterator[tuple[str, type[Listed]]]:
    """(layer, class) of every kind, in the order of the files."""
    for layer, module in LAYERS.items():
        for each in vars(module).values():
            here = isinstance(each, type) and each.__module__ == module.__name__
            if here and issubclass(each, Listed) and "kind" in vars(each):
                yield layer, each


def _entry(layer: str, rule: type[Listed]) -> Entry:
    text = " ".join((rule.__doc__ or "").split())
    what, _, source = text.partition(" Source: ")
    triggers = rule.triggers() if issubclass(rule, StreamRule) else ()
    words = (rule.named(msgspec.convert({"kind": rule.kind, **variant}, Censor)) for variant in _VARIANTS)
    return Entry(
        kind=rule.kind,
        layer=layer,
        what=what,
        source=re.split(r"\.(?: |$)", source, maxsplit=1)[0],
        mechanisms=tuple(dict.fromkeys(words)),
        takes=_takes(rule, triggers),
        needs=_needs(rule, triggers[:1]),
        in_path=rule.in_path,
        server=rule.server,
        rule=rule,
    )


_VARIANTS: tuple[dict[str, object], ...] = (
    {},
    {"trusted": True, "header": "cookie", "part": "path"},
    {"part": "query"},
)
"""Parameters by which a class changes its word."""


def _resolver(kind: str, mechanism: str, what: str, *needed: tuple[str, ...]) -> Entry:
    return Entry(
        kind=kind,
        layer="resolver",
        what=what,
        source="METHOD 2; refs/BEYOND 2.4 (verdicts on resolvers' answers)",
        mechanisms=(mechanism,),
        takes=(*Naming.takes, *(name for group in needed for name in group)),
        needs=groups(*Naming.needs, *needed),
    )


_LIES = (
    ("resolver-nxdomain", "dns.nxdomain", "It says that the name does not exist."),
    ("resolver-refused", "dns.refused", "It refuses to answer for the name."),
    ("resolver-servfail", "dns.servfail", "It says that it could not find out."),
    ("resolver-empty", "dns.empty", "It knows the name and no address of it."),
    ("resolver-silent", "dns.timeout", "It says nothing to a question for the name."),
    ("resolver-address", "dns.tamper.blockpage", "It names the address of a notice.", ADDRESSES),
    ("resolver-bogon", "dns.tamper.bogon", "It names an address that no public site can have.", ADDRESSES),
    ("resolver-other", "dns.tamper.other", "It names the address of another site, that answers.", ADDRESSES),
)
"""What the provider's resolver may do about a name: kind, mechanism, words, and what must be given."""
RULES: dict[str, type[Listed]] = {rule.kind: rule for _, rule in _classes()}
"""Every kind of rule on the path."""
CATALOGUE: dict[str, Entry] = {
    entry.kind: entry
    for entry in (
        *starmap(_resolver, _LIES),
        *(_entry(layer, rule) for layer, rule in _classes()),
    )
}
RESOLVER_KINDS = frozenset(kind for kind, entry in CATALOGUE.items() if entry.rule is None)
"""These act in the provider's resolver, not on the path."""
SERVER_KINDS = frozenset(kind for kind, entry in CATALOGUE.items() if entry.server)
"""These act at the server's end: a site's own refusal, no censor of the client's network."""
