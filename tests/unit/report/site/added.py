"""The small site with what makers add: an invented register, a case, a study, others' measurements."""

from datetime import date

import msgspec

from hushmap.analysis import Share, Theirs
from hushmap.model import Campaign, Claimed, Dated, Document, EventKind, Precision
from hushmap.report.site.added import Added, Others, Replaced
from hushmap.report.site.cases import confirmed
from unit.report.site.happened import happened

CLAIM = Claimed(
    id="c1",
    agency="Office of Examples",
    place="Exampleland",
    says="1,200 pages were removed",
    reported=date(2026, 12, 1),
    figure=1200,
    unit="pages",
    unlike="a page is no network",
)
OTHERS = Others(source="ooni.jsonl", of=lambda _: {})
REPLACES = Replaced(version=1, id="0a1b2c3d")


def event(name="clean-1", start=date(2026, 11, 10), end=date(2026, 11, 20), **more):
    """A campaign in Exampleland in the days of the change, unless something else is said."""
    fields = {
        "id": name,
        "name": f"Event {name}",
        "agency": "Office of Examples",
        "jurisdiction": "XE",
        "start": Dated(day=start),
        "end": None if end is None else Dated(day=end),
        "targets": ("harmful news",),
        "claims": (CLAIM,),
        "documents": (Document(what="Example Gazette", url="https://gazette.example/1"),),
    }
    return Campaign(**fields | more)


def register():
    """Within the change, before it, after it, in another country, to the month, every year, and what may be mistaken."""
    month = Dated(day=date(2026, 11, 1), precision=Precision.MONTH)
    feast = event("feast", date(2015, 11, 16), None, kind=EventKind.ANNIVERSARY, yearly=True, targets=(), claims=())
    every = (
        event(confounders=("feast",), name_original="清理", platforms=("driftwood",)),
        event("early", date(2026, 10, 20), date(2026, 11, 14)),
        event("late", date(2026, 11, 17), date(2026, 11, 30), jurisdiction="XE-NO"),
        event("abroad", jurisdiction="XA"),
        event("long-ago", date(2025, 1, 1), date(2025, 1, 9)),
        msgspec.structs.replace(event("month"), start=month, end=None),
        event("touching", date(2026, 11, 16), date(2026, 11, 18)),
        feast,
    )
    return {one.id: one for one in every}


def theirs(**more):
    """Eight measurements of others; in two bursts of eight something was found."""
    share = Share(found="Blocked", k=2.0, n=8, share=None, low=None, high=None)
    often = Share(found="anomaly", k=12.0, n=40, share=0.3, low=0.18, high=0.46)
    fields = {"first": date(2026, 10, 19), "last": date(2026, 11, 17), "measurements": 48, "left_out": 3, "days": 6}
    return Theirs(**fields | {"gaps": "", "ours": (share,), "claim": often} | more)


def making(lang="en", *, case=True, **more):
    """What pages are made of; with `case` the change of a site on Net-A is one."""
    made = happened(lang)
    added = Added(register=register(), cases=(case_id(made),) if case else ())
    return msgspec.structs.replace(made, added=msgspec.structs.replace(added, **more))


def case_id(made):
    """The id of the change that was lifted."""
    return next(one.id for one in made.book.incidents if confirmed(one) and one.lifting is not None)
