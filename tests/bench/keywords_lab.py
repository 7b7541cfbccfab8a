"""What is found of words by real packets.

    python tests/bench/keywords_lab.py [--places P,...] [--seed N] [--quick] [--write]

In the lab's `great-firewall` at residual times 1:30, with words and rules of several words sown into it (tests/sown):
in each place 40 of 2,000 words, asked about in packs, and 15 rules that stand in 15 of 200 texts. The product is run
as a person runs it, with one deck of all places. Printed are, for each place, words and rules found, missed and
invented, and the time. Exit code 1 where anything is missed or invented, or where all takes more than ten minutes.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "bench"), str(TESTS.parent / "src")]

import table

from hushmap.lab import Lab
from hushmap.lab.product import consent, measure, run_folders
from hushmap.model import Outcome, Place, Trigger
from sown import PLACES, TEXTS, WORDS, Sown, network, sow

TITLE = "In the lab, by real packets"
TABLE = table.TABLE.parent / "keyword-accuracy.toml"
LIMIT_S = 600.0
"""All places together."""
QUICK = {"words": 200, "singles": 10, "texts": 40}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed of one line of verdicts.jsonl."""

    record: str
    target: str
    outcome: Outcome
    triggers: tuple[Trigger, ...] = ()
    words: dict[str, str] = msgspec.field(default_factory=dict)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed of one line of records.jsonl."""

    kind: str
    id: str = ""
    experiment: str = ""
    layer: str | None = None


@dataclass(frozen=True)
class Found:
    """What came of one place."""

    place: Place
    words: frozenset[str]
    """Called cut off."""
    open: frozenset[str]
    """Neither cut off nor passed."""
    wrong_words: frozenset[str]
    missed_words: frozenset[str]
    exact: int
    """Texts whose rule was told exactly, and no other."""
    missed: tuple[str, ...]
    """Texts whose rule was not."""
    invented: tuple[str, ...]
    """Triggers of texts that hold none, and wrong ones of texts that do."""

    @property
    def right(self) -> bool:
        """Whether nothing was missed and nothing invented."""
        return not (self.wrong_words or self.missed_words or self.missed or self.invented)


@dataclass(frozen=True)
class Outcomes:
    """What came of all."""

    places: tuple[Found, ...]
    seconds: float
    status: int
    folder: Path | None

    @property
    def passed(self) -> bool:
        """Whether every place is right, in time."""
        return self.status == 0 and all(one.right for one in self.places) and self.seconds <= LIMIT_S


def write_deck(sown: Sequence[Sown], folder: Path) -> Path:
    """A deck with the words of each place, in packs, and its texts."""
    words = [
        row for one in sown for row in ((one.canary, one.place, "yes"), *((w, one.place, "") for w in one.words))
    ]
    texts = [(text, one.place, "") for one in sown for text in one.texts]
    for name, rows in (("screen", words), ("isolate", texts)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(("word", "place", "category_code", "canary", "source", "reason"))
            lines.writerows((word, place.value, "MISC", canary, "sown", "sown") for word, place, canary in rows)
    parts = "".join(f'\n[[part]]\nexperiment = "{name}"\nlist = "{name}.csv"\n' for name in ("screen", "isolate"))
    baselines = json.dumps(list(network(()).baselines))
    deck = folder / "sown.toml"
    head = f'name = "sown"\ntitle = "Words sown"\nbaselines = {baselines}\nbaseline_word = "harmless"\n'
    deck.write_text(head + parts, "utf-8")
    return deck


def read(run: Path, sown: Iterable[Sown]) -> tuple[Found, ...]:
    """What a run folder says of each place, beside what was sown there."""
    lines = (run / "records.jsonl").read_bytes().splitlines()
    asked = {one.id: one for one in (msgspec.json.decode(line, type=Asked) for line in lines) if one.kind == "record"}
    said = [msgspec.json.decode(line, type=Said) for line in (run / "verdicts.jsonl").read_bytes().splitlines()]
    return tuple(_of(one, [(asked[each.record], each) for each in said]) for one in sown)


def _of(sown: Sown, said: Sequence[tuple[Asked, Said]]) -> Found:
    here = [(asked, each) for asked, each in said if asked.layer == sown.place.value]
    told = {word: state for asked, each in here if asked.experiment == "screen" for word, state in _words(each)}
    cut = frozenset(word for word, state in told.items() if state == "cut")
    passed = frozenset(word for word, state in told.items() if state == "passed")
    texts = {each.target: each for asked, each in here if asked.experiment == "isolate"}
    exact, missed, invented = 0, [], []
    for text in sown.texts:
        found, rule = texts[text].triggers if text in texts else (), sown.rules.get(text)
        right = [one for one in found if rule is not None and rule.explains(one)]
        exact += bool(right) and len(found) == 1
        missed += [f"{rule} in {text}"] if rule is not None and not right else []
        invented += [f"{one.kind} {one.parts} unless {one.unless}" for one in found if one not in right]
    return Found(
        sown.place, cut, frozenset(sown.words) - cut - passed, cut - sown.singles, sown.singles - cut,
        exact, tuple(missed), tuple(invented),
    )  # fmt: skip


def _words(said: Said) -> Iterable[tuple[str, str]]:
    """Each word of a pack with its state; of one that was asked by itself, its outcome as a state."""
    if said.words:
        return said.words.items()
    alone = {Outcome.BLOCKED: "cut", Outcome.OK: "passed"}
    return ((said.target, alone.get(said.outcome, "open")),)


def measured(sown: Sequence[Sown], seed: int = 1, out: Path | None = None) -> Outcomes:
    """Start the lab, run the product, read what it says."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) if out is None else out
        folder.mkdir(parents=True, exist_ok=True)
        deck = write_deck(sown, folder)
        with Lab(network(sown), seed, helper=True) as lab:
            consent(lab, stdout=subprocess.DEVNULL)
            began = time.monotonic()
            before = run_folders(folder)
            process = measure(lab, str(deck), folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            status = process.wait()
            seconds = time.monotonic() - began
        (run,) = run_folders(folder) - before
        return Outcomes(read(run, sown), seconds, status, None if out is None else run)


def text(done: Outcomes) -> str:
    """The result in lines."""
    lines = [f"{'place':11} {'words':>9} {'open':>5} {'texts':>7}  missed, invented"]
    for one in done.places:
        wanted = len(one.words - one.wrong_words) + len(one.missed_words)
        wrong = [*sorted(one.missed_words), *one.missed, *sorted(one.wrong_words), *one.invented]
        rules = one.exact + len(one.missed)
        lines.append(
            f"{one.place.value:11} {wanted - len(one.missed_words):4}/{wanted:<4} {len(one.open):5} "
            f"{one.exact:3}/{rules:<3}  {'; '.join(wrong) or 'none'}"
        )
    lines.append(f"{done.seconds:.0f} s of {LIMIT_S:.0f}, exit code {done.status}")
    return "\n".join(lines)


def rows(done: Outcomes) -> Iterable[table.Row]:
    """The result as rows of docs/reference/keyword-accuracy.toml."""
    for one in done.places:
        found, rules = len(one.words - one.wrong_words), one.exact + len(one.missed)
        words, wrong = found + len(one.missed_words), len(one.wrong_words) + len(one.invented)
        where = f"`{one.place.value}`:"
        yield table.Row(f"{where} words found", f"{words} of {words}", f"{found}", met=not one.missed_words)
        yield table.Row(f"{where} rules told exactly", f"{rules} of {rules}", f"{one.exact}", met=not one.missed)
        yield table.Row(f"{where} words and rules invented", "0", f"{wrong}", met=not wrong)
    met = done.seconds <= LIMIT_S
    yield table.Row("time of all places together", f"{LIMIT_S:.0f} s", f"{done.seconds:.0f} s", met=met)


def main() -> int:
    """Sow, measure, print; 1 where a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--places", default=",".join(PLACES))
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--quick", action="store_true", help="a tenth of it, to try it")
    options.add_argument("--out", type=Path, help="keep the run here")
    options.add_argument("--write", action="store_true", help=f"keep the table in {TABLE.name}")
    given = options.parse_args()
    sown = [sow(Place(place), given.seed, **(QUICK if given.quick else {})) for place in given.places.split(",")]
    done = measured(sown, given.seed, given.out)
    print(text(done))
    if given.write and not given.quick:
        how = f"`great-firewall` at residual times 1:30, {WORDS:,} words and {TEXTS} texts a place, seed {given.seed}"
        table.write(TITLE, how, rows(done), table=TABLE)
    return 0 if done.passed else 1


if __name__ == "__main__":
    sys.exit(main())
