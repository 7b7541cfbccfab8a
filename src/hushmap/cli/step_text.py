"""Steps and trials in words, for `hushmap show`.

Words of what was seen, never of what it means: the meaning stands in the saying alone (UX 3).
"""

from collections.abc import Iterator

from hushmap.detect import wrong_steps
from hushmap.model import (
    SYSTEM_RESOLVER,
    Connect,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Hop,
    Resolve,
    Role,
    Side,
    Step,
    Transport,
    Trial,
)

FAILURES: dict[Failure, str] = {
    Failure.REFUSED: "refused",
    Failure.RESET: "reset",
    Failure.ABORTED: "aborted",
    Failure.TIMEOUT: "no answer",
    Failure.EOF: "closed",
    Failure.HOST_UNREACHABLE: "host unreachable",
    Failure.NETWORK_UNREACHABLE: "network unreachable",
    Failure.NXDOMAIN: "no such name",
    Failure.DNS_REFUSED: "refused",
    Failure.SERVFAIL: "server failure",
    Failure.NO_ANSWER: "no address",
    Failure.INVALID_HOSTNAME: "another name's certificate",
    Failure.UNKNOWN_AUTHORITY: "unknown issuer",
    Failure.INVALID_CERTIFICATE: "invalid certificate",
    Failure.TLS_ALERT: "alert",
}
"""The commonest ends of a step in a few words; the others are shown by their name in the reference."""

_ROLES = {Role.BASELINE: "harmless twin", Role.CANARY: "canary", Role.SENTINEL: "own connection"}


def failure(step: Step) -> str:
    """How a step failed."""
    if step.failure is None:
        return ""
    words = FAILURES.get(step.failure, step.failure.value)
    alert = f" {step.alert}" if isinstance(step, Handshake) and step.alert is not None else ""
    return f"{words}{alert}" + (f" at {milliseconds(step)}" if timed(step) else "")


def timed(step: Step) -> bool:
    """Whether it is known how long a step took: old measurements of others say only when it ended, or nothing."""
    return step.t != step.t0


def milliseconds(step: Step) -> str:
    """How long a step took."""
    took = max(0.0, step.t - step.t0)
    return f"{took * 1000:.0f} ms" if took < 10 else f"{took:.0f} s"


def cell(step: Step | None) -> str:
    """A step in a column of its own."""
    match step:
        case None:
            return "-"
        case Resolve() if step.failure is None:
            more = f" +{len(step.addresses) - 1}" if len(step.addresses) > 1 else ""
            return f"{step.addresses[0]}{more}" if step.addresses else "no address"
        case Handshake() if step.failure is None:
            return _done(step) + ("" if step.valid is not False else ", not valid")
        case Fetch() if step.failure is None and step.page is not None:
            return f"{step.page.status}, {step.page.body_length:,} bytes"
        case Exchange() if step.failure is None:
            return f"an answer of {step.protocol}" if step.protocol else f"{len(step.received)} bytes back"
        case Hop() if step.router is not None:
            return f"router {step.router}"
        case Hop() if step.failure is None:
            return "reached"
        case _:
            return failure(step) or (milliseconds(step) if timed(step) else "done")


def _done(step: Step) -> str:
    return f"done, {milliseconds(step)}" if timed(step) else "done"


def sentence(step: Step) -> str:
    """A step as a line of its own."""
    said = cell(step)
    match step:
        case Resolve():
            answers = [", ".join(answer.addresses) or "no address" for answer in step.answers]
            several = f" ({len(answers)} answers: {'; '.join(answers)})" if len(answers) > 1 else ""
            took = f", {milliseconds(step)}" if timed(step) and step.failure is None else ""
            return f"look up {step.name} {step.qtype} at {step.resolver}: {said}{took}{several}"
        case Connect():
            return f"connect to {step.address} port {step.port}: {said}"
        case Handshake():
            names = f" · certificate of {step.chain[0].subject} by {step.chain[0].issuer}" if step.chain else ""
            kind = "QUIC" if step.transport is Transport.QUIC else "TLS"
            return f"{kind} handshake naming {step.sni or 'nothing'}: {said}{names}"
        case Fetch():
            title = f" · title {step.page.title!r}" if step.page is not None and step.page.title else ""
            host = f" with Host {step.host}" if step.host else ""
            return f"{step.method} {step.url}{host}: {said}{title}"
        case Exchange():
            return f"exchange with {step.address} port {step.port}: {said}"
        case Hop():
            return f"{step.ttl} hops toward {step.address} port {step.port}: {said}"


def server(resolver: str) -> str:
    """A DNS server as it is called: the system's, or its address."""
    return (
        "system DNS" if resolver == SYSTEM_RESOLVER else resolver.partition("://")[2].removesuffix(":53") or resolver
    )


def who(trial: Trial) -> str:
    """From where and why an attempt was made."""
    if trial.side is Side.HELPER:
        return "elsewhere"
    if trial.bystander:
        return "another server"
    if trial.changed and trial.role is Role.BASELINE:
        return f"other {trial.changed}"
    return _ROLES.get(trial.role, "-")


def trial_lines(trial: Trial, *, void: str | None = None, dark: str | None = None) -> Iterator[str]:
    """One attempt with every step; `dark` is where silence is as it should be and an answer is not."""
    pair = f" · pair {trial.pair}" if trial.pair is not None else ""
    kept = f" · does not count: {void}" if void else ""
    undone = f" · not carried out: {trial.undone}" if trial.undone else ""
    nobody = " · no DNS service runs there" if dark is not None and trial.ask.resolver == dark else ""
    yield f"{trial.id}  {trial.t0:9.3f} s  {who(trial)}{pair}{nobody}{kept}{undone}"
    wrong = wrong_steps(trial, dark)
    for step in trial.steps:
        mark = "x" if any(step is other for other in wrong) else " "
        yield f"    {mark} {sentence(step)}"
