"""Rules for a service: it can be used where each of its groups is met, by any one or by every one of its endpoints.

What stands against one endpoint stands against the service only if the service cannot do without it: a messenger of
which one of three doors is shut works. The sentence names the doors either way.
"""

from functools import cached_property

import msgspec

from hushmap.detect.contact import Contact
from hushmap.detect.ruling import Rule, Ruling, portal
from hushmap.model import (
    Evidence,
    Group,
    Knowledge,
    Outcome,
    Reason,
    Record,
    Role,
    Side,
    Trial,
    Where,
)

_NAMED = 6
"""Endpoints that a sentence names; the rest it counts."""
_AUTHORLESS = frozenset({Outcome.BLOCKED, Outcome.UNREACHABLE})
"""It fails here and not elsewhere, whoever is shown to make it fail."""


class Using:
    """What the trials about a service show, endpoint by endpoint."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.record, self.context = record, record.context
        endpoints = record.service.endpoints if record.service is not None else ()
        self.contacts = tuple(Contact(endpoint, record, knowledge) for endpoint in endpoints)
        self.subjects = [
            trial for trial in record.counted if trial.role is not Role.BASELINE and trial.side is Side.HERE
        ]

    def of(self, group: Group) -> tuple[Contact, ...]:
        """The endpoints of a group."""
        return tuple(contact for contact in self.contacts if contact.endpoint.group == group.name)

    @cached_property
    def unmet(self) -> tuple[Group, ...]:
        """The groups without which the service cannot be used from here."""
        groups = self.record.service.groups if self.record.service is not None else ()
        return tuple(group for group in groups if not self._met(group))

    def _met(self, group: Group) -> bool:
        return (all if group.every else any)(contact.works for contact in self.of(group))

    @cached_property
    def wanting(self) -> tuple[Contact, ...]:
        """The endpoints of those groups that do not work: what there is to explain."""
        return tuple(contact for group in self.unmet for contact in self.of(group) if not contact.works)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Those that a comparison counts: of the endpoints that are to be explained, or of all that work."""
        told = self.wanting or tuple(contact for contact in self.contacts if contact.works)
        return tuple(trial for contact in told for trial in contact.helper)

    def shut(self, group: Group, outcomes: frozenset[Outcome]) -> tuple[Contact, ...]:
        """The endpoints whose outcomes alone make a group unmet; empty if others may have a part in it."""
        failing = [contact for contact in self.of(group) if not contact.works]
        told = tuple(contact for contact in failing if contact.ruling.outcome in outcomes)
        # What fails for everyone is nobody's door: the service has moved on from it.
        rest = [contact for contact in failing if contact.ruling.outcome not in {*outcomes, Outcome.DOWN}]
        return () if rest and not group.every else told

    def facts(self) -> dict[str, str]:
        """What a sentence may say of the endpoints."""
        service = self.record.service
        assert service is not None, "rules ask about services only"
        working = [contact.endpoint.text for contact in self.contacts if contact.works]
        failing = [contact.endpoint.text for contact in self.contacts if not contact.works]
        facts = {"service": service.title}
        facts |= {"answering": _listed(working)} if working else {}
        return facts | ({"failing": _listed(failing)} if failing else {})


def _listed(names: list[str]) -> str:
    """The first names, and how many more there are."""
    shown = list(dict.fromkeys(names))
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" (+{more})" if more > 0 else "")


def _nothing(using: Using) -> Ruling | None:
    if using.subjects and using.contacts:
        return None
    spent = using.context.budget_spent
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if spent else Reason.NETWORK_LOST)


def _used(using: Using) -> Ruling | None:
    """Every group is met; what was cut on the way to endpoints beside is said all the same."""
    if using.unmet:
        return None
    rulings = [contact.ruling for contact in using.contacts]
    cut = [ruling for ruling in rulings if ruling.outcome is Outcome.BLOCKED]
    seen = [name for ruling in cut or rulings for name in ruling.mechanisms if not name.startswith("server.")]
    working = [contact.ruling for contact in using.contacts if contact.works]
    hits = [ruling.hits for ruling in working if ruling.hits is not None]
    compared = any(ruling.evidence is Evidence.COMPARISON for ruling in working)
    facts = using.facts()
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.COMPARISON if compared else Evidence.NONE,
        mechanisms=tuple(dict.fromkeys(seen)),
        where=Where.PATH if cut else Where.UNKNOWN,
        proof=tuple(number for ruling in working for number in ruling.proof),
        hits=(sum(failed for failed, _ in hits), sum(tried for _, tried in hits)),
        facts={**facts, "site": facts["service"]},
    )


def _blocked(using: Using) -> Ruling | None:
    """A group is unmet for endpoints of which each is shown to be cut on the way."""
    for group in using.unmet:
        for contact in using.shut(group, frozenset({Outcome.BLOCKED})):
            return _about(using, contact)
    return None


def _unreachable(using: Using) -> Ruling | None:
    """A group is unmet for endpoints that work elsewhere; who makes them fail is not shown of all of them."""
    for group in using.unmet:
        shut = using.shut(group, _AUTHORLESS)
        authorless = [contact for contact in shut if contact.ruling.outcome is Outcome.UNREACHABLE]
        for contact in authorless[:1]:
            others = (name for other in shut for name in other.ruling.mechanisms)
            ruling = _about(using, contact)
            return msgspec.structs.replace(ruling, mechanisms=tuple(dict.fromkeys((*ruling.mechanisms, *others))))
    return None


def _down(using: Using) -> Ruling | None:
    """A group is unmet for endpoints that fail at a comparison point likewise."""
    for group in using.unmet:
        for contact in using.shut(group, frozenset({Outcome.DOWN})):
            return _about(using, contact)
    return None


def _about(using: Using, contact: Contact) -> Ruling:
    """The ruling of one endpoint, as what is said of the service."""
    facts = {**contact.ruling.facts, **using.facts(), "site": contact.endpoint.text}
    scope = None if any(each.works for each in using.contacts) else contact.ruling.scope
    return msgspec.structs.replace(contact.ruling, facts=facts, scope=scope)


def _left(using: Using) -> Ruling:
    """The reason of the first endpoint that keeps its group from being decided."""
    reasons = [contact.ruling.reason for contact in using.wanting if contact.ruling.reason is not None]
    facts = using.facts()
    return Ruling(
        outcome=Outcome.INSUFFICIENT,
        reason=next(iter(reasons), Reason.NO_RULE),
        facts={**facts, "site": facts["service"]},
    )


SERVICE_RULES: tuple[Rule, ...] = (
    Rule(id="service.nothing-counted", what="No attempt from here could be counted.", applies=_nothing),
    Rule(id="service.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(
        id="service.used",
        what="Of each group of endpoints any, or every one where none can be missed, answered as a live one does.",
        applies=_used,
    ),
    Rule(
        id="service.blocked",
        what="A group without which it cannot be used is cut off, each endpoint that matters by evidence of its own.",
        applies=_blocked,
    ),
    Rule(
        id="service.unreachable",
        what="A group without which it cannot be used fails here and answers the helper.",
        applies=_unreachable,
    ),
    Rule(
        id="service.down",
        what="A group without which it cannot be used fails likewise at a comparison point that was itself online.",
        applies=_down,
    ),
    Rule(id="service.undecided", what="What fails of it could not be explained.", applies=_left),
)
