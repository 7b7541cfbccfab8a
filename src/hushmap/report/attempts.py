"""Every attempt of a target as one line of a table: what was asked, where, and what came of it.

The line names the address or DNS server and the name that was sent, so that a reader can check what a pair kept the
same. What counts as gone wrong is detect's word, the same as in `hushmap show`.
"""

import msgspec

from hushmap.detect import visible, went_wrong
from hushmap.model import Context, Fetch, Handshake, Layer, Trial
from hushmap.report.decisive import payload_text
from hushmap.report.waterfall import EMPTY, FINE, SHORT, WRONG, at, ending, is_dark, page_words, resolver_words
from hushmap.report.words import Words


class Attempted(msgspec.Struct, frozen=True, kw_only=True):
    """One trial as a line of the table of all attempts."""

    id: int
    start: str
    side: str
    changed: str
    asked: str
    """What, and at which address or DNS server: so that a reader can check what was kept the same."""
    lookup: str
    connect: str
    tls: str
    page: str
    sign: str
    failed: bool
    note: str


def attempted(trial: Trial, context: Context, words: Words) -> Attempted:
    """One trial, whatever became of it."""
    voids = {void.trial: void.reason for void in context.voids}
    note = ""
    if trial.id in voids:
        note = words("note.void", reason=words.plain("why", voids[trial.id]))
    if trial.undone is not None:
        note = words("note.undone", reason=words.plain("why", trial.undone))
    connect, fetch = trial.connect, trial.fetch
    page = page_words(fetch.page, words) if fetch is not None and fetch.page is not None else ""
    failed = went_wrong(trial, context.dark)
    silent = is_dark(trial, context.dark) and not failed
    return Attempted(
        id=trial.id,
        start=words.lasting(trial.t0),
        side=words(f"side.{trial.side}.{trial.role}"),
        changed=words.plain("changed", trial.changed or ""),
        asked=_asked(trial, context.dark, words),
        lookup=_lookup(trial, context.dark, words),
        connect="" if connect is None else _timed(connect.t - connect.t0, ending(connect, words), words),
        tls=_tls(trial.handshake, words),
        page=_fetched(fetch, page, words),
        sign="" if trial.undone is not None else WRONG if failed else EMPTY if silent else FINE,
        failed=failed,
        note=note,
    )


def _asked(trial: Trial, dark: str | None, words: Words) -> str:
    """What was asked, and where."""
    ask = trial.ask
    if ask.layer is Layer.DNS:
        what = " ".join(visible(text, SHORT) for text in (ask.name, ask.qtype) if text)
        where = resolver_words(ask.resolver, trial.side, words) if ask.resolver else ""
        where = words("resolver.dark", resolver=where) if is_dark(trial, dark) else where
    else:
        host = f" (Host: {visible(ask.host, SHORT)})" if ask.host and ask.layer is Layer.HTTP else ""
        unnamed = words("asked.noname") if ask.layer is Layer.TLS else ""
        said = ask.sni or (payload_text(ask) if ask.layer is Layer.RAW else None)
        what = f"{visible(ask.url, SHORT)}{host}" if ask.url else visible(said, SHORT) if said else unnamed
        where = visible(ask.address, SHORT) if ask.address else ""
        where = at(ask.address, ask.port) if ask.address and ask.port else where
    return words("asked.at", what=what, where=where) if what and where else what or where


def _timed(seconds: float, what: str, words: Words) -> str:
    return f"{what}, {words.lasting(seconds)}"


def _lookup(trial: Trial, dark: str | None, words: Words) -> str:
    """The addresses that came; how it ended, if none did."""
    came = [", ".join(step.addresses) for step in trial.resolves if step.addresses]
    if not came and trial.resolves and is_dark(trial, dark) and not went_wrong(trial, dark):
        came = [words("dark.silent")]
    return "; ".join(dict.fromkeys(came or [ending(step, words) for step in trial.resolves]))


def _tls(handshake: Handshake | None, words: Words) -> str:
    if handshake is None:
        return ""
    return _timed(handshake.t - handshake.t0, ending(handshake, words), words)


def _fetched(fetch: Fetch | None, page: str, words: Words) -> str:
    if fetch is None:
        return ""
    return page if fetch.failure is None else "; ".join(part for part in (ending(fetch, words), page) if part)
