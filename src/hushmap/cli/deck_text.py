"""What `hushmap deck` prints: the list of questions, and one of them with every target."""

from collections.abc import Iterable, Iterator

from hushmap.catalog import DeckInfo, off_by_default
from hushmap.cli.wording import category, count, field, listed
from hushmap.model import Deck


def list_lines(decks: Iterable[DeckInfo]) -> Iterator[str]:
    """Every shipped deck, one a line."""
    found = tuple(decks)
    width = max((len(deck.name) for deck in found), default=0) + 2
    for deck in found:
        yield f"{deck.name:{width}}{deck.targets:4} targets  {listed(deck.experiments)} · {deck.title}"
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
