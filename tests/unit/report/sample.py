"""A small run made by hand: one target for every count group, with trials as a network would leave them."""

from hushmap.detect.saying import say
from hushmap.model import (
    Answer,
    Ask,
    Certificate,
    Connect,
    Context,
    Counts,
    Evidence,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Layer,
    Outcome,
    Page,
    Reason,
    Record,
    Resolve,
    Role,
    Scope,
    Side,
    Software,
    Trial,
    Vantage,
    Verdict,
    Void,
    Where,
)
from hushmap.report import Entry, RunView

RUN = "20261121T2233Z-3f9c"
VANTAGE = Vantage(
    country="XE",
    asn=64501,
    network="Net-A",
    kind="home",
    resolver="192.0.2.53",
    known={"country": "declared", "asn": "declared", "network": "looked_up", "resolver": "looked_up"},
)
BASE = "www.baseline-a.example"
OTHER = "203.0.113.20"
"""The server of the baseline itself."""


def run_view(**more):
    """The run as a whole."""
    fields = {
        "run": RUN,
        "title": "Sites and words of Exampleland",
        "started": "2026-11-21T22:33:00Z",
        "ended": "2026-11-21T22:37:12Z",
        "vantage": VANTAGE,
        "software": Software(version="0.1.0", python="3.11.2", tls="OpenSSL 3.0.15"),
        "deck": "sample",
        "deck_sha256": "9f2c41" + "0" * 58,
        "rules": "1",
        "knowledge": "sha256:41aa" + "0" * 60,
        "helper": True,
        "planned": 12,
    }
    return RunView(**fields | more)


def lookup(at, name, *answers, resolver="udp://192.0.2.53:53", failure=None):
    """A name lookup; each answer is (delay, addresses)."""
    found = tuple(Answer(t=at + delay, rcode=0, addresses=addresses) for delay, addresses in answers)
    end = found[0].t if found else at + 5.0
    return Resolve(t0=at, t=end, resolver=resolver, name=name, qtype="A", answers=found, failure=failure)


def opened(at, address="203.0.113.7", port=443, failure=None, took=0.018):
    """A connection."""
    return Connect(t0=at, t=at + took, address=address, port=port, failure=failure)


def greeted(at, sni, failure=None, took=0.048, issuer="CN=Example Public CA"):
    """A handshake; with a certificate unless it failed."""
    chain = () if failure else (Certificate(sha256="ab" * 32, subject=f"CN={sni}", issuer=issuer),)
    return Handshake(
        t0=at, t=at + took, address="203.0.113.7", port=443, sni=sni, chain=chain, failure=failure, spoke=not failure
    )


def fetched(at, url, title="Front page", status=200, failure=None, took=0.12):
    """A page load."""
    page = None if failure else Page(status=status, title=title, body_length=48_211)
    return Fetch(t0=at, t=at + took, url=url, page=page, failure=failure)


def asked(layer, steps):
    """The ask that these steps carry out."""
    found = {type(step): step for step in reversed(steps)}
    fields = {}
    if Resolve in found and layer is Layer.DNS:
        lookup = found[Resolve]
        fields |= {"name": lookup.name, "qtype": lookup.qtype, "resolver": lookup.resolver}
    if Connect in found:
        fields |= {"address": found[Connect].address, "port": found[Connect].port}
    if layer is Layer.TLS and Handshake in found:
        fields["sni"] = found[Handshake].sni
    if Fetch in found:
        fields |= {"url": found[Fetch].url, "host": found[Fetch].host}
    return Ask(layer=layer, **fields)


def trial(number, *steps, role=Role.SUBJECT, side=Side.HERE, layer=Layer.TLS, **more):
    """A trial of these steps."""
    start, end = (steps[0].t0, steps[-1].t) if steps else (0.0, 0.0)
    ask = more.pop("ask", None) or asked(layer, steps)
    return Trial(id=number, ask=ask, role=role, side=side, steps=steps, t0=start, t=end, **more)


def entry(index, target, verdict, trials=(), *, lang="en", **more):
    """A record with its verdict and saying."""
    record = Record(
        id=f"{RUN}-{index}",
        run=RUN,
        experiment=more.pop("experiment", "web"),
        target=target,
        started=f"2026-11-21T22:3{index % 4 + 3}:10Z",
        ended="2026-11-21T22:37:01Z",
        run_started="2026-11-21T22:33:00Z",
        vantage=VANTAGE,
        context=more.pop("context", Context(targets=12)),
        trials=tuple(trials),
        **more,
    )
    return Entry(record=record, verdict=verdict, saying=say(verdict, record, lang))


def verdict(outcome, *mechanisms, subject=(0, 0), baseline=(0, 0), helper=(0, 0), **more):
    """A verdict of some rule."""
    counts = Counts(subject=subject, baseline=baseline, helper=helper)
    return Verdict(
        outcome=outcome,
        rule=more.pop("rule", "sample.1"),
        rules="1",
        knowledge="none",
        mechanisms=mechanisms,
        counts=counts,
        **more,
    )


def pairs(name, count=8):
    """A survey and bracketed pairs of handshakes, of which every one that names `name` is reset."""
    first = lookup(61.0, name, (0.021, ("203.0.113.7",)))
    yield trial(20001, first, layer=Layer.DNS)
    page = Ask(layer=Layer.HTTP, address="203.0.113.7", port=443, url=f"https://{name}/")
    reset = greeted(61.07, name, Failure.RESET, took=0.041)
    yield trial(20002, opened(61.05), reset, ask=page, causes=(20001,))
    for i in range(count):
        at = 70.0 + 8 * i
        ids = 20010 + 3 * i
        yield trial(ids, opened(at), greeted(at + 0.02, BASE), role=Role.BASELINE, round=1, pair=i, changed="sni")
        reset = greeted(at + 2.02, name, Failure.RESET, took=0.041)
        yield trial(ids + 1, opened(at + 2), reset, round=1, pair=i, changed="sni", causes=(ids,))
        after = (opened(at + 3, OTHER), greeted(at + 3.02, BASE))
        yield trial(ids + 2, *after, role=Role.BASELINE, round=1, pair=i, changed="sni", bystander=True)
    elsewhere = (opened(62.0, took=0.03), greeted(62.03, name), fetched(62.1, f"https://{name}/"))
    yield trial(20090, *elsewhere, side=Side.HELPER)
    yield trial(20091, opened(63.0), greeted(63.1, name, Failure.RESET), round=1, changed="sni")
    yield trial(20092, undone="no_ipv6")


def forged():
    """Three answers to one question, two of them within milliseconds."""
    name = "forum.example.net"
    answers = ((0.006, ("198.51.100.66",)), (0.007, ("198.51.100.67",)), (0.034, ("203.0.113.9",)))
    yield trial(30001, lookup(80.0, name, *answers), layer=Layer.DNS)
    yield trial(30002, lookup(80.5, name, (0.05, ("203.0.113.9",))), layer=Layer.DNS, side=Side.HELPER)


def loaded(name, number=40001):
    """A clean load here and elsewhere."""
    at = 20.0
    yield trial(number, lookup(at, name, (0.02, ("203.0.113.8",)), resolver="system"), layer=Layer.DNS)
    steps = (opened(at + 0.1, "203.0.113.8"), greeted(at + 0.12, name), fetched(at + 0.2, f"https://{name}/"))
    yield trial(number + 1, *steps, layer=Layer.HTTP, causes=(number,))
    yield trial(number + 2, *steps, layer=Layer.HTTP, side=Side.HELPER)


def word_pairs(word):
    """Requests with a word, cut off; with a harmless one, echoed."""
    for i in range(4):
        at = 150.0 + 5 * i
        good = Exchange(t0=at + 0.02, t=at + 0.07, address="203.0.113.10", port=8080, received=b"x" * 120)
        bad = fetched(at + 2.02, f"http://203.0.113.10:8080/?q={word}", failure=Failure.RESET, took=0.03)
        yield trial(50001 + 2 * i, opened(at, port=8080), good, role=Role.BASELINE, pair=i, changed="word")
        yield trial(50002 + 2 * i, opened(at + 2, port=8080), bad, pair=i, changed="word", layer=Layer.HTTP)


def entries(lang="en"):
    """One target for every count group, and some more."""
    sure = {"evidence": Evidence.CONTROLLED, "error_bound": 0.0002, "error_model": "bracketed pairs, f0 0.050, Wald"}
    notice = {"fingerprint": "lab.1", "fingerprint_source": "our own lab", "notice": "This page is not available."}
    lie = {"answer": "198.51.100.66", "right_resolver": "udp://198.51.100.1:53", "different": "3", "dark": "1"}
    word = {"experiment": "keyword", "layer": "http-path", "lang": lang}
    blocked, ok, undecided = Outcome.BLOCKED, Outcome.OK, Outcome.INSUFFICIENT
    by_name = verdict(
        blocked,
        "tls.reset.sni",
        subject=(8, 8),
        baseline=(0, 8),
        helper=(0, 3),
        proof=(20011, 20010),
        facts={"baseline": BASE},
        scope=Scope.ALL,
        rule="traffic.sni",
        **sure,
    )
    by_dns = verdict(
        blocked,
        "dns.injection",
        subject=(4, 4),
        helper=(0, 1),
        facts=lie,
        evidence=Evidence.DIRECT,
        where=Where.PATH,
        proof=(30001,),
    )
    page = verdict(blocked, "http.blockpage", subject=(3, 3), helper=(0, 1), facts=notice, evidence=Evidence.DIRECT)
    voids = Context(targets=12, voids=(Void(trial=20091, reason="residual"),))
    comparison = {"evidence": Evidence.COMPARISON}
    return [
        entry(
            1,
            "https://news.example.org/",
            by_name,
            pairs("news.example.org"),
            category="NEWS",
            context=voids,
            lang=lang,
        ),
        entry(2, "https://forum.example.net/", by_dns, forged(), category="GRP", lang=lang),
        entry(
            3,
            "http://rights.example.com/reports",
            page,
            [trial(60001, opened(30, port=80), fetched(30.02, "http://rights.example.com/reports", "Not available"))],
            category="HUMR",
            lang=lang,
        ),
        entry(
            4,
            "https://archive.example.org/",
            verdict(
                Outcome.UNREACHABLE,
                "tcp.timeout",
                subject=(2, 2),
                helper=(0, 3),
                facts={"addresses": "2 of 2"},
                **comparison,
            ),
            [trial(70001, opened(40, failure=Failure.TIMEOUT, took=8.0))],
            lang=lang,
        ),
        entry(
            5,
            "https://gone.example.org/",
            verdict(Outcome.DOWN, subject=(1, 1), helper=(2, 2), facts={"points": "2"}, **comparison),
            [trial(80001, lookup(41, "gone.example.org", (0.02, ()), failure=Failure.NXDOMAIN), layer=Layer.DNS)],
            lang=lang,
        ),
        entry(
            6,
            "https://shop.example.com/",
            verdict(Outcome.SERVER_SIDE, "server.captcha", subject=(0, 1), facts={"act": "captcha"}),
            loaded("shop.example.com"),
            lang=lang,
        ),
        entry(
            7,
            "https://video.example.org/",
            verdict(Outcome.DEGRADED, "throttle.sni", subject=(6, 6), baseline=(0, 6), facts={"baseline": BASE}),
            lang=lang,
        ),
        entry(8, "https://mail.example.org/", verdict(undecided, reason=Reason.HELPER_SILENT), lang=lang),
        entry(
            9,
            "https://wiki.example.org/",
            verdict(ok, subject=(0, 1), helper=(0, 1)),
            loaded("wiki.example.org"),
            lang=lang,
        ),
        entry(
            10,
            "https://weather.example.org/",
            verdict(ok, subject=(0, 1), helper=(0, 1)),
            loaded("weather.example.org"),
            lang=lang,
        ),
        entry(
            11,
            "harvest moon",
            verdict(blocked, "http.reset.query", subject=(4, 4), baseline=(0, 4), **sure),
            word_pairs("harvest"),
            **word,
        ),
        entry(
            12,
            "blue bicycle",
            verdict(undecided, reason=Reason.CANARY_FAILED, subject=(0, 4)),
            canary=True,
            **word,
        ),
    ]
