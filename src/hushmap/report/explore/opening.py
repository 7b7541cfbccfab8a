"""Tables -> an explorer that answers at once: its columns, from beside the archive where they lie there."""

from collections.abc import Callable

from hushmap.archive import Place, Tables
from hushmap.report.explore.columns import gathered
from hushmap.report.explore.counting import Counting
from hushmap.report.explore.exploring import Explorer, Find
from hushmap.report.explore.keeping import kept
from hushmap.report.explore.listing import page
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.book import About
from hushmap.report.words import Words


def explorer(
    tables: Tables,
    about: About,
    *,
    place: Place | None = None,
    find: Find | None = None,
    alone: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Explorer:
    """The explorer of `tables`; of one archive, `place`, which may keep what is made here.

    Args:
        tables: All that was opened.
        about: What its pages say of it; their language is its.
        place: The archive, if the tables are of one.
        find: Records with all that was observed, where they can be had.
        alone: Whether the verdicts were made one by one, and not beside what other runs saw.
        say: Is told of what takes a while.

    Raises:
        RunsError: The tables or the archive cannot be read.
        ValueError: There are no pages in that language.
    """
    columns = kept(place) if place is not None else None
    known = columns is not None
    if columns is None:
        if place is not None:
            say("every verdict is read once for the explorer; what it counts by is kept beside the archive")
        columns = gathered(tables)
    counting = Counting(columns)
    counting.warm()
    opened = Explorer(tables, counting, about, Words(about.lang), find, place, kept=known, alone=alone)
    # Templates are read and made into code by the first page that is set: nobody has to wait for that.
    page(opened, Wanted()).rendered()
    return opened
