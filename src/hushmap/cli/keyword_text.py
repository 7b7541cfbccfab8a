"""What `hushmap keyword` prints: what was found of each text, in a form that can be pasted."""

from collections.abc import Iterable, Iterator

from hushmap.cli.screen import WIDTH
from hushmap.cli.wording import wrapped
from hushmap.detect import trigger_words
from hushmap.judge import Judged

SHORT = 60
"""Characters of a text by which it is known."""


def found_lines(judged: Iterable[Judged]) -> Iterator[str]:
    """Each text with its sentence, its triggers, and how sure that is."""
    for one in judged:
        saying = one.saying
        yield f"{shown(one.record.target)} in {one.record.layer}: {saying.label}"
        yield from wrapped(saying.sentence, "  ", "  ")
        for trigger in one.verdict.triggers:
            cut, tried = trigger.hits
            off, plain = trigger.harmless
            yield from wrapped(
                f"{trigger_words(trigger)} · cut off {cut} of {tried} times, harmless text {off} of {plain}",
                "    ", "      ",
            )  # fmt: skip
        if saying.how_sure:
            yield from wrapped(saying.how_sure, "  ", "  ", WIDTH)
        yield ""


def shown(text: str) -> str:
    """A text on one line, as far as it needs to be known by."""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHORT else f"{plain[:SHORT]}…"
