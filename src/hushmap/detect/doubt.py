"""What would settle a host: the pair, or the repeat, that detect would need before it can decide.

An inquiry turns a doubt into attempts; when a doubt's test is decided the doubt is gone. Doubts are read from the
same `Leg` that the rules read, so no doubt is raised that no rule would use.
"""

import msgspec

from hushmap.detect.address import ours
from hushmap.detect.reactions import Reaction, reaction
from hushmap.detect.sight import Leg, certificate_refused
from hushmap.model import LOCAL, SYSTEM_RESOLVER, Ask, Failure, Layer, Side, Trial
from hushmap.sampling import Decision

MAX_RETRIES = 3
"""Repeats of a page load after its pairs came out clean: with 5 % loss three fail together in 1 of 8,000."""
ARRIVING = 4096
"""Bytes that are more than headers: a page that came so far has begun. Freezes are seen at 16 to 20 KB (refs/BEYOND
2.9)."""
STUCK = 3
"""Baselines that fail in a row at one server before it is said to refuse them."""


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """One open question: change `changed` in `subject` and see. `retry` needs no pair, only another attempt."""

    changed: str
    """sni, host, path, name, address, site, ech; or `retry`."""
    subject: Ask
    stuck: bool = False
    """No baseline passes at the subject's own server (it resets unknown names, say): ask elsewhere."""
    echo: bool = False
    """Only our own echo can tell: elsewhere nobody knows which page is the server's."""


def doubts(leg: Leg) -> tuple[Doubt, ...]:
    """The open questions about one host, those of name lookups first."""
    # A forger on the path says all there is to say of the lookup; pairs at a resolver would ask about the same lie.
    raised = [*(_dark(leg) or _names(leg)), *_replies(leg), *_addresses(leg)]
    decided = {test.subject for test in leg.tests if test.decision in {Decision.INTERFERED, Decision.CLEAN}}
    return tuple(
        doubt
        for doubt in dict.fromkeys(raised)
        if doubt.changed == "retry" or not (doubt.subject in decided or (doubt.stuck and _ours(leg, doubt.changed)))
    )


def _ours(leg: Leg, changed: str) -> tuple[Decision, ...]:
    """What pairs toward our own address decided about this kind of change."""
    ours = (test for test in leg.tests if test.changed == changed and test.subject.address == leg.context.helper)
    return tuple(test.decision for test in ours if test.decision in {Decision.INTERFERED, Decision.CLEAN})


def stuck(leg: Leg, subject: Ask, changed: str) -> bool:
    """Whether the twins that open pairs keep failing at this server or resolver, so that no pair can count."""
    place = subject.address, subject.resolver, changed
    twins = [t for t in leg.baselines if t.pair is not None and not t.bystander]
    made = [t for t in twins if (t.ask.address, t.ask.resolver, t.changed) == place]
    said = (reaction(trial, leg.knowledge, leg.context) for trial in made)
    return len(made) >= STUCK and Reaction.PASSED not in said


def _clean(leg: Leg, subject: Ask, changed: str) -> bool:
    """Whether this question was answered: nothing there. Where it was stuck, the answer from our address counts."""
    if any(test.subject == subject and test.decision is Decision.CLEAN for test in leg.tests):
        return True
    return stuck(leg, subject, changed) and Decision.CLEAN in _ours(leg, changed)


def _dark(leg: Leg) -> list[Doubt]:
    """An answer from an address that runs no resolver, unless it was a stray one or everybody's name gets one."""
    dark = leg.context.dark
    stray = any(test.subject.resolver == dark and test.decision is Decision.CLEAN for test in leg.tests)
    if leg.proxied or stray:
        return []
    asked = [trial for trial in leg.here if dark is not None and trial.ask.resolver == dark and trial.pair is None]
    for trial in asked:
        if reaction(trial, leg.knowledge, leg.context) is Reaction.HIT:
            return [Doubt(changed="name", subject=msgspec.structs.replace(trial.ask, qtype="A"))]
    return []


def _names(leg: Leg) -> list[Doubt]:
    """A resolver that failed or named an impossible address, while others know the name."""
    qtype = next((qtype for qtype in ("A", "AAAA") if leg.exists(qtype)), None)
    if qtype is None:
        return [Doubt(changed="retry", subject=ask) for ask in _unheard(leg)]
    bad = [resolver for resolver in leg.own if _lookup_bad(leg, resolver)]
    if len(bad) > 1 and SYSTEM_RESOLVER in bad:
        bad.remove(SYSTEM_RESOLVER)  # it may cache, and a cached answer counts once (METHOD 3)
    raised: list[Doubt] = []
    for resolver in bad:
        subject = Ask(layer=Layer.DNS, name=leg.host, qtype=qtype, resolver=resolver)
        if stuck(leg, subject, "name"):
            continue
        if _clean(leg, subject, "name"):
            raised += [Doubt(changed="retry", subject=ask) for ask in _lookup_retries(leg)]
        else:
            raised.append(Doubt(changed="name", subject=subject))
    return raised


def _unheard(leg: Leg) -> list[Ask]:
    """Lookups to repeat, where the helper has an answer and here nobody has one: an outage, as a rule."""
    asked = [step for steps in (*leg.own.values(), *leg.others.values()) for step in steps]
    silent = all(step.failure is Failure.TIMEOUT for step in asked)
    heard = any(step.failure is not Failure.TIMEOUT for step in leg.elsewhere)
    return _lookup_retries(leg) if asked and silent and heard else []


def _lookup_bad(leg: Leg, resolver: str) -> bool:
    offered = leg.offered(resolver)
    return not offered or all(leg.wrong(address) == "bogon" for address in offered)


def _lookup_retries(leg: Leg) -> list[Ask]:
    """Lookups to repeat: once the resolver's pairs came out clean, or where nobody answered."""
    retries = []
    for resolver in leg.own:
        made = [trial for trial in leg.here if trial.ask.resolver == resolver and trial.pair is None]
        if _lookup_bad(leg, resolver) and len(made) <= MAX_RETRIES:
            retries.append(made[-1].ask)
    return retries


def _addresses(leg: Leg) -> list[Doubt]:
    raised: list[Doubt] = []
    seen: set[str] = set()
    for address in leg.addresses:
        trial = leg.last(address)
        if trial is None or trial.failed is None or leg.wrong(address) is not None:
            continue
        if certificate_refused(trial) or same_elsewhere(leg, trial) or trial.failed.failure in LOCAL:
            continue
        for doubt in _address(leg, address, trial):
            if doubt.changed in {"address", "retry"} or doubt.changed not in seen:
                raised.append(doubt)
            seen.add(doubt.changed)
    if leg.reached:
        raised = [doubt for doubt in raised if doubt.changed != "address"]
    return raised


def _replies(leg: Leg) -> list[Doubt]:
    """A page over plain HTTP that is not what the helper got: does it come toward an address of ours, too?

    A server may show another page here for reasons of its own; toward our echo nobody can but who stands between.
    """
    own = ours(leg.context)
    if leg.https or own is None or not leg.helper_pages or leg.reached or _ours(leg, "host") or _ours(leg, "path"):
        return []
    for address in leg.addresses:
        trial = leg.last(address)
        if trial is None or trial.failed is not None or leg.wrong(address) is not None or leg.loads(address):
            continue
        if leg.notice_from(address) is not None:
            continue
        front = msgspec.structs.replace(trial.ask, url=root_of(leg.url))
        toward = msgspec.structs.replace(trial.ask, address=own)
        if trial.ask != front and not stuck(leg, toward, "path"):
            return [Doubt(changed="path", subject=trial.ask, stuck=True, echo=True)]
        if not stuck(leg, toward, "host"):
            return [Doubt(changed="host", subject=front, stuck=True, echo=True)]
    return []


def _address(leg: Leg, address: str, trial: Trial) -> list[Doubt]:
    """The questions, in order, that a failed page load from `address` raises."""
    for doubt in _questions(leg, address, trial):
        if not _clean(leg, doubt.subject, doubt.changed):
            return [msgspec.structs.replace(doubt, stuck=stuck(leg, doubt.subject, doubt.changed))]
    if len(leg.attempts(address)) <= MAX_RETRIES:
        return [Doubt(changed="retry", subject=trial.ask)]
    return []


def _questions(leg: Leg, address: str, trial: Trial) -> list[Doubt]:
    connect, port = trial.connect, trial.connect.port if trial.connect else 443
    if flowed(trial):
        return []
    if connect is None or connect.failure is not None:
        ask = Ask(layer=Layer.TCP, address=address, port=port, host=leg.host)
        return [Doubt(changed="address", subject=ask)] if _helper_could_say(leg) else []
    if trial.handshake is not None and trial.handshake.failure is not None:
        ask = Ask(layer=Layer.TLS, address=address, port=port, sni=leg.host, alpn=trial.ask.alpn, verify=False)
        return [Doubt(changed="sni", subject=ask)]
    if leg.https:
        return [Doubt(changed="site", subject=trial.ask)]
    root = msgspec.structs.replace(trial.ask, url=root_of(leg.url))
    host, path = Doubt(changed="host", subject=root), Doubt(changed="path", subject=trial.ask)
    if root == trial.ask:
        return [host]
    # Where the front page of the same host keeps coming, the host is not to blame: its twins answer both questions.
    asked = any(test.subject == root for test in leg.tests)
    return [host, path] if asked or stuck(leg, path.subject, "path") else [path]


def flowed(trial: Trial) -> bool:
    """Whether the page was arriving when its time ended: slowed or stopped part-way, which no pair of names explains.

    That is a question of rates and volumes (refs/BEYOND 2.9); a pair would only spend the site's name.
    """
    fetch = trial.fetch
    if fetch is None or fetch.failure is not Failure.TIMEOUT or not fetch.curve:
        return False
    return fetch.curve[-1][1] >= ARRIVING


def root_of(url: str) -> str:
    """The same origin's front page."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"


def _helper_could_say(leg: Leg) -> bool:
    """An address-level failure is a question only where a comparison point gets through."""
    return any(trial.connect is not None and trial.connect.failure is None for trial in leg.helper)


def same_elsewhere(leg: Leg, trial: Trial) -> bool:
    """Whether the helper met the same class of failure at the same address."""
    other = leg.last(trial.ask.address or "", Side.HELPER)
    here, there = trial.failed, other.failed if other is not None else None
    return (
        here is not None
        and there is not None
        and type(here) is type(there)
        and same_class(here.failure, there.failure)
    )


def same_class(one: Failure | None, other: Failure | None) -> bool:
    """Whether two failures of one kind of step are alike."""
    return _class(one) == _class(other)


def _class(failure: Failure | None) -> Failure | None:
    """RST and FIN of an overloaded server are one class; the rest are their own."""
    return Failure.RESET if failure in {Failure.EOF, Failure.ABORTED} else failure
