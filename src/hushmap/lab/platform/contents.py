"""What is on a platform and what becomes of it, drawn from a seed: the truth against which verdicts are held.

Times are seconds since the platform's first moment. Of every twenty words and posts as many have each fate as the two
tables say, so that a small platform has some of each.
"""

import math
import random
from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice, product
from typing import Literal

import msgspec

from hushmap.lab.platform.pages import Item, Order
from hushmap.lab.scenario_platform import PlatformSettings

SCHEMA = "hushmap.platform-truth/1"
LISTED = ("driftwood-news", "driftwood-desk")
"""The sources that a soft filter lets through: the platform's own."""
CANARY = "kw-empty-canary"
"""Always filtered without a word, on a control too: else nobody could tell that a filter would be seen."""

WordFate = Literal[
    "open",
    "rare",  # nobody has written of it
    "official",  # only listed sources have
    "notice",  # a notice instead of results
    "partial",  # a notice above some results
    "empty",  # nothing is found, nor by what would find everything
    "soft",  # only listed sources are found
    "legal",  # 451
    "login",  # only for those who are logged in
    "walled",  # a page of a kind that no manifest knows, in place of the results
]
PostFate = Literal[
    "stays",
    "removed",
    "author",  # by its author
    "account",  # with its account
    "hidden",  # from everybody but its author
    "held",  # from the beginning, some for ever
    "login",  # only for those who are logged in
]
FILTERED = frozenset({"notice", "partial", "empty", "soft", "legal", "login", "walled"})
WORDS: tuple[WordFate, ...] = (
    *("open", "notice", "empty", "soft", "rare", "partial", "official", "legal", "open", "login"),
    *("open", "notice", "empty", "soft", "rare", "partial", "official", "walled", "open", "open"),
)  # fmt: skip
ACCOUNTS: tuple[tuple[PostFate, ...], ...] = (
    ("stays", "removed", "stays", "removed", "author"),
    ("stays", "hidden", "stays", "removed", "stays"),
    ("stays", "held", "login", "removed", "stays"),
    ("account", "author", "account", "account", "account"),
)
"""The fates of each account's five posts."""
ITEMS, OFFICIAL_ITEMS = 6, 2
"""Results of a word, and as many more of listed sources."""
MAJORITY = 40
"""Items that hold no word of the list."""
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_COMMON = "river lantern orchard meadow harbour copper violet signal window garden pepper maple canyon".split()


class Word(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A word, and what the platform does to searches that hold it."""

    text: str
    fate: WordFate
    order: Order | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post, and what becomes of it."""

    id: str
    account: str
    fate: PostFate
    posted: float
    at: float | None = None
    """When it is gone; of one that is held, when it is let through, if ever."""
    text: str = ""


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on a platform, as one file of truth."""

    schema: str = SCHEMA
    site: str
    seed: int
    words: tuple[Word, ...]
    posts: tuple[Post, ...]
    items: tuple[Item, ...]


def contents(settings: PlatformSettings) -> Contents:
    """The contents that a seed gives."""
    rng = random.Random(f"{settings.seed} platform")  # noqa: S311 (chance of a simulation)
    words = (*_words(settings.words, rng), Word(text=CANARY, fate="empty"))
    posts, items = tuple(_posts(settings, rng)), tuple(_items(words, rng))
    if not settings.acts:
        words = tuple(one if one.text == CANARY else _unfiltered(one) for one in words)
        posts = tuple(msgspec.structs.replace(one, fate="stays", at=None) for one in posts)
    return Contents(site=settings.site, seed=settings.seed, words=words, posts=posts, items=items)


def _unfiltered(word: Word) -> Word:
    return Word(text=word.text, fate=word.fate if word.fate in {"rare", "official"} else "open")


def _words(number: int, rng: random.Random) -> Iterator[Word]:
    """Invented words, none of which is part of another; every fourth is written in Chinese."""
    latin, fates = _invented(rng), cycle(WORDS)
    chinese = (f"测试词{stem}{branch}" for branch, stem in product(_BRANCHES, _STEMS))
    for place in range(1, number + 1):
        text = next(latin) if place % 4 else next(chinese)
        fate = next(fates)
        noticed = fate in {"notice", "partial"}
        yield Word(text=text, fate=fate, order=_order(rng) if noticed else None)


def _invented(rng: random.Random) -> Iterator[str]:
    known: set[str] = set()
    while True:
        text = "kw" + "".join(rng.choice("bdfglmnprstv") + rng.choice("aeiou") for _ in range(4))
        if text not in known:
            known.add(text)
            yield text


def _order(rng: random.Random) -> Order:
    day = date(2025, rng.randint(1, 12), rng.randint(1, 28))
    number = rng.randint(1, 99)
    return Order(number=f"2025-{number}", day=day, language=rng.choice(("en", "zh")))


def _items(words: tuple[Word, ...], rng: random.Random) -> Iterator[Item]:
    """What has been written, of listed sources and of others; nothing of it changes."""
    for number, (text, sources) in enumerate(_written(words, rng), 1):
        yield Item(id=f"i{number:05d}", source=next(sources), text=f"{text} {rng.choice(_COMMON)} {number}")


def _written(words: tuple[Word, ...], rng: random.Random) -> Iterator[tuple[str, Iterator[str]]]:
    listed = cycle(LISTED)
    others = iter(lambda: f"user-{rng.randint(1, 999):03d}", "")
    # Of any two things that are found one is a user's: else a truism over many pages would find listed ones only.
    for _ in range(MAJORITY // 2):
        yield rng.choice(_COMMON), others
        yield rng.choice(_COMMON), listed
    for word in words:
        for _ in range(0 if word.fate in {"rare", "official"} else ITEMS):
            yield word.text, others
        for _ in range(0 if word.fate == "rare" else OFFICIAL_ITEMS):
            yield word.text, listed


def _posts(settings: PlatformSettings, rng: random.Random) -> Iterator[Post]:
    low, high = math.log(settings.soonest_s), math.log(settings.latest_s)
    fates = ((f"account-{number:03d}", fates) for number, fates in enumerate(cycle(ACCOUNTS), 1))
    each = ((account, fate, place) for account, five in fates for place, fate in enumerate(five))
    death = 0.0
    for number, (account, fate, place) in enumerate(islice(each, settings.posts), 1):
        posted = -rng.uniform(0.0, settings.soonest_s / 2)
        after = math.exp(rng.uniform(low, high))
        if place == 0:
            death = after
        at = {"stays": None, "login": None, "account": death}.get(fate, posted + after)
        if fate == "held" and number % 2:
            at = None
        if fate == "author" and "account" in ACCOUNTS[(number - 1) // 5 % len(ACCOUNTS)]:
            at = posted + (death - posted) * rng.uniform(0.2, 0.8)  # while the account still lives
        text = f"{rng.choice(_COMMON)} {rng.choice(_COMMON)} {number}"
        name = f"p{number:04d}{rng.randrange(4096):03x}"
        yield Post(id=name, account=account, fate=fate, posted=posted, at=at, text=text)
