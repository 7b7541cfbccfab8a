"""Names of targets, networks, triggers and lists in addresses: each a function of the thing alone.

What else is in a site never changes a name, so that the address of a page stays when a site grows, when it is
filtered in the explorer, and when somebody has written it down. A name is lower case, for there are file systems in
which two names that differ in case are one.
"""

import hashlib
import re

from hushmap.detect import WORD_EXPERIMENTS

_FRONT = re.compile(r"https://([a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?)/?")
"""The front page of a host: its name alone says what was asked."""
_ODD = re.compile(r"[^a-z0-9]+")
_LONGEST = 60
"""Characters of a name that people can read; what is longer is told apart by its hash."""
CHECK_EXPERIMENTS = frozenset({"calibrate"})
"""Experiments about the measurement itself, which are counted nowhere (UX 3)."""


def part_of(experiment: str) -> str:
    """Sites, words, or checks: what is counted apart."""
    if experiment in CHECK_EXPERIMENTS:
        return "checks"
    return "words" if experiment in WORD_EXPERIMENTS else "sites"


def target_id(experiment: str, target: str, place: str = "", encoding: str = "") -> str:
    """The name of a target: the host where that says all, else what can be read of it and a short hash."""
    front = _FRONT.fullmatch(target)
    if front is not None and experiment == "web" and not place and not encoding:
        return front[1]
    return _hashed(target.partition("://")[2] or target, experiment, target, place, encoding)


def network_id(asn: int | None, country: str = "", name: str = "", run: str = "") -> str:
    """The name of a network: by its number, else by its name, else by the one run that was made on it."""
    end = f"-{_code(country)}" if country else ""
    if asn is not None:
        return f"as{asn}{end}"
    return (_hashed(name, name) if name else f"run-{_hashed(run, run)}") + end


def trigger_id(network: str, *parts: str) -> str:
    """The name of a trigger on a network; `parts` are experiment, trigger, place, encoding, direction."""
    return _hashed(network, network, *parts)


def category_list(code: str) -> str:
    """The list of what a category has; of what has none `category-none`."""
    return f"category-{_code(code) or 'none'}"


def group_list(group: str) -> str:
    """The list of what is counted alike."""
    return f"label-{_code(group) or 'none'}"


def network_list(network: str) -> str:
    """The list of what was asked on a network, by the network's name in addresses."""
    return f"network-{network}"


def _hashed(readable: str, *whole: str) -> str:
    digest = hashlib.blake2b("\0".join(whole).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    plain = _plain(readable)[:_LONGEST].strip("-")
    return f"{plain}-{digest}" if plain else digest


def _code(text: str) -> str:
    """A code or a few words of ours as they are; what others made of them is told apart by its hash."""
    plain = _plain(text)
    as_it_is = plain == text.lower().replace(" ", "-") and len(plain) <= _LONGEST
    return plain if as_it_is else _hashed(text, text)


def _plain(text: str) -> str:
    return _ODD.sub("-", text.lower()).strip("-")
