"""Trials and records written down by hand, for tests of rules: what happened, in one line each.

The fake networks of `worlds` make whole conversations; these make the one trial that a rule is about.
"""

from collections.abc import Sequence

from hushmap.model import (
    Answer,
    Ask,
    Certificate,
    Connect,
    Context,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    HelperWatch,
    Knowledge,
    Layer,
    Page,
    Record,
    Resolve,
    Role,
    Trial,
)

SITE, OURS, ELSEWHERE = "198.51.100.7", "203.0.113.10", "203.0.113.81"
ISP, OTHER, DARK = "udp://198.51.100.53:53", "udp://203.0.113.53:53", "udp://203.0.113.10:53"
NAME, HARMLESS = "news.example", "www.baseline-a.example"
CONTEXT = Context(
    helper=OURS, dark=DARK, baseline_names=(HARMLESS,), helper_watch=(HelperWatch(t=0.0, reached=True),)
)
NOTHING = Knowledge()
PAGE = Page(status=200, title="News", body_length=9, body_sha256="aa")
ECHO = Page(status=200, header_names=("content-type", "x-content-type-options", "cache-control"), body_length=80)
"""What our own echo answers (servers/echo.py)."""


def lookup(
    number: int, told: Sequence[str] | Failure, resolver: str = ISP, name: str = NAME, **more: object
) -> Trial:
    """A name lookup that was told addresses, or that failed."""
    failure = told if isinstance(told, Failure) else None
    replies = () if failure is Failure.TIMEOUT else (Answer(t=1.0, addresses=() if failure else tuple(told)),)
    return looked(number, replies, failure, resolver=resolver, name=name, **more)


def looked(
    number: int,
    answers: Sequence[Answer],
    failure: Failure | None = None,
    *,
    resolver: str = ISP,
    name: str = NAME,
    sent: int = 1,
    qtype: str = "A",
    **more: object,
) -> Trial:
    """A name lookup with these replies."""
    step = Resolve(
        t0=0.0, t=1.0, resolver=resolver, name=name, qtype=qtype, answers=tuple(answers), failure=failure, sent=sent
    )
    ask = Ask(layer=Layer.DNS, name=name, qtype=qtype, resolver=resolver)
    return Trial(id=number, ask=ask, steps=(step,), **more)


def connected(number: int, failure: Failure | None = None, address: str = SITE, **more: object) -> Trial:
    """A bare connection."""
    ask = Ask(layer=Layer.TCP, address=address, port=443, host=more.pop("host", None))
    return Trial(id=number, ask=ask, steps=(_connect(address, 443, failure),), **more)


def shaken(
    number: int,
    failure: Failure | None = None,
    address: str = SITE,
    sni: str = NAME,
    *,
    spoke: bool = False,
    **more: object,
) -> Trial:
    """A handshake that names `sni`, after a connection that stood."""
    ask = Ask(layer=Layer.TLS, address=address, port=443, sni=sni, verify=False)
    return Trial(
        id=number, ask=ask, steps=(_connect(address, 443), _handshake(address, sni, failure, spoke=spoke)), **more
    )


def loaded(
    number: int,
    page: Page | Failure = PAGE,
    address: str = SITE,
    url: str = f"https://{NAME}/",
    *,
    at: str = "fetch",
    leaf: str | None = None,
    **more: object,
) -> Trial:
    """A page load; a failure ends it `at` connect, handshake or fetch."""
    secure = url.startswith("https:")
    port = 443 if secure else 80
    ask = Ask(layer=Layer.HTTP, address=address, port=port, url=url, sni=NAME if secure else None)
    failure = page if isinstance(page, Failure) else None
    steps: list[object] = [_connect(address, port, failure if at == "connect" else None)]
    if secure and at != "connect":
        steps.append(_handshake(address, NAME, failure if at == "handshake" else None, leaf=leaf))
    if steps[-1].failure is None:
        got = None if failure else ECHO if page is PAGE and address == OURS else page
        steps.append(Fetch(t0=0.0, t=1.0, url=url, failure=failure, page=got))
    return Trial(id=number, ask=ask, steps=tuple(steps), **more)


def said(number: int, failure: Failure | None = None, **more: object) -> Trial:
    """Raw bytes sent to an address."""
    ask = Ask(layer=Layer.RAW, address=SITE, port=80, payload=b"x")
    step = Exchange(t0=0.0, t=1.0, address=SITE, port=80, failure=failure)
    return Trial(id=number, ask=ask, steps=(_connect(SITE, 80), step), **more)


def _connect(address: str, port: int, failure: Failure | None = None) -> Connect:
    return Connect(t0=0.0, t=1.0, address=address, port=port, failure=failure)


def _handshake(
    address: str, sni: str, failure: Failure | None, *, spoke: bool = False, leaf: str | None = None
) -> Handshake:
    chain = (Certificate(sha256=leaf, subject="s", issuer="i"),) if leaf else ()
    return Handshake(
        t0=0.0, t=1.0, address=address, port=443, sni=sni, failure=failure, spoke=spoke, valid=failure is None,
        chain=chain,
    )  # fmt: skip


def pairs(subject: object, harmless: object, hits: int, *, changed: str, first: int = 1000, gap: float = 20.0):
    """`hits` bracketed pairs in which the subject was hit: makers of (id, **fields), told apart by time and number."""
    made = []
    for number in range(1, hits + 1):
        start, at = first + 3 * number, gap * number
        fields = {"round": 1, "pair": first + number, "changed": changed}
        made += [
            harmless(start, role=Role.BASELINE, t0=at, t=at, **fields),
            subject(start + 1, t0=at, t=at, **fields),
            harmless(start + 2, role=Role.BASELINE, t0=at, t=at, bystander=True, **fields),
        ]
    return made


def record(
    *trials: Trial, experiment: str = "web", target: str = f"https://{NAME}/", context: Context = CONTEXT, **more
):
    """A sealed record of these trials."""
    return Record(
        id="r-1", run="r", experiment=experiment, target=target, started="", ended="", run_started="",
        context=context, trials=trials, **more,
    )  # fmt: skip
