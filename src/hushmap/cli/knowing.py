"""What judging knows beside the records: fingerprints, ours and what a person fetched or gives."""

from pathlib import Path

from hushmap.catalog import fingerprints
from hushmap.model import Knowledge
from hushmap.runs import fetched


def knowledge(more: tuple[Path, ...] = ()) -> Knowledge:
    """The shipped fingerprints, those that were fetched, and `more`."""
    return fingerprints([*fetched("fingerprints"), *more])
