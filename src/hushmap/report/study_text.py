"""What a study of a campaign says, in sentences that cannot say more than its tests; for a terminal and for a page.

The first sentence is always when the event was chosen. Nulls are told like everything else, each with the rise that
the series would have shown. No sentence has a cause in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from hushmap.analysis import Exposure, Study, StudyRole, StudyShare, StudyTest
from hushmap.detect import group_words
from hushmap.model import Campaign, Dated, Precision
from hushmap.report.words import Words
from hushmap.sampling import Shifted

ALPHA = 0.05
_SIDES = ("", "_low", "_high")
"""Of an effect and its interval, as the fields of a sentence end."""
_NAMED = 8
"""Days and controls that are named; the rest is in the table."""


def sentences(study: Study, every: Mapping[str, Campaign], words: Words) -> Iterator[str]:
    """What came of a study, sentence by sentence; `every` is the register."""
    campaign = every[study.campaign]
    kept = "study.preregistered.days" if study.observed_changed else "study.preregistered"
    yield words(kept if study.preregistered else "study.retrospective")
    if study.register_changed:
        yield words("study.register")
    yield from _when(study, words)
    yield from _places(campaign, study, words)
    yield from _countries(campaign, study, words)
    yield words(f"study.{study.exposure}")
    if study.experiment:
        yield words("study.shares", experiment=study.experiment)
    if study.onsets is not None:
        onsets = words.count("n.onsets", study.onsets.counted)
        unsure = {"provisional": f"{study.onsets.provisional}", "unblocked": f"{study.onsets.unblocked}"}
        yield words("study.onsets", onsets=onsets, **unsure)
    if study.alone:
        yield words("study.alone", measurements=words.count("n.measured", study.alone))
    if study.onsets is not None and study.onsets.undated:
        yield words("study.undated", onsets=words.count("n.onsets", study.onsets.undated))
    if study.earlier:
        yield words("study.earlier", tests=words.count("n.tests", study.earlier))
    for test in study.question:
        yield from _tested(test, study, words)
    yield from _controls(study, words)
    yield from _course(study, words)
    yield from _later(study, words)
    if campaign.confounders:
        names = "; ".join(f"{every[name].name} ({_dated(every[name].first)})" for name in campaign.confounders)
        yield words("study.meanwhile", names=names)
    yield words("study.cannot")


def _when(study: Study, words: Words) -> Iterator[str]:
    """The window, or that of each locality, and what is not known of it."""
    days = (study.end - study.start).days + 1
    places = [one for one in study.question if one.role is StudyRole.LOCALITY]
    dates = {"days": f"{days}", "first": f"{study.first}", "last": f"{study.last}"}
    if places:
        names = [f"{one.name} ({one.start})" for one in places]
        yield words("study.localities", n=f"{len(places)}", names=", ".join(names[:_NAMED]), **dates)
    else:
        dates |= {"start": f"{study.start}", "end": f"{study.end}"}
        if study.exposure is Exposure.KNOWN:
            yield words("study.window", observed=f"{study.tests[0].observed}", **dates)
        else:
            yield words("study.window.unknown", **dates)
    if study.vague and not places:
        yield words("study.vague")
    if study.latest > study.start:
        yield words("study.month.began", low=f"{study.start}", high=f"{study.latest}")
    if study.earliest < study.end:
        yield words("study.month.ended", low=f"{study.earliest}", high=f"{study.end}")
    if study.by_month:
        yield words("study.month")
    if study.unended:
        yield words("study.unended", days=f"{(study.earliest - study.start).days + 1}")
    if (study.start - study.first).days < days:
        yield words("study.nobefore")


def _places(campaign: Campaign, study: Study, words: Words) -> Iterator[str]:
    """Where it went on, as far as its sources tell, and when it began there."""
    join = words("site.join").join
    known = [f"{one.name} ({_dated(one.start)})" for one in campaign.localities if one.start is not None]
    if known:
        yield words("study.places.known", names=join(known))
    unknown = [one.name for one in campaign.localities if one.start is None]
    if unknown:
        yield words("study.places.unknown", names=join(unknown))
    if campaign.unnamed:
        yield words("study.places.unnamed", names=campaign.unnamed)
    if study.left_out:
        yield words("study.places.out", names=join(study.left_out))


def _countries(campaign: Campaign, study: Study, words: Words) -> Iterator[str]:
    """Where it was measured, if that is not just where the campaign was."""
    if len(study.measured_in) > 1:
        yield words("study.countries", names=words("site.join").join(study.measured_in), country=campaign.country)
    if study.measured_in and campaign.country not in study.measured_in:
        yield words("study.countries.none", country=campaign.country)


def claims(campaign: Campaign, words: Words) -> Iterator[str]:
    """What is claimed of it, beside what was measured."""
    for one in campaign.claims:
        yield words("study.claim", agency=one.agency, reported=f"{one.reported}", says=one.says, unlike=one.unlike)


def _tested(test: StudyTest, study: Study, words: Words) -> Iterator[str]:
    what = test.name or words("study.together" if test.role is StudyRole.TOGETHER else "study.whole")
    if test.found is None:
        yield words("study.untested", what=what)
        return
    assert test.adjusted is not None, "what asks about the campaign is adjusted"
    yield _shared(test.share, what, study, words) if test.share is not None else _counted(test, what, words)
    yield _compared(test, test.found, study, words)
    yield words("study.more" if test.adjusted <= ALPHA else "study.none")
    if test.possible is not None:
        low, high = test.possible
        yield words("study.possible", low=chance(low), high=chance(high))
    if test.by_things is not None:
        yield words("study.things", p=chance(test.by_things.p))
    yield _power(test, study, words)


def _compared(test: StudyTest, found: Shifted, study: Study, words: Words) -> str:
    """How many other windows came as high, by what the test compares; p with all that it is to be read with."""
    together = test.role is StudyRole.TOGETHER and sum(one.role is StudyRole.LOCALITY for one in study.question) > 1
    kind = "ranks" if together else "shares" if test.share is not None else study.exposure
    asked = sum(one.adjusted is not None for one in study.question) + study.earlier
    p = words(
        "study.p",
        p=chance(found.p),
        smallest=chance(found.smallest),
        apart=f"{found.apart}",
        tests=words.count("n.tests", asked),
        adjusted="-" if test.adjusted is None else chance(test.adjusted),
    )
    as_many = f"{found.greater + found.ties:,}"
    return words(f"study.compared.{kind}", windows=f"{found.windows:,}", as_many=as_many, p=p)


def _counted(test: StudyTest, what: str, words: Words) -> str:
    """What was counted in the window, and in all."""
    return words(
        "study.counts",
        what=what,
        batches=words.count("n.updates", test.batches or 0),
        things=words.count("n.things", test.things or 0),
        of=words.count("n.things", test.of_things or 0),
    )


def _shared(share: StudyShare, what: str, study: Study, words: Words) -> str:
    """The shares of the window and of the other days."""
    return words(
        "study.share",
        what=what,
        found=group_words(study.sought, words.lang),
        share=_percent(share.found, share.tests),
        bursts=words.count("n.bursts", share.tests),
        other=_percent(share.other_found, share.other_tests),
        others=words.count("n.bursts", share.other_tests),
        expected=_percent(share.expected, share.tests),
    )


def _percent(part: float, of: int) -> str:
    return f"{100 * part / of:.1f}" if of else "-"


def _power(test: StudyTest, study: Study, words: Words) -> str:
    """The rise that would have been shown, against the other days; or why there is none to tell."""
    if test.share is not None and test.share.least is not None:
        rise, power = test.share.least
        return words("study.share.power", points=f"{100 * rise:g}", power=f"{100 * power:.0f}")
    if test.least is None:
        length, days = (study.end - study.start).days + 1, (study.last - study.first).days + 1
        if 2 * length >= days:
            return words("study.power.half")
        return words("study.power.rateless" if test.things == test.of_things is not None else "study.powerless")
    return words("study.power", k=f"{test.least[0]:g}", power=f"{100 * test.least[1]:.0f}")


def _controls(study: Study, words: Words) -> Iterator[str]:
    tested = [one for one in study.controls if one.found is not None]
    found = [one for one in tested if one.found is not None and one.found.p <= ALPHA]
    if tested:
        expected = f"{ALPHA * len(tested):.1f}"
        yield words("study.controls", n=f"{len(tested)}", k=f"{len(found)}", expected=expected)
        named = [
            words("study.placebo", start=f"{one.start}", end=f"{one.end}")
            if one.role is StudyRole.PLACEBO
            else one.name
            for one in found[:_NAMED]
        ]
        if named:
            yield words("study.controls.which", names=", ".join(named))


def _course(study: Study, words: Words) -> Iterator[str]:
    yield _level(study, words)
    if study.changes is not None:
        days = [f"{study.first + timedelta(days=place)}" for place in study.changes.changes[:_NAMED]]
        yield words("study.changes", days=", ".join(days)) if days else words("study.changes.no")
        if study.changes.distance is not None and study.changes.p is not None:
            as_near = f"{100 * study.changes.p:.0f}"
            yield words("study.near", distance=f"{study.changes.distance:.1f}", as_near=as_near)


def _level(study: Study, words: Words) -> str:
    """Before and after: of counts times as many, of shares points more."""
    told: list[tuple[str, Sequence[str]]]
    if study.share_course is not None:
        points = study.share_course
        told = [
            (name, [f"{100 * value:+.1f}" for value in (one.share, one.low, one.high)])
            for name, one in (("step", points.step), ("month", points.month))
        ]
    elif study.course is not None:
        times = study.course
        told = [
            (name, [f"{value:.2f}" for value in (one.ratio, one.low, one.high)])
            for name, one in (("step", times.step), ("month", times.month))
        ]
    else:
        return words("study.share.course.no" if study.experiment else "study.course.no")
    fields = {f"{name}{side}": text for name, texts in told for side, text in zip(_SIDES, texts, strict=True)}
    return words("study.share.course" if study.experiment else "study.course", **fields)


def _later(study: Study, words: Words) -> Iterator[str]:
    """How long it took: to the first change, and of each order."""
    for wait in study.waits:
        what = {"what": wait.name or words("study.whole"), "day": f"{wait.since}"}
        if wait.days is None or wait.as_short is None:
            yield words("study.wait.no", **what)
            continue
        days = (
            f"{wait.days}" if wait.least == wait.days else words("study.to", low=f"{wait.least}", high=f"{wait.days}")
        )
        yield words("study.wait", days=days, as_short=f"{100 * wait.as_short:.0f}", **what)
    if study.lags is None:
        return
    lags = study.lags
    yield words(
        "study.lags",
        orders=words.count("n.orders", lags.orders),
        week=f"{100 * lags.week:.0f}",
        **{name: f"{getattr(lags, name)}" for name in ("early", "middle", "late")},
    )
    if lags.low is not None:
        yield words("study.lags.median", low=f"{lags.low}", high=f"{lags.high}")
    if lags.before:
        yield words("study.lags.before", n=f"{lags.before}")


def _dated(one: Dated) -> str:
    """No more of a date than is known."""
    return f"{one.day:%Y-%m}" if one.precision is Precision.MONTH else f"{one.day}"


def chance(p: float) -> str:
    """A p value as it is printed: two digits that count, and never 0."""
    return f"{p:.2g}" if p < 0.1 else f"{p:.2f}"
