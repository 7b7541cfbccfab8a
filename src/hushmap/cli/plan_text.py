"""What `hushmap plan` prints: a plan as lines (UX 1)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest

import msgspec

from hushmap.cli.screen import WIDTH
from hushmap.cli.wording import about, category, count, field, listed, network, shell, size, wrapped
from hushmap.model import Ask, Attempt, Layer, Part, Side, Target, Vantage
from hushmap.runner import Plan

_NAME = 10
SHOWN = 200
"""Words of one place that a plan prints before it points to `--all`."""
LONGEST = 60
"""Characters of a text that a plan shows; `--all` names all of it."""
_WHO = 44
"""Widest column of those who see; longer ones are broken."""


class PlanText(msgspec.Struct, frozen=True, kw_only=True):
    """A plan and what surrounds it."""

    plan: Plan
    on: tuple[Target, ...]
    off: tuple[Target, ...]
    parts: tuple[Part, ...]
    vantage: Vantage
    resolvers: tuple[str, ...]
    """Of this computer, for people."""
    where: str
    """Where results will lie."""
    command: tuple[str, ...]
    """What was typed after `hushmap plan`."""
    verb: tuple[str, ...] = ()
    """What was typed between `hushmap` and these, where that was not `plan`."""
    toward: str | None = None
    """Who takes words."""


def lines(text: PlanText) -> Iterator[str]:
    """The whole plan."""
    plan = text.plan
    yield "Nothing has been sent. This is what hushmap run would do."
    yield " · ".join([plan.deck, _things(text.on), _experiments(plan), *_lists(text.parts)])
    yield from field("What", _what(text.on) or "nothing: every target is off", _NAME)
    yield from _words(text)
    yield from _off(text.off)
    for sentence in _not_asked(plan):
        yield from field("", sentence, _NAME)
    own = listed(text.resolvers) if text.resolvers else "unknown"
    yield from field("From", f"{network(text.vantage)} · DNS server {own}", _NAME)
    if text.on:
        yield from _how(plan, words=all(target.place is not None for target in text.on))
    yield from _seen(text)
    if text.on:
        yield from field("Consent", "asked by hushmap run, before anything is sent", _NAME)
    command = shell(*text.command)
    plain, more = (text.verb, ("--plan", "--all")) if text.verb else (("run",), ("--all",))
    planned = f"{shell(*(text.verb or ('plan',)))} {command}".rstrip()
    yield f"Every first request, one a line, and what may follow: hushmap {planned} {' '.join(more)}"
    yield f"Start: hushmap {shell(*plain)} {command}".rstrip()


_THINGS = {
    **dict.fromkeys(("keyword", "screen", "search"), "word"),
    "isolate": "text",
    "domain": "name",
    "calibrate": "canary",
    "service": "service",
    "middlebox": "kind of request",
    "encrypted_dns": "resolver",
    "watch": "post",
}
"""What the targets of an experiment are; of every other they are sites."""
_MANY = {"kind of request": "kinds of requests", "canary": "canaries"}


def _things(targets: Iterable[Target]) -> str:
    found: Counter[str] = Counter()
    for target in targets:
        found[_THINGS.get(target.experiment, "site")] += max(1, len(target.words))
    ordered = sorted(found, key=("site", *dict.fromkeys(_THINGS.values())).index) or ["site"]
    return listed([count(found[thing], thing, _MANY.get(thing, "")) for thing in ordered])


def _experiments(plan: Plan) -> str:
    names = sorted(plan.experiments)
    return (
        f"experiment {names[0]}" if len(names) == 1 else f"experiments {listed(names)}" if names else "no experiment"
    )


def _lists(parts: Iterable[Part]) -> list[str]:
    return [f"list {part.list} (sha256 {part.sha256[:6]}…)" for part in parts]


def _what(targets: Iterable[Target]) -> str:
    found: Counter[str | None] = Counter()
    for target in targets:
        found[target.category] += max(1, len(target.words))
    return ", ".join(f"{number:,} {category(code)}" for code, number in found.most_common())


def ways(targets: Iterable[Target]) -> dict[str, list[str]]:
    """Every word by the place where it is put, and the way in which it is written there."""
    found: dict[str, list[str]] = {}
    for target in targets:
        if target.place is not None:
            way = target.place.value + (f" as {target.encoding.value}" if target.encoding is not None else "")
            found.setdefault(way, []).extend(target.words or (target.text,))
    return found


def _words(text: PlanText) -> Iterator[str]:
    """Every word with its place; of a long list the first, for `--all` prints the rest."""
    for way, words in ways(text.on).items():
        more = f" and {len(words) - SHOWN:,} more (--all)" if len(words) > SHOWN else ""
        shown = ", ".join(word if len(word) <= LONGEST else f"{word[:LONGEST]}… ({len(word):,} characters: --all)"
                          for word in words[:SHOWN])  # fmt: skip
        where = f" of what goes to {text.toward}" if text.toward else ""
        yield from field("", f"in {way}{where}: {shown}{more}", _NAME)


def _off(targets: tuple[Target, ...]) -> Iterator[str]:
    if not targets:
        return
    found = Counter(target.category for target in targets).most_common()
    kinds = ", ".join(f"{number} {category(code)} ({code or 'none'})" for code, number in found)
    off = f"{count(len(targets), 'more row stays', 'more rows stay')} off: {kinds}"
    yield from field("", f"{off}; switch on one by one, e.g. --with {found[0][0] or 'none'}", _NAME)


def _not_asked(plan: Plan) -> Iterator[str]:
    if plan.not_asked:
        yield (
            f"{count(plan.not_asked, 'word')} would not be sent anywhere and end as Not decided: words go only to a "
            "helper of your own (--helper; docs/how-to/helper.md)"
        )


RESIDUAL = (
    "what a cut is held against, and for how long, is measured first, and then waited for: that sets the pace; until "
    "it is known an address rests for 180 s after a cut"
)
"""METHOD 3: residual censorship, until measured."""


def _how(plan: Plan, *, words: bool = False) -> Iterator[str]:
    how = (
        "canaries first; then each until it is decided, what is cut off beside a harmless twin"
        if words
        else ("one attempt each; more, beside a harmless twin, only where something looks wrong")
    )
    yield from field("How", how, _NAME)
    requests, seconds, data = plan.requests, plan.seconds, plan.bytes
    pace = f"at most {plan.flows_per_second:g} a second, {plan.per_host_per_second:g} a second to one host"
    yield from field("", f"{requests.min:,.0f} requests if all is well, at most {requests.max:,.0f} · {pace}", _NAME)
    most = (
        f"about {about(seconds.min)}, at most {about(seconds.max)} · about {size(data.min)}, at most {size(data.max)}"
    )
    yield from field("", f"{most} (stop earlier: --max-data 100M)", _NAME)
    if words:
        yield from field("", RESIDUAL, _NAME)
    elif plan.contacts:
        yield from field("", f"one name is sent from this line at most {plan.contacts} times a day", _NAME)


def _seen(text: PlanText) -> Iterator[str]:
    rows = [(seen.who, seen.what) for seen in text.plan.seen_by] if text.on else []
    rows.append(("nobody else", f"results stay in {text.where} until you publish them"))
    width = min(_WHO, max(len(who) for who, _ in rows) + 2)
    name = "Who sees"
    for who, what in rows:
        left, right = wrapped(who, width=width - 2), wrapped(what, width=WIDTH - _NAME - width)
        for one, other in zip_longest(left, right, fillvalue=""):
            yield f"{name:{_NAME}}{one:{width}}{other}".rstrip()
            name = ""


def request_lines(asks: Iterable[tuple[Target | None, Attempt]]) -> Iterator[str]:
    """Every first request, one a line; what follows depends on the answers."""
    for target, attempt in asks:
        side = "helper" if attempt.side is Side.HELPER else "here"
        about = "" if target is None else f"   for {', '.join(target.words) or target.text}"
        yield f"{side:7}{attempt.role.value:9} {request(attempt.ask)}{about}"


def request(ask: Ask) -> str:
    """One ask in words."""
    place = "" if ask.address is None else f" at {ask.address}" + (f" port {ask.port}" if ask.port else "")
    match ask.layer:
        case Layer.DNS:
            return f"look up {ask.name} {ask.qtype} at {ask.resolver}"
        case Layer.TCP:
            return f"connect{place}"
        case Layer.TLS:
            return f"TLS handshake naming {ask.sni}{place}"
        case Layer.HTTP:
            sent = "" if ask.payload is None else f" with {ask.payload.decode('utf-8', 'backslashreplace')}"
            return f"{ask.method} {ask.url}{sent}{place}"
        case Layer.RAW:
            return f"send {len(ask.payload or b'')} bytes{place}"
