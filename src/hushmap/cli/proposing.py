"""`hushmap judge --propose FILE`: pages that may be notices, as rows that a person may make fingerprints of."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from hushmap.cli.fault import Fault
from hushmap.cli.wording import count, listed, shell
from hushmap.detect import PROPOSED, Proposal

_SHOWN = 3
"""Hosts that are named of each."""


def free(path: Path) -> None:
    """Refuse a file that is there: it may hold what a person confirmed.

    Raises:
        Fault: It is there.
    """
    if path.exists():
        raise Fault(f"{path}: is there already; take another name, or move it away")


def proposed(proposals: Sequence[Proposal], path: Path) -> Iterator[str]:
    """Write the rows, and say what is to be done with them; nothing is written if there is none.

    Raises:
        Fault: The file cannot be written.
    """
    if not proposals:
        yield f"No page came for several unrelated sites that no fingerprint knows: {path} was not written."
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, PROPOSED, lineterminator="\n")
    writer.writeheader()
    writer.writerows(proposal.row for proposal in proposals)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; give a file that can be written") from None
    yield f"{count(len(proposals), 'page')} may be notices; none counts for any verdict:"
    for one in proposals:
        more = one.sites - _SHOWN
        hosts = [*one.hosts[:_SHOWN], *([f"{more} more"] if more > 0 else [])]
        yield f"  {one.row['name']}  {count(one.count, 'time')}, for {listed(hosts)}; look at record {one.records[0]}"
    yield f"Read each; put its scope (nat, isp, prod, inst) in place of vbw in {path}, or delete its row; then:"
    yield f"  {shell('hushmap', 'judge', '--fingerprints', str(path), '…')}"
