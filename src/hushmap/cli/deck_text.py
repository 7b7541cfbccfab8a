"""What `hushmap deck` prints: the list of questions, and one of them with every target."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from hushmap.catalog import DeckInfo, off_by_default
from hushmap.cli.wording import category, count, day, field, listed, shell
from hushmap.model import Deck
from hushmap.runs import Fetched


def list_lines(decks: Iterable[DeckInfo], lists: Iterable[Fetched] = ()) -> Iterator[str]:
    """Every shipped deck, one a line, and every list that was fetched."""
    found, taken = tuple(decks), tuple(lists)
    names = [deck.name for deck in found] + [Path(one.name).stem for one in taken]
    width = max(map(len, names), default=0) + 2
    for deck in found:
        yield f"{deck.name:{width}}{deck.targets:4} targets  {listed(deck.experiments)} · {deck.title}"
    for one in taken:
        name = Path(one.name).stem
        use = shell("hushmap", "plan", "-f", name)
        what = "words" if one.kind == "words" else "sites"
        yield f"{name:{width}}{one.rows:4} {what}    fetched {day(one.when)} · use it: {use}"
    yield "One of them: hushmap deck show NAME     one of your own: hushmap deck new NAME -f FILE"


def show_lines(deck: Deck) -> Iterator[str]:
    """One deck: what it asks, compared with what, and every target."""
    off = sum(off_by_default(target) for target in deck.targets)
    yield f"{deck.name}: {deck.title} · {count(len(deck.targets), 'target')}, {off} of them off unless named"
    yield from field(
        "Harmless", listed(deck.baselines) + (f", word {deck.baseline_word}" if deck.baseline_word else "")
    )
    yield from field("File", f"{deck.path} (sha256 {deck.sha256[:12]}…)")
    for part in deck.parts:
        yield f"{part.experiment} · list {part.list} (sha256 {part.sha256[:12]}…)"
        for target in part.targets:
            state = "off" if off_by_default(target) else "on"
            place = f" in {target.place}" if target.place else ""
            canary = " · canary" if target.canary else ""
            yield f"  {state:4}{target.text}{place} · {category(target.category)}{canary}"
            why = " · ".join(
                one for one in (target.reason, f"source: {target.source}" if target.source else "") if one
            )
            if why:
                yield f"        {why}"
