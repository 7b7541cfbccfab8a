"""One verdict for every row of UX 3's table and for what the table says in passing, and what `say` makes of them.

`python tests/golden/say_rows.py` writes say.json anew; read the difference before it is committed.
"""

import json
from pathlib import Path

import msgspec

from hushmap.detect.groups import group
from hushmap.detect.saying import say
from hushmap.model import (
    Ask,
    Context,
    Counts,
    Evidence,
    Extent,
    Layer,
    Outcome,
    Platform,
    Post,
    Reason,
    Record,
    Scope,
    Trial,
    Trigger,
    Vantage,
    Verdict,
    Where,
)

GOLDEN = Path(__file__).with_name("say.json")
LANGS = ("en", "zh")
SITE = "news.example.org"
BASE = "www.example.com"


def record(
    *, experiment="web", target=f"https://{SITE}/", layer=None, changed=None, targets=1, canaries=None, vantage=None
):
    """A sealed record of one target; only what `say` reads."""
    trials = (Trial(id=20001, ask=Ask(layer=Layer.TLS), changed=changed),) if changed else ()
    return Record(
        id="20261121T2233Z-3f9c-1",
        run="20261121T2233Z-3f9c",
        experiment=experiment,
        target=target,
        layer=layer,
        started="2026-11-21T22:34:10Z",
        ended="2026-11-21T22:36:41Z",
        run_started="2026-11-21T22:33:00Z",
        vantage=Vantage(country="XE", asn=64501, network="Net-A") if vantage is None else vantage,
        context=Context(targets=targets, canaries=canaries or {}),
        trials=trials,
    )


def searched():
    """A sealed record of a word on a platform."""
    sealed = record(experiment="search", target="harvest moon")
    return msgspec.structs.replace(sealed, platform=Platform(id="p", name="P"))


def watched():
    """A sealed record of a visit to a post, which is known by its keyed hash alone."""
    sealed = record(experiment="watch", target="post-0123456789abcdef0123456789abcdef")
    return msgspec.structs.replace(sealed, post=Post(platform=Platform(id="p", name="P")))


def verdict(outcome, *mechanisms, facts=None, counts=((0, 0), (0, 0), (0, 0)), peer=(0, 0), **more):
    """A verdict as the rules would give it."""
    subject, baseline, helper = counts
    return Verdict(
        outcome=outcome,
        rule="x.1",
        rules="1",
        knowledge="none",
        mechanisms=mechanisms,
        counts=Counts(subject=subject, baseline=baseline, helper=helper, peer=peer),
        facts=facts or {},
        **more,
    )


def trigger(*parts, kind=None, **more):
    """Something that pairs of its own showed to be cut off."""
    kind = kind or ("and" if len(parts) > 1 else "word")
    return Trigger(
        kind=kind, parts=parts, place="http-path", hits=(9, 10), harmless=(0, 10), error_bound=0.0001, **more
    )


def found(*triggers, mechanism="http.reset.path", **facts):
    """Something that is cut off, with the triggers found in it."""
    return msgspec.structs.replace(verdict(BLOCKED, mechanism, counts=PAIR, facts=facts, **SURE), triggers=triggers)


WORDS = tuple(f"w{number}" for number in range(20))


def pack(sealed):
    """The same record about a pack of words."""
    return msgspec.structs.replace(sealed, words=WORDS)


def packed(judged, cut=(), left=()):
    """The same verdict with what it says of each word."""
    words = {word: "cut" if word in cut else "open" if word in left else "passed" for word in WORDS}
    return msgspec.structs.replace(judged, words=words)


PAIR = ((8, 8), (0, 8), (0, 3))
ALONE = ((1, 1), (0, 0), (0, 0))
BLOCKED, OK, UNREACHABLE = Outcome.BLOCKED, Outcome.OK, Outcome.UNREACHABLE
SURE = {"evidence": Evidence.CONTROLLED, "error_bound": 0.001}
DIRECT = {"evidence": Evidence.DIRECT}
WORD = {"experiment": "keyword", "target": "harvest moon", "layer": "http-path", "changed": "word"}
TEXT = {
    "experiment": "isolate",
    "target": "The night was clear when we sang the ballad of the harvest and the moon.",
    "layer": "http-path",
    "changed": "path",
}
NAMED = {"experiment": "domain", "target": f"www.{SITE}", "layer": "tls-sni", "changed": "sni"}
PACK = {"experiment": "screen", "target": "words.txt#1", "layer": "http-path", "changed": "path"}
PLANTED = {"experiment": "calibrate", "target": "moon cake", "layer": "http-path"}
PATTERNS = "exact suffix below ending beginning label-beginning labels substring pattern unexplained".split()
PLATFORM = {"experiment": "platform", "target": "harvest moon"}
LIE = {"answer": "203.0.113.99", "resolver": "udp://192.0.2.53:53", "right_resolver": "udp://198.51.100.1:53"}
OWN = {"resolver": "your DNS server", "right_resolver": "udp://198.51.100.1:53", "others": "5 of 5"}
NOTICE = {"fingerprint": "lab.1", "fingerprint_source": "our own lab", "notice": 'This page "is" not available.'}
POST = {"platform": "P", "public": "2026-11-01", "gone": "2026-11-20", "notice": "Not here any more"}
VISIT = {"platform": "P", "looks": "2"}
SLOW = {"baseline": BASE, "rate": "130", "rate_low": "110", "rate_high": "150", "base_rate": "9,400"}

ROWS = {
    # --- outcomes
    "ok": (verdict(OK, counts=((0, 4), (0, 0), (0, 1))), record()),
    "ok, one attempt, no comparison": (verdict(OK, counts=((0, 1), (0, 0), (0, 0))), record()),
    "ok, some attempts failed": (verdict(OK, counts=((1, 4), (0, 0), (0, 1))), record()),
    "ok, name lookup": (verdict(OK, counts=((0, 2), (0, 0), (0, 1))), record(experiment="dns", target=SITE)),
    "ok, name in TLS": (verdict(OK, counts=((0, 1), (0, 0), (0, 0))), record(experiment="sni", target=SITE)),
    "ok with a mechanism": (
        verdict(OK, "dns.intercepted", counts=((0, 2), (0, 0), (0, 1)), scope=Scope.THIS_RESOLVER),
        record(),
    ),
    "unreachable, address": (
        verdict(UNREACHABLE, "tcp.timeout", counts=((2, 2), (0, 0), (0, 3)), facts={"addresses": "2 of 2"}),
        record(),
    ),
    "unreachable, one address": (
        verdict(UNREACHABLE, "tcp.timeout", counts=((5, 5), (0, 10), (0, 1)), facts={"addresses": "1 of 1"}),
        record(),
    ),
    "unreachable, part of a page": (
        verdict(UNREACHABLE, counts=((4, 4), (0, 0), (0, 1)), facts={"addresses": "1 of 1", "came": "16"}),
        record(),
    ),
    "unreachable, one address, no helper": (
        verdict(UNREACHABLE, "tcp.refused", counts=((1, 1), (0, 0), (0, 0)), facts={"addresses": "1 of 1"}),
        record(vantage=Vantage()),
    ),
    "unreachable, TLS without a pair": (
        verdict(UNREACHABLE, "tls.reset", counts=((2, 2), (0, 0), (0, 1))),
        record(vantage=Vantage(asn=64501)),
    ),
    "unreachable, HTTP without a pair": (
        verdict(UNREACHABLE, "http.timeout", counts=((1, 1), (0, 0), (0, 2))),
        record(target=f"http://{SITE}/", vantage=Vantage(network="Net-B")),
    ),
    "down": (verdict(Outcome.DOWN, counts=((2, 2), (0, 0), (2, 2)), facts={"points": "2"}), record()),
    "down, one point": (verdict(Outcome.DOWN, counts=((1, 1), (0, 0), (1, 1)), facts={"points": "1"}), record()),
    **{
        f"server_side, {act}": (
            verdict(Outcome.SERVER_SIDE, facts={"act": act}, counts=((3, 3), (0, 0), (0, 0))),
            record(),
        )
        for act in ("captcha", "451", "403", "ratelimit")
    },
    "unreachable, peer": (
        verdict(UNREACHABLE, "tcp.timeout", counts=ALONE, peer=(0, 1), facts={"peer": "Net-B (AS64502)"}),
        record(),
    ),
    "unreachable, peers": (
        verdict(UNREACHABLE, "tls.reset", counts=ALONE, peer=(0, 3), facts={"peers": "2"}),
        record(),
    ),
    "degraded, no mechanism": (verdict(Outcome.DEGRADED, counts=((4, 4), (0, 4), (0, 0))), record()),
    **{f"insufficient, {reason}": (verdict(Outcome.INSUFFICIENT, reason=reason), record()) for reason in Reason},
    "insufficient with a mechanism": (
        verdict(Outcome.INSUFFICIENT, "tls.reset", "dns.empty", reason=Reason.BUDGET),
        record(),
    ),
    # --- mechanisms
    "ip.* tcp.* blocked, hops": (
        verdict(
            BLOCKED,
            "ip.timeout",
            counts=((8, 8), (0, 8), (0, 3)),
            facts={"addresses": "2 of 2", "hop_from": "3", "hop_to": "4"},
            where=Where.PATH,
            **SURE,
        ),
        record(changed="address"),
    ),
    "ip.* tcp.* blocked, peer": (
        verdict(BLOCKED, "tcp.reset", counts=PAIR, peer=(0, 2), facts={"peer": "Net-B (AS64502)"}, **SURE),
        record(changed="address"),
    ),
    "ip.* tcp.* blocked, peers": (
        verdict(BLOCKED, "tcp.timeout", counts=PAIR, peer=(0, 2), facts={"peers": "2"}, **SURE),
        record(changed="address"),
    ),
    "ip.* tcp.* blocked, path": (verdict(BLOCKED, "tcp.refused", counts=PAIR, where=Where.PATH, **SURE), record()),
    "dns.tamper.bogon": (
        verdict(
            BLOCKED,
            "dns.tamper.bogon",
            counts=((1, 1), (0, 0), (0, 1)),
            facts=LIE | {"answer": "127.0.0.1"},
            scope=Scope.THIS_RESOLVER,
            evidence=Evidence.CONTROLLED,
        ),
        record(),
    ),
    "dns.tamper.blockpage": (
        verdict(BLOCKED, "dns.tamper.blockpage", counts=((4, 4), (0, 0), (0, 1)), facts=LIE | NOTICE, **DIRECT),
        record(),
    ),
    "dns.tamper.other": (
        verdict(BLOCKED, "dns.tamper.other", counts=PAIR, facts=LIE, scope=Scope.THIS_RESOLVER, **SURE),
        record(changed="name"),
    ),
    "dns.injection": (
        verdict(
            BLOCKED,
            "dns.injection",
            counts=((4, 4), (0, 4), (0, 1)),
            facts=LIE | {"different": "3", "dark": "1"},
            where=Where.PATH,
            scope=Scope.ALL,
            **DIRECT,
        ),
        record(),
    ),
    "dns.nxdomain": (verdict(BLOCKED, "dns.nxdomain.name", counts=PAIR, facts=OWN, **SURE), record(changed="name")),
    "dns.refused": (
        verdict(
            BLOCKED, "dns.refused.name", counts=PAIR, facts=OWN | {"resolver": "udp://[2001:db8::53]:53"}, **SURE
        ),
        record(changed="name"),
    ),
    "dns.timeout": (
        verdict(BLOCKED, "dns.timeout.name", counts=PAIR, facts=OWN | {"others": "1 of 1"}, **SURE),
        record(changed="name"),
    ),
    "tls.reset.sni": (
        verdict(
            BLOCKED,
            "tls.reset.sni",
            counts=PAIR,
            facts={"baseline": BASE},
            scope=Scope.ALL,
            evidence=Evidence.CONTROLLED,
            error_bound=0.0002,
        ),
        record(changed="sni", targets=50),
    ),
    "tls.timeout.sni, partial": (
        verdict(
            BLOCKED,
            "tls.timeout.sni",
            counts=((8, 19), (0, 19), (0, 3)),
            facts={"baseline": BASE},
            extent=Extent(low=0.203, high=0.665, partial=True),
            **SURE,
        ),
        record(changed="sni"),
    ),
    "tls.close.sni, once": (
        verdict(BLOCKED, "tls.close.sni", counts=((1, 1), (0, 1), (0, 0)), facts={"baseline": BASE}),
        record(changed="sni"),
    ),
    "tls.*.ech, beside any name": (
        verdict(BLOCKED, "tls.reset.ech", counts=PAIR, facts={"hidden": "decoy", "outer": "any"}, **SURE),
        record(changed="ech"),
    ),
    "tls.*.ech, beside this name": (
        verdict(BLOCKED, "tls.timeout.ech", counts=PAIR, facts={"hidden": "real", "outer": "this"}, **SURE),
        record(changed="ech"),
    ),
    "two mechanisms": (
        verdict(BLOCKED, "dns.tamper.bogon", "tls.reset.sni", counts=((2, 2), (0, 0), (0, 1)), facts=LIE, **DIRECT),
        record(),
    ),
    "tls.mitm": (
        verdict(
            BLOCKED,
            "tls.mitm.untrusted",
            counts=((2, 2), (0, 2), (0, 1)),
            facts={"issuer": "Example Box CA", "issuer_elsewhere": "Example Public CA"},
            where=Where.HOST,
            **DIRECT,
        ),
        record(),
    ),
    "tls.mitm, unrelated sites too": (
        verdict(
            Outcome.INSUFFICIENT,
            "tls.mitm.untrusted",
            facts={"issuer": "Example Box CA", "issuer_elsewhere": "Example Public CA", "unrelated": "2"},
            reason=Reason.INTERCEPTED,
        ),
        record(),
    ),
    "quic.timeout.sni": (
        verdict(
            BLOCKED,
            "quic.timeout.sni",
            counts=PAIR,
            facts={"baseline": BASE, "https": "Reachable"},
            scope=Scope.QUIC,
            **SURE,
        ),
        record(changed="sni"),
    ),
    "quic.all": (
        verdict(BLOCKED, "quic.all", counts=((2, 2), (0, 0), (0, 0)), facts={"servers": "12"}),
        record(),
    ),
    "http.blockpage": (
        verdict(BLOCKED, "http.blockpage", counts=((3, 3), (0, 0), (0, 1)), facts=NOTICE, **DIRECT),
        record(target=f"http://{SITE}/"),
    ),
    "http.redirect": (
        verdict(
            BLOCKED,
            "http.redirect",
            counts=((1, 1), (0, 0), (0, 1)),
            facts=NOTICE | {"host": "notice.example"},
            **DIRECT,
        ),
        record(target=f"http://{SITE}/"),
    ),
    "http.reset.host": (
        verdict(BLOCKED, "http.reset.host", counts=PAIR, facts={"baseline": BASE}, scope=Scope.PLAIN_HTTP, **SURE),
        record(target=f"http://{SITE}/", changed="host"),
    ),
    "http.timeout.host": (
        verdict(BLOCKED, "http.timeout.host", counts=PAIR, facts={"baseline": BASE}, **SURE),
        record(target=f"http://{SITE}/", changed="host"),
    ),
    "http.reset.url": (
        verdict(BLOCKED, "http.reset.url", counts=PAIR, facts={"path": "/2026/story"}, **SURE),
        record(target=f"http://{SITE}/2026/story", changed="path"),
    ),
    "http.forged.host": (
        verdict(
            BLOCKED,
            "http.forged.host",
            evidence=Evidence.DIRECT,
            counts=((2, 2), (0, 2), (0, 1)),
            facts={"echo": "1", "status": "451"},
        ),
        record(target=f"http://{SITE}/", changed="host"),
    ),
    "throttle.sni": (
        verdict(Outcome.DEGRADED, "throttle.sni", counts=((6, 6), (0, 6), (0, 0)), facts=SLOW),
        record(),
    ),
    "throttle.host": (verdict(Outcome.DEGRADED, "throttle.host", counts=((6, 6), (0, 6), (0, 0))), record()),
    "throttle.ip": (
        verdict(
            Outcome.DEGRADED,
            "throttle.ip",
            counts=((6, 6), (0, 6), (0, 0)),
            facts=SLOW | {"baseline": "198.51.100.9"},
        ),
        record(),
    ),
    "tcp.freeze": (
        verdict(
            Outcome.DEGRADED,
            "tcp.freeze",
            counts=((6, 6), (0, 6), (0, 0)),
            facts={"stopped": "16-20", "baseline": BASE},
        ),
        record(),
    ),
    "tcp.freeze, name": (
        verdict(
            Outcome.DEGRADED,
            "tcp.freeze",
            evidence=Evidence.CONTROLLED,
            counts=((6, 6), (0, 6), (0, 0)),
            facts={"stopped": "20", "baseline": BASE, "named": SITE},
        ),
        record(experiment="throttle"),
    ),
    "tcp.freeze, address": (
        verdict(
            Outcome.DEGRADED,
            "tcp.freeze",
            evidence=Evidence.COMPARISON,
            counts=((6, 6), (0, 6), (0, 1)),
            facts={"stopped": "20", "server_too": "1"},
        ),
        record(experiment="throttle"),
    ),
    "throttle, address": (
        verdict(
            Outcome.DEGRADED,
            "throttle.ip",
            "throttle.delay",
            evidence=Evidence.COMPARISON,
            counts=((6, 6), (0, 6), (0, 1)),
            facts={key: SLOW[key] for key in ("rate", "rate_low", "rate_high", "base_rate")} | {"server_too": "1"},
        ),
        record(experiment="throttle"),
    ),
    "throttle, alike": (
        verdict(Outcome.OK, counts=((0, 6), (0, 6), (0, 0)), facts={"baseline": BASE}),
        record(experiment="throttle"),
    ),
    # --- words
    **{
        f"word cut off, {place}": (
            verdict(BLOCKED, mechanism, counts=((8, 8), (0, 8), (0, 0)), scope=Scope.ALL, **SURE),
            record(**WORD | {"layer": place}),
        )
        for place, mechanism in (
            ("dns-name", "dns.injection.name"),
            ("tls-sni", "tls.reset.sni"),
            ("quic-sni", "quic.timeout.sni"),
            ("http-host", "http.reset.host"),
            ("http-path", "http.reset.path"),
            ("http-query", "http.reset.query"),
            ("http-header", "http.timeout.header"),
            ("http-cookie", "http.reset.cookie"),
            ("http-body", "http.reset.body"),
            ("http-response", "http.close.response"),
            ("tcp-payload", "tcp.reset.payload"),
            ("tcp-answer", "tcp.timeout.answer"),
        )
    },
    "word cut off, in an encoding": (
        verdict(BLOCKED, "http.reset.path", counts=PAIR, **SURE),
        msgspec.structs.replace(record(**WORD), encoding="percent-gb18030"),
    ),
    # --- texts, names, packs, planted words
    **{
        f"text, {name}": (found(*triggers, **more), record(**TEXT))
        for name, triggers, more in (
            ("one word", (trigger("harvest"),), {}),
            ("two in any order", (trigger("harvest", "moon", ordered=False),), {}),
            ("three in order", (trigger("we", "harvest", "moon", ordered=True),), {}),
            ("unless", (trigger("harvest", unless=("ballad",)),), {"open": "budget"}),
            ("several", (trigger("harvest"), trigger("moon", "night", ordered=True, unless=("ballad", "song"))), {}),
            ("several, more open", (trigger("harvest"), trigger("moon")), {"open": "network_lost"}),
            ("classifier", (trigger(kind="classifier"),), {}),
            ("no trigger found", (), {"open": "budget"}),
        )
    },
    "text passed": (verdict(OK, counts=((0, 4), (0, 0), (0, 0))), record(**TEXT, canaries={"http-path": True})),
    "text, no canary fired": (
        verdict(Outcome.INSUFFICIENT, counts=((0, 4), (0, 0), (0, 0)), reason=Reason.CANARY_FAILED),
        record(**TEXT),
    ),
    "text, not decided": (verdict(Outcome.INSUFFICIENT, reason=Reason.SELF_INDUCED), record(**TEXT)),
    **{
        f"name, {pattern}": (
            found(trigger(SITE, kind="domain", pattern=pattern), mechanism="tls.reset.sni", innocents="0 of 4"),
            record(**NAMED),
        )
        for pattern in (*PATTERNS, "novel")
    },
    **{
        f"name in {place}": (
            found(trigger(SITE, kind="domain", pattern="suffix"), mechanism=mechanism),
            record(**NAMED | {"layer": place}),
        )
        for place, mechanism in (
            ("dns-name", "dns.injection.name"),
            ("quic-sni", "quic.timeout.sni"),
            ("http-host", "http.reset.host"),
        )
    },
    "name, pattern not found": (found(mechanism="tls.reset.sni", open="budget"), record(**NAMED)),
    "pack, some cut off": (
        packed(found(trigger("w1"), trigger("w2")), cut=("w1", "w2"), left=("w3",)),
        pack(record(**PACK)),
    ),
    "pack passed": (
        packed(verdict(OK, counts=((0, 24), (0, 0), (0, 0)))),
        pack(record(**PACK, canaries={"http-path": True})),
    ),
    "pack passed, some cut off together": (
        packed(verdict(OK, counts=((0, 24), (0, 0), (0, 0)), facts={"together": "kw-left\nkw-right"})),
        pack(record(**PACK, canaries={"http-path": True})),
    ),
    "pack, no canary fired": (
        packed(verdict(Outcome.INSUFFICIENT, counts=((0, 24), (0, 0), (0, 0)), reason=Reason.CANARY_FAILED)),
        pack(record(**PACK)),
    ),
    "pack, not decided": (
        packed(verdict(Outcome.INSUFFICIENT, reason=Reason.BUDGET), left=("w0", "w1", "w2")),
        pack(record(**PACK)),
    ),
    "place checked": (
        verdict(
            OK,
            counts=((9, 10), (0, 40), (0, 0)),
            facts={
                "canary": "9 of 10",
                "harmless": "0 of 40",
                "false_hit": "5.6",
                "miss": "34",
                "capacity": "400",
                "ports": "16",
                "lingers": "3-tuple",
                "lingers_low": "64",
                "lingers_high": "128",
                "after_again": "longer",
            },
        ),
        record(**PLANTED),
    ),
    "place checked, words alone": (
        verdict(
            OK,
            counts=((4, 4), (1, 60), (0, 0)),
            facts={"canary": "4 of 4", "harmless": "1 of 60", "false_hit": "6.3", "miss": "44", "lingers": "nothing"},
        ),
        record(**PLANTED | {"layer": "dns-name"}),
    ),
    "place not checked": (
        verdict(Outcome.INSUFFICIENT, counts=((0, 6), (0, 3), (0, 0)), reason=Reason.CANARY_FAILED),
        record(**PLANTED),
    ),
    "word passed": (
        verdict(OK, counts=((0, 4), (0, 0), (0, 0))),
        record(**WORD, canaries={"http-path": True}),
    ),
    "word, no canary fired": (
        verdict(Outcome.INSUFFICIENT, counts=((0, 4), (0, 0), (0, 0)), reason=Reason.CANARY_FAILED),
        record(**WORD),
    ),
    "word, not decided": (
        verdict(Outcome.INSUFFICIENT, "http.reset", counts=((2, 4), (1, 4), (0, 0)), reason=Reason.BUDGET),
        record(**WORD),
    ),
    "word, unreachable": (
        verdict(UNREACHABLE, "tcp.timeout", counts=((2, 2), (0, 0), (0, 2))),
        record(**WORD),
    ),
    "word, down": (verdict(Outcome.DOWN, counts=((2, 2), (0, 0), (2, 2)), facts={"points": "1"}), record(**WORD)),
    "word, server_side": (
        verdict(Outcome.SERVER_SIDE, "server.ratelimit", counts=((2, 2), (0, 0), (0, 0))),
        record(**WORD),
    ),
    "word, degraded": (verdict(Outcome.DEGRADED, "throttle.host", counts=((2, 2), (0, 2), (0, 0))), record(**WORD)),
    # --- platforms
    "platform.notice": (
        verdict(BLOCKED, "platform.notice", facts={"platform": "P", "notice": "Results are not shown."}),
        record(**PLATFORM),
    ),
    "platform.empty": (
        verdict(BLOCKED, "platform.empty", facts={"platform": "P"}, counts=((3, 3), (0, 6), (0, 0))),
        record(**PLATFORM),
    ),
    "platform.soft": (
        verdict(BLOCKED, "platform.soft", facts={"platform": "P", "listed": "7"}, counts=((3, 3), (0, 6), (0, 0))),
        record(**PLATFORM),
    ),
    "platform.held": (verdict(Outcome.SUPPRESSED, "platform.held"), record(**PLATFORM)),
    "platform.hidden": (
        verdict(Outcome.SUPPRESSED, "platform.hidden", facts=POST | {"who": "the author"}),
        record(**PLATFORM),
    ),
    **{
        name: (verdict(outcome, name, facts=POST), record(**PLATFORM))
        for name, outcome in (
            ("platform.removed", Outcome.REMOVED),
            ("platform.author_removed", Outcome.WITHDRAWN),
            ("platform.account_gone", Outcome.WITHDRAWN),
        )
    },
    # --- searches
    "search, visible": (
        verdict(Outcome.VISIBLE, counts=((0, 1), (0, 0), (0, 0)), facts={"platform": "P"}),
        searched(),
    ),
    **{
        f"search, {name}": (
            verdict(
                Outcome.SUPPRESSED,
                f"platform.{name.partition(' ')[0]}",
                evidence=Evidence.CONTROLLED,
                counts=((2, 2), (0, 2), (0, 0)),
                facts={"platform": "P", **facts},
            ),
            searched(),
        )
        for name, facts in (
            ("notice", {"notice": "Results are not shown."}),
            ("notice of an order", {"notice": "Not shown.", "order": "47/2026", "ordered": "2026-03-12"}),
            ("notice of an order without a date", {"notice": "Not shown.", "order": "47/2026"}),
            ("notice by status", {"legal": "451"}),
            ("notice by status and name", {"legal": "451", "blocked_by": "https://who.example/"}),
            ("empty", {}),
            ("soft", {"listed": "7"}),
        )
    },
    **{
        f"search, {reason}": (verdict(Outcome.INSUFFICIENT, reason=reason), searched())
        for reason in (
            Reason.CANARY_FAILED,
            Reason.ONE_ATTEMPT,
            Reason.UNREAD,
            Reason.NO_RULE,
            Reason.CAPTCHA,
            Reason.LOGIN_WALL,
        )
    },
    # --- visits to posts
    "watch, visible": (verdict(Outcome.VISIBLE, counts=((0, 1), (0, 0), (0, 0)), facts=VISIT), watched()),
    **{
        f"watch, {name}": (
            verdict(
                outcome,
                f"platform.{name}",
                evidence=Evidence.CONTROLLED,
                counts=((2, 2), (0, 4), (0, 0)),
                facts=VISIT,
            ),
            watched(),
        )
        for name, outcome in (
            ("removed", Outcome.REMOVED),
            ("author_removed", Outcome.WITHDRAWN),
            ("account_gone", Outcome.WITHDRAWN),
            ("hidden", Outcome.SUPPRESSED),
            ("held", Outcome.SUPPRESSED),
        )
    },
    **{
        f"watch, {reason}": (verdict(Outcome.INSUFFICIENT, reason=reason), watched())
        for reason in (
            Reason.UNREAD,
            Reason.ONE_LOOK,
            Reason.NO_TWIN,
            Reason.UNSAID,
            Reason.CAPTCHA,
            Reason.LOGIN_WALL,
        )
    },
}


def said():
    """What every row says in every language, in the shape of say.json."""
    rows = {}
    for name, (judged, sealed) in ROWS.items():
        rows[name] = {"group": group(judged, sealed)}
        for lang in LANGS:
            saying = say(judged, sealed, lang)
            rows[name][lang] = [saying.label, saying.sentence, saying.how_sure]
    return rows


def as_text(rows):
    """The bytes of say.json."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(as_text(said()), encoding="utf-8")
