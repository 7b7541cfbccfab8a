"""CSS selectors, as far as a list of results needs them: tags, ids, classes, attributes, child and descendant.

A small part of the language (Selectors Level 3), all of which can be followed in one pass over a page: whether an
element fits is known when it opens, from those that are open around it.
"""

import re

import msgspec

MOST_PARTS = 8
_PART = re.compile(
    r"(?P<tag>\*|[A-Za-z][A-Za-z0-9-]*)?(?P<rest>(?:[#.][A-Za-z_][\w-]*|\[[A-Za-z_][\w-]*(?:\^?=\"[^\"\]]*\")?\])*)"
)
_PIECE = re.compile(r"(?P<kind>[#.\[])(?P<name>[\w-]+)(?:(?P<how>\^?=)\"(?P<value>[^\"\]]*)\"\])?")


class Compound(msgspec.Struct, frozen=True, kw_only=True):
    """What one element must be."""

    tag: str | None = None
    wanted: tuple[tuple[str, str, str], ...] = ()
    """(attribute, how, value); how: `has`, `is`, `word` (one of its words) or `start`."""
    child: bool = False
    """It must be a child of the one before; else it lies anywhere within."""

    def fits(self, tag: str, attributes: dict[str, str]) -> bool:
        """Whether an element is so, wherever it stands."""
        if self.tag not in {None, tag}:
            return False
        return all(_holds(attributes.get(name), how, value) for name, how, value in self.wanted)


def _holds(found: str | None, how: str, value: str) -> bool:
    if found is None:
        return False
    if how == "word":
        return value in found.split()
    if how == "start":
        return found.startswith(value)
    return how == "has" or found == value


def selector(expression: str) -> tuple[Compound, ...]:
    """What each element on the way must be, the outermost first.

    Raises:
        ValueError: It is no selector, or one that is not understood here.
    """
    parts: list[Compound] = []
    child = False
    for word in expression.replace(">", " > ").split():
        if word == ">":
            if child or not parts:
                raise ValueError("a > has nothing on one side")
            child = True
            continue
        parts.append(_compound(word, child=child))
        child = False
    if child or not parts:
        raise ValueError("a selector ends with what is selected")
    if len(parts) > MOST_PARTS:
        raise ValueError(f"more than {MOST_PARTS} elements one within the other")
    return tuple(parts)


def _compound(word: str, *, child: bool) -> Compound:
    found = _PART.fullmatch(word)
    if found is None:
        raise ValueError(f"{word[:40]} is not understood")
    wanted = []
    for piece in _PIECE.finditer(found["rest"]):
        name, value = piece["name"], piece["value"]
        if piece["kind"] == "#":
            wanted.append(("id", "is", name))
        elif piece["kind"] == ".":
            wanted.append(("class", "word", name))
        else:
            how = "has" if value is None else "is" if piece["how"] == "=" else "start"
            wanted.append((name.lower(), how, value or ""))
    tag = found["tag"]
    return Compound(tag=None if tag in {None, "*"} else tag.lower(), wanted=tuple(wanted), child=child)
