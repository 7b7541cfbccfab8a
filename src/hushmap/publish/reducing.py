"""A record -> its reduced copy, or why it stays here. Pure.

Three steps, none of which trusts the others: every field by the table of `fields`; then every text of the copy is
looked at once more, as a stranger would; then the copy is judged, and where it says something else than the record
did, it does not leave. An innocent site that is called blocked because of a mask would be our lie.
"""

import re
from collections.abc import Iterator
from enum import Enum, StrEnum
from typing import Any

import msgspec

from hushmap.catalog import exclusions
from hushmap.judge import judge_one, safely
from hushmap.model import Knowledge, Outcome, Record, Vantage, is_public
from hushmap.publish import coarse
from hushmap.publish.fields import FIELDS, Making
from hushmap.runs import Reject

PLACEHOLDER = "00000000T0000Z-0"
"""Stands for the run's id until it is known what is published of it."""
_PERSONAL_NOTES = frozenset("name author contact person operator user username reporter observer email phone".split())
_PERSONAL_SUBJECT = ("GN=", "SN=", "givenName=", "surname=", "emailAddress=", "UID=", "2.5.4.42=", "2.5.4.4=")
"""Parts of a certificate's subject that are a person's: a proxy of one's own, an antivirus program."""
_PLAIN = re.compile(r"[0-9a-f:./x-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z").fullmatch
"""Addresses, hashes and times, which hold no term and are most of a record."""

_ID = re.compile(r"[0-9A-Za-z-]{1,80}-[0-9]{4,10}")
"""Of a record of ours: its run, and its place there."""


class Refusal(StrEnum):
    """Why a record does not leave."""

    FOREIGN = "foreign"
    EXCLUDED = "excluded"
    SOMEBODY = "somebody"
    PERSONAL = "personal"
    HIDDEN = "hidden"
    TIME = "time"
    ALTERED = "altered"
    CATEGORY = "category"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the person said of the copy."""

    precision: str = coarse.HOUR
    own_vantage: bool = False
    """The line's holder lets the network be named: AS number, its name, the resolver of the provider, routers."""
    without: frozenset[str] = frozenset()
    """Categories whose records stay here; `none` is those without one."""


class Reduced(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one record."""

    record: Record
    weaker: bool = False
    """What carried its verdict was masked: of the copy nothing can be decided."""


def reduced(record: Record, making: Making, wish: Wish, knowledge: Knowledge) -> Reduced | Refusal:
    """The copy of a record, or why there is none."""
    early = _refused_at_once(record, wish)
    if early is not None:
        return early
    index = record.id.rpartition("-")[2]
    context = msgspec.structs.replace(record.context, prefixes=_prefixes(record, making))
    plain = msgspec.structs.replace(
        record, id=f"{PLACEHOLDER}-{index}", run=PLACEHOLDER, vantage=Vantage(), context=context
    )
    making.about_words = record.layer is not None
    making.about_resolvers = record.experiment == "encrypted_dns"
    copy: Record = _walked(plain, making)
    copy = msgspec.structs.replace(copy, vantage=vantage(record.vantage, making))
    if not (copy.started and copy.ended and copy.run_started):
        return Refusal.TIME
    reason = _refused_after(copy, record, making)
    if reason is not None:
        return reason
    before, after = _outcome(record, knowledge), _outcome(copy, knowledge)
    if before is not after and after is not Outcome.INSUFFICIENT:
        return Refusal.ALTERED
    return Reduced(record=copy, weaker=before is not after)


def reduced_again(copy: Record, making: Making) -> Record:
    """A copy with every field done once more: nothing of it changes if it is one."""
    done: Record = _walked(copy, making)
    return done


def _outcome(record: Record, knowledge: Knowledge) -> Outcome | None:
    """What a record shows; `None` where there are no rules for it, or a mask has made it what cannot be judged."""
    judged = safely("", lambda: judge_one(record, knowledge))
    return None if isinstance(judged, Reject) else judged.verdict.outcome


def _prefixes(record: Record, making: Making) -> tuple[tuple[str, int], ...]:
    """Those of networks that may be named, but for the few addresses' own around whom a stand-in stands for."""
    own = {record.vantage.asn, record.vantage.resolver_asn}
    if not making.own_vantage and record.vantage.asn is None:
        return ()  # each may be the person's
    told = (one for one in record.context.prefixes if making.own_vantage or one[1] not in own)
    return tuple(one for one in told if not making.names.any_in(one[0]))


def vantage(place: Vantage, making: Making) -> Vantage:
    """What may be told of the place: its country and kind, and the network where its holder said so."""
    told: dict[str, Any] = {"country": place.country, "kind": place.kind}
    if making.own_vantage:
        resolver = place.resolver if place.resolver and is_public(place.resolver) else None
        told |= {"asn": place.asn, "network": place.network, "resolver": resolver, "resolver_asn": place.resolver_asn}
    left = [
        name for name in ("asn", "network", "locality", "resolver") if getattr(place, name) and not told.get(name)
    ]
    making.masked["parts of the place"] += len(left)
    told = {name: making.ours(value) if isinstance(value, str) else value for name, value in told.items()}
    set_ = {name: value for name, value in told.items() if value is not None}
    known = {name: how for name, how in place.known.items() if name in set_ and how in {"declared", "looked_up"}}
    return Vantage(**set_, known=known)


def _refused_at_once(record: Record, wish: Wish) -> Refusal | None:
    """What only the record itself shows, before its copy is made."""
    if record.source is not None or not _ID.fullmatch(record.id):
        return Refusal.FOREIGN
    if (record.category or "none") in wish.without:
        return Refusal.CATEGORY
    if record.personal:
        return Refusal.SOMEBODY
    if {name.lower() for name in record.annotations} & _PERSONAL_NOTES:
        return Refusal.PERSONAL
    asked = (record.target, *record.words, *record.annotations.values())
    if any(map(exclusions().hit, asked)):
        return Refusal.EXCLUDED
    return Refusal.SOMEBODY if coarse.names_somebody(record.target) else None


def _refused_after(copy: Record, record: Record, making: Making) -> Refusal | None:
    """What a stranger would find in the copy."""
    own = {record.run, record.id}
    barred = exclusions()
    for text in set(texts(copy)):
        if any(one and one in text for one in own) or making.hidden.holds(text):
            return Refusal.HIDDEN
        if making.names.text(text) != text:
            return Refusal.HIDDEN
        if coarse.tells_login(text):
            return Refusal.SOMEBODY
        if _PLAIN(text) is None and barred.hit(text):
            return Refusal.EXCLUDED
    subjects = (one.subject for trial in copy.trials if trial.handshake for one in trial.handshake.chain)
    if any(part in subject for subject in subjects for part in _PERSONAL_SUBJECT):
        return Refusal.PERSONAL
    return None


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, to any depth; bytes as Latin-1."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from texts(name)
            yield from texts(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name))


def _walked(value: Any, making: Making) -> Any:
    """A value with every field done as the table has it; a text that no field of the table leads to is dropped."""
    if isinstance(value, msgspec.Struct):
        acts = FIELDS.get(type(value), {})
        done: dict[str, Any] = {}
        for name in value.__struct_fields__:
            old = getattr(value, name)
            new = acts[name](making, old) if name in acts and old is not None else _walked(old, making)
            if new is not old:
                done[name] = new
        return msgspec.structs.replace(value, **done) if done else value
    if isinstance(value, tuple):
        new_items = tuple(_walked(one, making) for one in value)
        return value if all(a is b for a, b in zip(new_items, value, strict=True)) else new_items
    if isinstance(value, dict):
        return {making.ours(name): _walked(one, making) for name, one in value.items()}
    if isinstance(value, Enum) or not isinstance(value, (str, bytes)):
        return value
    raise AssertionError("a text of the model that the table does not have")
