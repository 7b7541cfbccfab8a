"""What `hushmap archive` prints."""

from collections.abc import Iterator

from hushmap.archive import Added, Checked
from hushmap.cli.wording import count, size
from hushmap.detect import RULES_VERSION

_SHOWN = 20
"""Problems that are named; more of them are a number."""


def added_lines(added: Added, where: str, seconds: float, set_aside: tuple[str, ...]) -> Iterator[str]:
    """What adding came to."""
    there = f", {added.there:,} of them there already" if added.there else ""
    yield (
        f"{count(added.records, 'record')} added to {where} in {seconds:.1f} s · "
        f"{count(added.inputs, 'input')}{there} · rules {RULES_VERSION}"
    )
    if added.replaced:
        yield f"  {count(added.replaced, 'input')} of before judged anew, or grown: what was there gave way"
    if added.twice:
        yield f"  {count(added.twice, 'record')} came again and {'was' if added.twice == 1 else 'were'} left out"
    if added.rejects:
        files = f" in {', '.join(set_aside[:3])}" if set_aside else ""
        yield f"  {count(added.rejects, 'line')} set aside{files}; no verdict rests on them"


def verified_lines(checked: Checked, where: str) -> Iterator[str]:
    """What verifying came to."""
    rows = " · ".join(f"{number:,} {table}" for table, number in checked.rows.items())
    for problem in checked.problems[:_SHOWN]:
        yield f"{problem.where}: {problem.what}"
    if len(checked.problems) > _SHOWN:
        yield f"... and {count(len(checked.problems) - _SHOWN, 'problem')} more"
    verdict = f"{count(len(checked.problems), 'problem')}" if checked.problems else "as its imports say"
    yield f"{where}: {verdict} · {count(checked.imports, 'import')} of {count(checked.inputs, 'input')}"
    yield f"  {rows} · {count(checked.files, 'file')}, {size(checked.size)} · sha256 {checked.sha256[:12]}…"
    if checked.left:
        yield f"  {count(checked.left, 'file')} of an import that did not end; the next add removes them"
    if checked.problems:
        yield "  add the inputs of what is damaged again to a new archive: hushmap archive add PATH... -o DIR"
