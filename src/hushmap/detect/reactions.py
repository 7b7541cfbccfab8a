"""What one trial of a pair says: it passed, it was hit, or it says nothing about what was changed.

This is where a failed step becomes a 0 or a 1 for the sequential test, so it is strict about *which* step: a name in
a ClientHello cannot make the SYN before it fail, and a certificate that does not hold still shows that a server
spoke.
"""

from enum import StrEnum
from urllib.parse import unquote

from hushmap.detect.echo import answered, broken_off, foreign
from hushmap.detect.hosts import host_in
from hushmap.detect.notices import notice
from hushmap.model import (
    CERTIFICATE,
    CUT,
    LOCAL,
    Ask,
    Context,
    Failure,
    Knowledge,
    Layer,
    Resolve,
    Role,
    Step,
    Transport,
    Trial,
    is_public,
)

_ALONE = Context()
"""A run without an address of its own."""
_CONNECT = CUT | {Failure.REFUSED, Failure.HOST_UNREACHABLE, Failure.NETWORK_UNREACHABLE}
_NO_NAME = frozenset(
    {
        Failure.NXDOMAIN,
        Failure.DNS_REFUSED,
        Failure.SERVFAIL,
        Failure.NO_ANSWER,
        Failure.TIMEOUT,
        Failure.DNS_TEMPORARY,
        Failure.DNS_MISBEHAVING,
        Failure.REFUSED,
    }
)


class Reaction(StrEnum):
    """One trial's word on the one thing that its pair changes."""

    PASSED = "passed"
    HIT = "hit"
    SILENT = "silent"
    """Not informative: it failed before, or beside, the thing that was changed."""


def reaction(trial: Trial, knowledge: Knowledge, context: Context = _ALONE) -> Reaction:
    """What `trial` says; at an address of ours that runs no resolver, any answer at all is a hit."""
    if trial.undone is not None:
        return Reaction.SILENT
    if trial.ask.layer is Layer.DNS:
        at_dark = trial.ask.resolver is not None and trial.ask.resolver == context.dark
        return _dark(trial) if at_dark else _dns(trial)
    connect = trial.connect
    if trial.ask.transport is not Transport.TCP:
        return _datagrams(trial)
    if connect is None or connect.failure in LOCAL:
        return Reaction.SILENT
    if trial.ask.layer is Layer.TCP:
        return _said(connect.failure, _CONNECT)
    if connect.failure is not None:
        return Reaction.SILENT
    if trial.ask.layer is Layer.TLS:
        return _tls(trial)
    if trial.ask.layer is Layer.RAW:
        return _raw(trial, context)
    if trial.handshake is not None and trial.handshake.failure is not None:
        return _tls(trial)
    return _http(trial, knowledge, context)


def _said(failure: Failure | None, hits: frozenset[Failure]) -> Reaction:
    """A step that succeeded passed; of those that failed, only some speak of the network."""
    if failure is None:
        return Reaction.PASSED
    return Reaction.HIT if failure in hits else Reaction.SILENT


def _tls(trial: Trial) -> Reaction:
    """METHOD 1: a baseline passes on any authentic reaction, ServerHello or alert; the subject must get through."""
    handshake = trial.handshake
    if handshake is None:
        return Reaction.SILENT
    if handshake.failure is None or handshake.failure in CERTIFICATE:
        return Reaction.PASSED
    if trial.role is Role.BASELINE and handshake.spoke:
        return Reaction.PASSED
    if handshake.failure in CUT or handshake.failure in {Failure.TLS_ALERT, Failure.TLS_FAILED}:
        return Reaction.HIT
    return Reaction.SILENT


def _datagrams(trial: Trial) -> Reaction:
    """Over QUIC silence is a hit, to the Initial or after it; alerts, refusals, other versions are somebody's answer.

    A twin passes on an answer of the server's, as over TCP. Nothing is read from what comes after a handshake.
    """
    handshake = trial.handshake
    if handshake is None:
        return Reaction.SILENT if trial.exchange is None else _said(trial.exchange.failure, _CONNECT)
    if handshake.failure is None or handshake.failure in CERTIFICATE:
        return Reaction.PASSED
    if handshake.failure is Failure.TIMEOUT:
        return Reaction.HIT
    return Reaction.PASSED if trial.role is Role.BASELINE and handshake.spoke else Reaction.SILENT


def _raw(trial: Trial, context: Context) -> Reaction:
    """An answer of our echo's must be whole and its own; of other servers any answer will do."""
    if trial.exchange is None:
        return Reaction.SILENT
    if foreign(trial, context) or broken_off(trial, context):
        return Reaction.HIT
    return _said(trial.exchange.failure, CUT)


def _http(trial: Trial, knowledge: Knowledge, context: Context) -> Reaction:
    fetch = trial.fetch
    if fetch is None:
        return Reaction.SILENT
    if foreign(trial, context):
        return Reaction.HIT
    if answered(trial, context):
        return _said(fetch.failure, CUT)
    mark = notice(fetch.page, knowledge, host=_asked(trial.ask)) if fetch.page is not None else None
    if mark is not None and mark.pattern not in unquote(trial.ask.url or ""):
        return Reaction.HIT  # a mark that was in the request is an echo's answer
    return _said(fetch.failure, CUT)


def _asked(ask: Ask) -> str:
    """The host that was asked for, as it was written."""
    return ask.host or host_in(ask.url or "") or ""


def _dns(trial: Trial) -> Reaction:
    """An address that a site can have passes; NXDOMAIN, silence and bogons are hits; AAAA may be empty."""
    usable = {address for step in trial.resolves for address in step.addresses if is_public(address)}
    if usable:
        return Reaction.PASSED
    if any(step.addresses for step in trial.resolves):
        return Reaction.HIT
    return Reaction.HIT if any(step.failure in _NO_NAME for step in trial.resolves) else Reaction.SILENT


def _dark(trial: Trial) -> Reaction:
    """Nobody runs a resolver there: silence and ICMP are as it should be, an answer is forged or intercepted.

    A query that never left this computer is no silence of the network's.
    """
    if any(step.answers for step in trial.resolves):
        return Reaction.HIT
    asked = bool(trial.resolves) and all(step.failure not in LOCAL for step in trial.resolves)
    return Reaction.PASSED if asked else Reaction.SILENT


def went_wrong(trial: Trial, dark: str | None) -> bool:
    """Whether a reader should see `trial` as gone wrong; `dark` is the address at which silence is as it should be.

    For showing only: a site with IPv4 alone has no AAAA, and nothing went wrong when a lookup says so.
    """
    return bool(wrong_steps(trial, dark))


def wrong_steps(trial: Trial, dark: str | None) -> tuple[Step, ...]:
    """The steps of `trial` that went wrong: a lookup if no query type gave an address, the others if they failed."""
    lookups = trial.resolves
    if dark is not None and trial.ask.resolver == dark:
        return tuple(step for step in lookups if step.answers or step.failure in LOCAL)
    lost = not any(step.addresses for step in lookups)
    return tuple(step for step in trial.steps if (lost if isinstance(step, Resolve) else step.failure is not None))
