"""Which host a URL names, and which hosts belong together.

There is no list of public suffixes here. Two stand-ins take its place, each cautious in its own direction: whether a
page stayed with its site must not be believed lightly, and whether two sites are unrelated must not either.
"""

import re
from urllib.parse import urlsplit

from hushmap.model import is_address

_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]{1,5})?(?:[/?#]|$)")
"""A URL as nearly all are, whose host needs no parser."""
_SECOND = frozenset("ac co com edu go gob gov gouv govt ltd mil ne net nom or org plc sch".split())
"""Labels below a country's that are nobody's name (`co.uk`). own knowledge, unchecked."""


def host_in(url: str) -> str | None:
    """The host of a URL; `None` where there is none: a record may come from anyone."""
    plain = _PLAIN.match(url)
    if plain is not None:
        return plain[1]
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def same_site(one: str, other: str) -> bool:
    """Whether two hosts belong together: one is the other's parent, or both are below one registered name.

    A cautious stand-in for a list of public suffixes: a short label below a country's (`co.uk`, `go.id`) counts as a
    suffix, so that a few real neighbours (of `bbc.uk`, say) count as strangers, and hardly a stranger as neighbour.
    """
    if one == other or one.endswith("." + other) or other.endswith("." + one):
        return True
    labels, others = one.split("."), other.split(".")
    suffix = 2 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 1
    return labels[-1 - suffix :] == others[-1 - suffix :] and not is_address(one)


def owner(host: str) -> str:
    """What stands for the owner of `host`: the label that somebody registered, whatever follows it.

    A cautious stand-in for a list of public suffixes, which errs toward "related": `news.example` and `news.test` are
    one owner, and so are all who have a name below one that lends them out (`a.github.io`, `b.github.io`), or below a
    second level that is not in the short list here. It errs the other way for one owner with several names.
    """
    name = host.lower().removesuffix(".")
    if is_address(name):
        return name
    labels = name.split(".")
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND:
        labels.pop()
    return labels[-2] if len(labels) > 1 else name
