"""An exported deck that changed since it was last agreed to: the difference is shown, and consented to anew.

A deck that is passed around can come back with other rows under its old name. The last one that was run under a name
is kept on this computer; a run of another one under that name starts only after a person has seen what differs.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from hushmap.catalog import CatalogError, is_exported, off_by_default, open_deck
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.wording import count, shell
from hushmap.model import Deck, Target
from hushmap.runs import data_dir


def agree_to_changes(deck: Deck, ask: Callable[[str], str] | None) -> None:
    """Let a run of a deck start, if it is none that was exported, or is as it was agreed to; else ask.

    Raises:
        Fault: It changed, and nobody agreed (exit code 3); nothing was sent.
    """
    path = Path(deck.path)
    if not is_exported(path):
        return
    before = last_agreed(deck.name)
    if before is not None and before.sha256 != deck.sha256:
        screen.notes(change_lines(before, deck))
        if ask is None:
            command = shell("hushmap", "deck", "agree", deck.path, "--i-have-read", deck.sha256[:12])
            raise Fault(
                "the deck has changed since it was agreed to and nobody is here to ask: nothing was sent; if a "
                f"person has read what changed: {command}",
                Exit.CONSENT,
            )
        typed = ask(
            f"Type the number of targets of the changed deck ({len(deck.targets)}) to agree, or press Enter: "
        )
        if typed.strip() != str(len(deck.targets)):
            raise Fault("the changed deck was not agreed to: nothing was sent", Exit.CONSENT)
    keep(deck)


def kept_at(name: str) -> Path:
    """Where the last deck of a name lies that was agreed to."""
    return data_dir() / "decks" / f"{name}.deck"


def last_agreed(name: str) -> Deck | None:
    """The last deck of this name that was agreed to; one that cannot be read any more was none."""
    path = kept_at(name)
    try:
        return open_deck(str(path)) if path.is_file() else None
    except CatalogError:
        return None


def keep(deck: Deck) -> None:
    """Remember a deck as agreed to."""
    path = kept_at(deck.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(Path(deck.path).read_bytes())
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; check the permissions of its folder") from None


def change_lines(before: Deck, after: Deck) -> Iterator[str]:
    """What differs, as a diff: `-` is gone, `+` is new."""
    hashes = f"sha256 {before.sha256[:12]}… before, {after.sha256[:12]}… now"
    yield f"The deck {after.name} is not the one that was agreed to ({hashes}):"
    for what in ("title", "baselines", "baseline_word"):
        old, new = getattr(before, what), getattr(after, what)
        if old != new:
            yield f"  - {what} {_shown(old)}"
            yield f"  + {what} {_shown(new)}"
    olds, news = ({target.key: target for target in deck.targets} for deck in (before, after))
    gone = [olds[key] for key in olds if key not in news]
    fresh = [news[key] for key in news if key not in olds]
    changed = [(olds[key], news[key]) for key in news if key in olds and _asked(olds[key]) != _asked(news[key])]
    for sign, some in (("-", gone), ("+", fresh)):
        yield from (f"  {sign} {_row(target)}" for target in some)
    for old_row, new_row in changed:
        yield f"  - {_row(old_row)}"
        yield f"  + {_row(new_row)}"
    yield (
        f"{count(len(fresh), 'target')} new, {len(gone)} gone, {len(changed)} changed, "
        f"{len(news) - len(fresh) - len(changed)} as before"
    )


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _asked(target: Target) -> tuple[object, ...]:
    """All of a target that decides what is sent, and whether."""
    return target.key, target.words, target.category, target.risky, target.canary, target.service


def _row(target: Target) -> str:
    place = f" in {target.place}" if target.place else ""
    flags = "".join(f", {name}" for name, on in (("canary", target.canary), ("off", off_by_default(target))) if on)
    return f"{target.experiment} {target.text}{place} ({target.category or 'no category'}{flags})"
