"""`hushmap run --again`: once more only what an earlier run left open, or found cut off, or one target of it.

The question stays the same: the earlier run's deck, baselines and DNS servers. Consent is asked for as for any run,
and the new run's manifest says what it repeats. Risky categories are not repeated by themselves (METHOD 5): each is
named once more, or a target of it is.
"""

from pathlib import Path
from typing import Any

from hushmap.catalog import NONE, off_by_default, switch
from hushmap.cli import screen
from hushmap.cli.asking import network_key
from hushmap.cli.choosing import Chosen, risk_of
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.finding import matching
from hushmap.cli.job import Link
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import Wishes
from hushmap.cli.running import measure
from hushmap.cli.starting import NETWORK, WHERE, which
from hushmap.cli.wording import count, listed
from hushmap.judge import Judged, judged_path
from hushmap.model import Deck, Outcome, Part, Target
from hushmap.runs import Manifest, Repeats, RunFolder, record_id

UNDECIDED, BLOCKED = "undecided", "blocked"
_OPEN, _CUT = "open", "cut"
"""What a verdict says of each word that was asked about with others."""
_TARGETS = ("deck", "urls", "files", "experiment", "place", "encoding", "read_as", "canaries", "baseline_word")
"""Options that say what is asked about, and how: all of it is the earlier run's."""


_TYPED = {"deck": "DECK", "urls": "-i", "files": "-f", "canaries": "--canary"}


def as_typed(name: str) -> str:
    """A field of `Wishes` as the option that fills it."""
    return _TYPED.get(name, f"--{name.rstrip('_').replace('_', '-')}")


def measure_again(again: str, of: str | None, options: dict[str, Any], base: Path) -> int:
    """A new run of some targets of an earlier one; the exit code.

    Args:
        again: `undecided`, `blocked`, or what `show` would be told.
        of: the earlier run; by default the last.
        options: what was typed beside.
        base: the folder in which runs lie.

    Raises:
        Fault: There is no such target, or what was typed asks about others.
    """
    for name in _TARGETS:
        if options[name] not in {None, ()}:
            what = f"leave out {as_typed(name)} (another run than the last: --run)"
            raise Fault(f"--again asks what an earlier run asked: {what}")
    path = which(base, of)
    folder = RunFolder.open(path)
    manifest = folder.manifest
    targets = meant(folder, again)
    named = {target.key for target in targets} if again not in {UNDECIDED, BLOCKED} else set[str]()
    on, off = switch(targets, {*options["with_"], NONE}, options["without"], typed=named)
    risk = risk_of(off)
    if on and risk and not options["quiet"]:
        left = count(sum(map(off_by_default, off)), "target")
        more = listed([f"--with {code}" for code in risk])
        screen.note(f"{left} left out: risky categories are not repeated by themselves ({more})")
    chosen = Chosen(deck=_deck(manifest), on=on, off=off, sources=_parts(manifest))
    link = Link(repeats=Repeats(run=manifest.run, which=again))
    return measure({**options, **_as_then(manifest, options)}, base, chosen=chosen, link=link)


def meant(folder: RunFolder, again: str) -> tuple[Target, ...]:
    """The targets of a run that are asked about again, in its order; words with the canaries that vouch for them.

    Raises:
        Fault: There is none.
    """
    judged = [one for one in judged_path(folder.path, knowledge()) if isinstance(one, Judged)]
    if again in {UNDECIDED, BLOCKED}:
        found = {one.record.id for one in judged if _is(one, again)}
    else:
        found = {one.record.id for one in matching(judged, again)}
    targets = folder.manifest.targets
    wanted = {index for index in range(len(targets)) if record_id(folder.run, index) in found}
    if not any(targets[index] for index in wanted):
        raise Fault(f"nothing in the run {folder.run} is {again}: see hushmap show --run {folder.run}", Exit.NOTHING)
    words = any(targets[index].place is not None for index in wanted)
    return tuple(target for index, target in enumerate(targets) if index in wanted or (words and _vouches(target)))


def _is(one: Judged, again: str) -> bool:
    outcome, word = (Outcome.BLOCKED, _CUT) if again == BLOCKED else (Outcome.INSUFFICIENT, _OPEN)
    return one.verdict.outcome is outcome or word in one.verdict.words.values()


def _vouches(target: Target) -> bool:
    """Without these no word is ever cleared."""
    return target.experiment == "calibrate" or (target.canary and target.place is not None)


def _deck(manifest: Manifest) -> Deck:
    return Deck(
        name=manifest.deck,
        title=manifest.deck,
        sha256=manifest.deck_sha256,
        baselines=manifest.baselines,
        parts=(),
        baseline_word=manifest.baseline_word,
    )


def _parts(manifest: Manifest) -> tuple[Part, ...]:
    return tuple(
        Part(experiment=one.experiment, list=one.list, sha256=one.sha256, targets=()) for one in manifest.parts
    )


def _as_then(manifest: Manifest, options: dict[str, Any]) -> dict[str, Any]:
    """Options that the earlier run was told and this one was not.

    The network's name only where this computer is on the network of then: another one must not take its name.
    """
    then: dict[str, Any] = {
        "resolvers": manifest.resolvers[1:],
        "other_resolvers": manifest.comparison_resolvers,
        "label": manifest.label,
    }
    if manifest.options.get(WHERE) == network_key(None):
        then["network"] = manifest.options.get(NETWORK)
        then["country"] = manifest.vantage.country if manifest.vantage.known.get("country") == "declared" else None
    unsaid = Wishes()
    return {name: value for name, value in then.items() if options[name] == getattr(unsaid, name)}
