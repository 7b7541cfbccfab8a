"""Measurements of OONI's API: how many there are, how many are wanted, and how far it has come."""

import hashlib
import re
from pathlib import Path

from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.fetch_text import Gathered, progress_words, question_words
from hushmap.cli.options import typed_day
from hushmap.cli.wording import about, count
from hushmap.net import Clock
from hushmap.remote import Api, HowFar, Query, Spool, gather
from hushmap.runs import RunsError

ENOUGH = 1000
"""Measurements unless more are asked for: a quarter of an hour at the pace that OONI's API is asked at."""
LICENCE = "OONI's data policy: https://ooni.org/about/data-policy"
EVERY = 10.0
"""Seconds between lines of progress where none can be redrawn."""
SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")

_COUNTRY = re.compile(r"[A-Za-z]{2}")
_TEST = re.compile(r"[a-z][a-z0-9_]{0,60}")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


def query_of(*, country: str, since: str, until: str, test: str, domain: str | None) -> Query:
    """What is asked for.

    Raises:
        Fault: Something of it is none.
    """
    if not _COUNTRY.fullmatch(country):
        raise Fault(f"--country {country[:20]!r} is no country; write two letters, e.g. --country IT")
    if not _TEST.fullmatch(test):
        raise Fault(f"--test {test[:60]!r} is no name of a test; write e.g. --test web_connectivity")
    if domain is not None and not _DOMAIN.fullmatch(domain):
        raise Fault(f"--domain {domain[:60]!r} is no name of a site; write e.g. --domain www.example.com")
    first, end = typed_day("--since", since), typed_day("--until", until)
    if first >= end:
        raise Fault("--since is not before --until; the day of --until is the first that is not fetched")
    return Query(country=country.upper(), since=str(first), until=str(end), test=test, domain=domain)


def output_path(output: Path | None, query: Query) -> Path:
    """The file to write; its name says what is in it, unless the person gave one."""
    if output is None:
        words = ["ooni", query.country, query.since, query.until, query.domain or "", query.test]
        output = Path("-".join(word for word in words if word and word != "web_connectivity") + ".jsonl.gz")
    if not output.name.endswith(SUFFIXES):
        raise Fault(f"{output}: the name tells how it is packed; end it in {', '.join(SUFFIXES)}")
    return output


def collect(query: Query, path: Path, *, limit: int | None, api: str) -> Gathered:
    """Fetch, tell how far it is, and leave a file that can be gone on with.

    Raises:
        Fault: The API or the disk refuses; what came is kept.
    """
    clock = Clock()
    with Api(api, screen.note) as asked, Spool(path, query) as spool:
        who = f"Asking OONI's API at {api} for {question_words(query)}."
        screen.note(f"{who} It sees this computer's address and what is asked.")
        matches = asked.count(query)
        wanted = how_many(matches, limit)
        begin_note(query, spool, matches, wanted, path)
        meter = Meter(clock, wanted)
        try:
            complete = gather(asked, query, spool, wanted, meter)
        except KeyboardInterrupt:
            meter.end()
            screen.note(f"{count(spool.written, 'measurement')} in {path}; the same command goes on from there.")
            raise
        except RunsError as error:
            meter.end()
            if not spool.written:
                raise
            kept = f"{count(spool.written, 'measurement')} in {path}: the same command goes on from there"
            raise Fault(f"{error}; {kept}", Exit.EARLY) from None
        meter.end()
        spool.close(complete=complete)
        return Gathered(
            query=query,
            file=str(path) if path.exists() else None,
            sha256=digest(path) if path.exists() else None,
            licence=LICENCE,
            rows=spool.written,
            matches=matches,
            missing=spool.missing,
            why=spool.why,
            came=asked.came,
            complete=complete,
        )


def how_many(matches: int | None, limit: int | None) -> int:
    """How many to fetch: as many as was said, or as a person at the terminal says now."""
    if limit is not None or matches is None or matches <= ENOUGH or not screen.at_terminal():
        return limit or ENOUGH
    typed = typed_answer(
        f"{matches:,} measurements match. How many are to be fetched, at one a second? "
        f"(Enter: {ENOUGH:,}, which takes {about(ENOUGH)}; all of them take {about(matches)}) "
    ).strip()
    if not typed:
        return ENOUGH
    if not typed.replace(",", "").isdecimal() or int(typed.replace(",", "")) == 0:
        raise Fault(f"{typed[:20]!r} is no number; nothing was fetched")
    return int(typed.replace(",", ""))


def begin_note(query: Query, spool: Spool, matches: int | None, wanted: int, path: Path) -> None:
    """What is about to be fetched, and what is there already."""
    known = "An unknown number of measurements" if matches is None else count(matches, "measurement")
    left = max(0, min(wanted, wanted if matches is None else matches) - spool.written)
    there = f"; {spool.written:,} of them are in {path} already" if spool.written else ""
    screen.note(f"{known}: {question_words(query)}{there}.")
    more = matches is not None and matches > wanted
    rest = f" (all of them: --limit {matches})" if more else ""
    screen.note(f"Fetching up to {left:,}{' more' if there else ''}, at most one request a second: "
                f"about {about(left)}{rest}.")  # fmt: skip


class Meter:
    """Says how far it has come: in one line that is redrawn, or in a line now and then."""

    def __init__(self, clock: Clock, wanted: int) -> None:
        self._clock, self._wanted = clock, wanted
        self._lively, self._said, self._drawn = screen.lively(), clock.now(), False

    def __call__(self, far: HowFar) -> None:
        """Tell it."""
        words = progress_words(far, self._wanted)
        if self._lively:
            screen.redraw(words)
            self._drawn = True
        elif self._clock.now() - self._said >= EVERY:
            screen.note(words)
            self._said = self._clock.now()

    def end(self) -> None:
        """Leave the line."""
        if self._drawn:
            screen.note()
            self._drawn = False


def digest(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
