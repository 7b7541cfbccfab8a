"""The page of one trigger on one network: what it is, how often it was cut off, and where else it was found.

A trigger is true of one place, encoding, direction and way only, and a list of triggers is a sample of what was
asked: both stand beside it. Words are never added to sites.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TypeGuard

import msgspec
from markupsafe import Markup

from hushmap.detect import Saying, WordGroup, bounded, group_words, mechanism_words, visible
from hushmap.report.site.book import Trigger
from hushmap.report.site.citing import cite
from hushmap.report.site.evidence import blocks
from hushmap.report.site.making import Making, Pages
from hushmap.report.site.target import network_name
from hushmap.report.view import LOOKS

SHORT = 90
_ROOM = 150_000
"""Bytes for the measurement that found it."""
_SAME = ("trigger", "place", "encoding", "direction")
"""What makes two triggers of different networks the same."""
MOST = 60
"""Other networks that are listed."""


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """The same trigger on another network."""

    id: str
    name: str
    cut: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    id: str
    text: str
    whole: str
    network: str
    name: str
    label: str
    sign: str
    style: str
    saying: Saying | None
    """Of the measurement that found it, where it could be had."""
    facts: tuple[tuple[str, str], ...]
    others: tuple[Elsewhere, ...]
    more: int
    evidence: Markup | None


def pages(making: Making) -> Pages:
    """The page of every trigger."""
    drawer = Drawer(making)
    for one in making.book.triggers:
        yield f"triggers/{one.id}.html", page(making, one, drawer)


def page(making: Making, trigger: Trigger, drawer: "Drawer | None" = None) -> bytes:
    """One of them."""
    return making.page(
        f"triggers/{trigger.id}.html",
        "trigger",
        view=(drawer or Drawer(making)).view(trigger),
        cite=cite(making, f"triggers/{trigger.id}.html"),
    )


class Drawer:
    """Draws pages of one book, of which it remembers which triggers are the same."""

    def __init__(self, making: Making) -> None:
        self.making, self.words = making, making.words

    @cached_property
    def same(self) -> Mapping[tuple[str, ...], tuple[Trigger, ...]]:
        """Triggers that differ in the network alone."""
        found: dict[tuple[str, ...], list[Trigger]] = {}
        for one in self.making.book.triggers:
            found.setdefault(_key(one), []).append(one)
        return {key: tuple(mine) for key, mine in found.items()}

    def view(self, trigger: Trigger) -> View:
        """What the page of `trigger` shows."""
        whole = _text(trigger, "trigger")
        group = WordGroup.UNEXPLAINED if _text(trigger, "kind") == "classifier" else WordGroup.CUT
        others = [one for one in self.same[_key(trigger)] if one.id != trigger.id]
        entry = self.making.evidence.get(_text(trigger, "record"))
        evidence = None if entry is None else blocks([(trigger.id, entry)], self.words, _ROOM).get(trigger.id)
        sign, style = LOOKS[group]
        return View(
            id=trigger.id,
            text=visible(whole, SHORT),
            whole=whole,
            network=trigger.network,
            name=self._name(trigger),
            label=group_words(group, self.words.lang),
            sign=sign,
            style=style,
            saying=None if entry is None or not entry.saying.sentence else entry.saying,
            facts=tuple((name, value) for name, value in self._facts(trigger) if value),
            others=tuple(
                Elsewhere(id=one.id, name=self._name(one), cut=self._share(one, "hits", "attempts"))
                for one in others[:MOST]
            ),
            more=max(0, len(others) - MOST),
            evidence=evidence,
        )

    def _name(self, trigger: Trigger) -> str:
        network = self.making.networks.get(trigger.network)
        return trigger.network if network is None else network_name(network, self.words.lang)

    def _facts(self, trigger: Trigger) -> list[tuple[str, str]]:
        """Everything that it is true of, and how sure it is."""
        words, bound = self.words, trigger.fields.get("error_bound")
        mechanism = _text(trigger, "mechanism")
        first, last = (_text(trigger, name)[:16].replace("T", " ") for name in ("first_seen", "last_seen"))
        told = {
            "trigger.cut": self._share(trigger, "hits", "attempts"),
            "trigger.harmless": self._share(trigger, "harmless_hits", "harmless_attempts"),
            "trigger.how": mechanism_words(mechanism, words.lang) if mechanism else "",
            "trigger.bound": words("bound", bound=bounded(bound, up=True)) if _positive(bound) else "",
            "trigger.first": first,
            "trigger.last": last,
            "trigger.kind": words.code("kind", _text(trigger, "kind")),
            "trigger.pattern": _text(trigger, "pattern"),
            "trigger.place": words.code("place", _text(trigger, "place")),
            "trigger.encoding": words.code("encoding", _text(trigger, "encoding")),
            "trigger.direction": words.code("direction", _text(trigger, "direction")),
            "trigger.toward": words.code("toward", _text(trigger, "toward")),
            "trigger.frame": _text(trigger, "frame"),
            "detail.record": _text(trigger, "record"),
        }
        return [(words(key), value) for key, value in told.items()]

    def _share(self, trigger: Trigger, k: str, n: str) -> str:
        tried = trigger.fields.get(n)
        return self.words("of", k=f"{trigger.fields.get(k) or 0}", n=f"{tried}") if tried else ""


def _positive(bound: object) -> TypeGuard[float]:
    return isinstance(bound, float) and bound > 0


def _text(trigger: Trigger, name: str) -> str:
    return str(trigger.fields.get(name) or "")


def _key(trigger: Trigger) -> tuple[str, ...]:
    return tuple(_text(trigger, name) for name in _SAME)
