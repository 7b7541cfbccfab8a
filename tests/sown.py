"""Words, rules and texts sown into a published network: what is to be found there, and that nothing else is.

Every word is invented. In each place 40 of 2,000 words trigger alone, and 15 rules of several words stand in 15 of
200 texts; the other texts are made of the same words, and some of them lack one thing of a rule: a word of two, the
right order. Two texts hold what lifts their rule, so that they pass as a whole.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec

from hushmap.catalog import exclusions
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.scenario import HelperSettings, Scenario, load_scenario
from hushmap.model import Place, Trigger

PLACES = (Place.HTTP_PATH, Place.HTTP_HOST, Place.TLS_SNI, Place.DNS_NAME)
NETWORK = "networks/great-firewall"
SCALE = 30.0
"""Residual times 1:30: 180 s are 6 s, 90 s are 3 s."""
SPAN = 64
"""Ports of each echo: what 90 s at each hit would cost is shared among them."""
WORDS, SINGLES, TEXTS, RULES = 2_000, 40, 200, 15
NAMES = frozenset({Place.HTTP_HOST, Place.TLS_SNI, Place.DNS_NAME})
LONG, SHORT = 40, 12
"""Words of a text in a path, and of a name: a name has 253 characters at most, and a question is longer than its
text (experiments/isolate)."""
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_HANZI = "山水木石花草云雨风雪竹松梅兰桥路灯窗茶米瓜豆鱼鸟羊牛马车船书笔纸墨琴棋画布针线碗"
_CHINESE = 5
"""Every so many words are Chinese."""
_HITS = {
    Place.HTTP_PATH: {"kind": "url-reset", "part": "path", "misses": 0.25, "residual_s": 3.0, "follow_ups": 0.6},
    Place.HTTP_HOST: {"kind": "host-reset", "misses": 0.25, "residual_s": 3.0, "follow_ups": 0.6, "punycode": True},
    Place.TLS_SNI: {"kind": "sni-reset", "residual_s": 6.0, "punycode": True, "reassembly": "tcp"},
    Place.DNS_NAME: {
        "kind": "dns-injection", "addresses": ("203.0.113.66", "203.0.113.67", "203.0.113.68"), "punycode": True,
    },
}  # fmt: skip
"""How the network hits in each place, as its own rules do (refs/BEYOND 2.5 to 2.7, 2.11); toward every port."""


@dataclass(frozen=True)
class Rule:
    """Strings that must all be there, and one that lifts them."""

    parts: tuple[str, ...]
    unless: tuple[str, ...] = ()
    ordered: bool = False

    def censor(self, place: Place) -> Censor:
        """The rule as the network has it."""
        return hitting(place, words=self.parts[:1], also=self.parts[1:], unless=self.unless, ordered=self.ordered)

    def explains(self, found: Trigger) -> bool:
        """Whether a trigger says exactly this: the same strings, what lifts them, and their order if it matters."""
        same = sorted(found.parts) == sorted(self.parts) if not self.ordered else found.parts == self.parts
        return same and sorted(found.unless) == sorted(self.unless) and bool(found.ordered) is self.ordered


@dataclass(frozen=True)
class Sown:
    """What is in one place."""

    place: Place
    canary: str
    words: tuple[str, ...]
    singles: frozenset[str]
    rules: dict[str, Rule]
    """By the text that holds it."""
    texts: tuple[str, ...]

    @property
    def censors(self) -> tuple[Censor, ...]:
        """The network's rules here."""
        alone = hitting(self.place, words=(self.canary, *sorted(self.singles)))
        return (alone, *(rule.censor(self.place) for rule in self.rules.values()))


def hitting(place: Place, **more: object) -> Censor:
    """A tap at the border that hits words in a place."""
    given = {"on_path": True, "at": 7, **_HITS[place], **more}
    if place is not Place.DNS_NAME:
        given["every_port"] = True
    return Censor(**given)


def sow(place: Place, seed: int = 1, *, words: int = WORDS, singles: int = SINGLES, texts: int = TEXTS) -> Sown:
    """Words, texts and rules of one place, by a seed."""
    rng = random.Random(f"{seed} {place}")
    canary, *known = islice(invented(rng), words + 1)
    spare = [word for word in known if word.isascii()]
    planted = frozenset(rng.sample(known, singles))
    free = [word for word in spare if word not in planted]
    rng.shuffle(free)
    rules = list(_rules(free))
    used = {part for rule in rules for part in (*rule.parts, *rule.unless)}
    calm = [word for word in known if word not in planted and word not in used]
    size = SHORT if place in NAMES else LONG
    between = "." if place in NAMES else "-"
    holding = {between.join(_holder(rule, rng.sample(calm, size))): rule for rule in rules}
    lacking = [between.join(_lacking(rule, rng.sample(calm, size))) for rule in rules]
    plain = [between.join(rng.sample(calm, size)) for _ in range(texts - len(rules) - len(lacking))]
    whole = [*holding, *lacking, *plain]
    rng.shuffle(whole)
    return Sown(place, canary, tuple(known), planted, holding, tuple(whole))


def invented(rng: random.Random) -> Iterator[str]:
    """Words that mean nothing, none of which stands in another; none is one that may not be sent."""
    barred, seen = exclusions(), set()
    while True:
        if len(seen) % _CHINESE == _CHINESE - 1:
            word = "".join(rng.sample(_HANZI, 3))
        else:
            word = "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(3))
        if word not in seen and not barred.hit(word):
            seen.add(word)
            yield word


def _rules(free: Sequence[str]) -> Iterator[Rule]:
    """Fifteen: of two and of three words, in order, lifted by another, and two that share letters."""
    rest = iter(free)
    for _ in range(8):
        yield Rule(tuple(islice(rest, 2)))
    for _ in range(2):
        yield Rule(tuple(islice(rest, 3)))
    for _ in range(2):
        yield Rule(tuple(islice(rest, 2)), ordered=True)
    for _ in range(2):
        yield Rule(tuple(islice(rest, 2)), unless=(next(rest),))
    first, second = islice(rest, 2)
    yield Rule((first, first[-2:] + second))


def _holder(rule: Rule, words: list[str]) -> list[str]:
    """Words of a text with a rule's among them: what lifts them is at the end, and they at the beginning."""
    first, last = rule.parts[0], rule.parts[-1]
    if last.startswith(first[-2:]) and len(last) > len(first):
        return [*words[:3], first + last[2:], *words[3:-1]]
    if rule.unless:
        return [*rule.parts, *words[:-3], *rule.unless]
    step = len(words) // len(rule.parts)
    for number, part in enumerate(rule.parts):
        words[number * step + 1] = part
    return words


def _lacking(rule: Rule, words: list[str]) -> list[str]:
    """Words of a text that has all but one thing of a rule."""
    words[2] = rule.parts[-1]
    if rule.ordered:
        words[5] = rule.parts[0]
    return words


def network(sown: Sequence[Sown], *, span: int = SPAN) -> Scenario:
    """The published network with what was sown, and its own times at the same scale."""
    known = load_scenario(NETWORK)
    hurry = SCALE / known.scale
    own = tuple(
        msgspec.structs.replace(censor, residual_s=censor.residual_s / hurry, onset_s=censor.onset_s / hurry)
        for censor in known.drawn(1).censor
    )
    return msgspec.structs.replace(
        known.drawn(1),
        scale=SCALE,
        helper=HelperSettings(span=span),
        censor=(*own, *(censor for one in sown for censor in one.censors)),
    )
