"""A small site's content by hand: two sites and a word on two networks, four days with a gap."""

from datetime import UTC, date, datetime

from hushmap.report.site.book import About, Book, Cell, Network, Target
from hushmap.report.site.making import Making
from hushmap.report.words import Words

FIRST, LAST = datetime(2026, 11, 14, 4, 3, tzinfo=UTC), datetime(2026, 11, 17, 22, 4, tzinfo=UTC)
DAYS = tuple(date(2026, 11, day) for day in (14, 15, 17))
"""The 16th was not measured."""


def network(number: int, **more) -> Network:
    """One network of Exampleland."""
    fields = {
        "id": f"as{64500 + number}-xe",
        "asn": 64500 + number,
        "country": "XE",
        "name": f"Net-{'ABC'[number - 1]}",
        "kinds": ("home",),
        "resolvers": ("192.0.2.53",),
        "first": FIRST,
        "last": LAST,
        "runs": 3,
        "measurements": 24,
    }
    return Network(**fields | more)


def target(name: str, **more) -> Target:
    """One site, unless something else is said."""
    fields = {
        "id": name.replace(".", "-"),
        "target": f"https://{name}/",
        "experiment": "web",
        "domain": name,
        "category": "NEWS",
        "place": "",
        "encoding": "",
        "part": "sites",
    }
    return Target(**fields | more)


def cell(group: str, k: int = 3, n: int = 3, **more) -> Cell:
    """What was found of one target on one network."""
    blocked = group == "Blocked"
    fields = {
        "group": group,
        "k": k,
        "n": n,
        "undecided": 0,
        "direct": False,
        "mechanism": "tls.reset.sni" if blocked else "",
        "label": "Blocked by name" if blocked else group,
        "first": FIRST,
        "last": LAST,
        "record": f"20261114T0403Z-3f9c-{len(group)}",
        "mechanisms": ("tls.reset.sni",) if blocked else (),
        "twins": (3, 3) if blocked else (0, 0),
    }
    return Cell(**fields | more)


def book(**more) -> Book:
    """Blocked on one network and reachable on the other; the other site reachable; a word that one network cut."""
    a, b = network(1), network(2)
    news, shop = target("news.example.org"), target("shop.example.com", category="")
    word = target(
        "word-1", target="planted", domain="", category="", place="http-path", experiment="keyword", part="words"
    )
    cells = {
        (news.id, a.id): cell("Blocked"),
        (news.id, b.id): cell("Reachable"),
        (shop.id, a.id): cell("Reachable", k=2, n=2, undecided=1),
        (word.id, a.id): cell("Cut off by a word", k=2, n=3, label="Cut off by a word"),
    }
    fields = {
        "about": About(title="Three days in Exampleland", contact="group@example.org", lab=True),
        "first": FIRST,
        "last": LAST,
        "networks": (a, b),
        "targets": (news, shop, word),
        "cells": cells,
        "days": {key: dict.fromkeys(DAYS, one) for key, one in cells.items()},
        "measured": {(one.id, day): 8 for one in (a, b) for day in DAYS},
    }
    return Book(**fields | more)


def making(lang: str = "en", **more) -> Making:
    """What pages of the small site are made of."""
    return Making(book=more.pop("book", None) or book(), words=Words(lang), **more)
