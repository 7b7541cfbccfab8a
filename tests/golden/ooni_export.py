"""One record with trials of every kind, and the OONI line that is written of it: reviewed by eye, then golden.

`python tests/golden/ooni_export.py` writes ooni_export.json anew.
"""

import json
import sys
from pathlib import Path

import msgspec

from hushmap.codec import write_ooni
from hushmap.model import (
    Answer,
    Context,
    Failure,
    Fetch,
    Handshake,
    HelperWatch,
    Page,
    Record,
    Role,
    Side,
    Software,
    Vantage,
    Void,
)
from trials import DARK, HARMLESS, ISP, NAME, OTHER, OURS, SITE, loaded, looked, lookup, pairs, shaken

GOLDEN = Path(__file__).with_name("ooni_export.json")

FALSE = "198.51.100.66"
NEXT = "m.news.example"
MOVED = Page(
    status=301,
    header_names=("location", "server", "set-cookie"),
    location=f"https://{NEXT}/",
    server="httpd",
    body_length=0,
)
NOTICE = Page(
    status=200,
    header_names=("content-type", "x-blocked-by"),
    headers=(("x-blocked-by", "Net-A"),),
    title="Notice",
    body="<title>Notice</title>Not available here.",
    body_length=40,
    body_sha256="bb",
)
NEWS = Page(
    status=200,
    header_names=("content-type", "content-type"),
    title="News of today",
    body_length=4_711,
    body_sha256="aa",
)


def timed(trial, start):
    """`trial` with its steps one after the other, as a network would have it, seconds after the run's start."""
    steps, at = [], start
    for step in trial.steps:
        changes = {"t0": at, "t": at + 0.25}
        if getattr(step, "answers", ()):
            answers = [
                msgspec.structs.replace(answer, t=at + 0.125 * number)
                for number, answer in enumerate(step.answers, 1)
            ]
            changes["answers"] = tuple(answers)
        if isinstance(step, Fetch) and step.page is not None:
            changes["curve"] = ((0.0625, 1_448), (0.125, step.page.body_length))
        if isinstance(step, Handshake) and step.failure is None:
            changes |= {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384"}
        steps.append(msgspec.structs.replace(step, **changes))
        at += 0.25
    return msgspec.structs.replace(trial, steps=tuple(steps), t0=start, t=at)


def planned():
    """Trials by id: the first round's own (70000 to 70019), the helper's, and what must never be counted."""
    two = (
        Answer(t=0.0, rcode=0, addresses=(FALSE,), ttl=61, record_ttl=60, flags=0x8180),
        Answer(t=0.0, rcode=0, addresses=(SITE, "2001:db8::7"), cnames=(NEXT,), ttl=52, record_ttl=300, flags=0x8180),
    )
    none = (Answer(t=0.0, rcode=0, failure=Failure.NO_ANSWER),)
    plain, secure = f"http://{NAME}/", f"https://{NEXT}/"
    yield lookup(70_000, [SITE], "system")
    yield looked(70_001, two, resolver=ISP)
    yield looked(70_002, none, Failure.NO_ANSWER, resolver=OTHER, changed="resolver")
    yield loaded(70_003, MOVED, url=plain, causes=(70_000,))
    yield loaded(70_004, Failure.REFUSED, FALSE, url=plain, at="connect", causes=(70_001,))
    yield lookup(70_005, [SITE], "system", NEXT)
    yield loaded(70_006, NEWS, url=secure, causes=(70_005,))
    yield loaded(70_007, Failure.RESET, "2001:db8::7", url=secure, at="handshake", causes=(70_001,))
    # Not of the first round, or nobody's but ours.
    yield lookup(70_020, Failure.TIMEOUT, DARK)
    yield loaded(70_021, NOTICE, FALSE, url=plain, changed="notice")
    yield loaded(70_022, NEWS, url=secure, round=1)
    yield loaded(70_023, Failure.TIMEOUT, url=secure)
    yield loaded(70_024, Failure.RESET, url=secure, undone="no_ipv6")
    yield loaded(70_025, NEWS, url=f"https://{HARMLESS}/", role=Role.BASELINE)
    yield loaded(70_026, Failure.RESET, url="https://known.example/", role=Role.CANARY)
    yield lookup(70_027, Failure.TIMEOUT, name=HARMLESS, role=Role.SENTINEL)
    yield from pairs(
        lambda number, **more: shaken(number, Failure.RESET, sni=NEXT, **more),
        lambda number, **more: shaken(number, sni=HARMLESS, **more),
        2,
        changed="sni",
        first=70_030,
    )
    # The helper's.
    helper = {"side": Side.HELPER}
    yield lookup(70_010, [SITE], "system", **helper)
    yield loaded(70_011, MOVED, url=plain, **helper)
    yield loaded(70_012, NEWS, url=secure, **helper)
    yield loaded(70_013, NEWS, url=secure, round=1, **helper)
    yield loaded(70_014, Failure.TIMEOUT, FALSE, url=plain, at="connect", **helper)


def record():
    """The record."""
    return Record(
        id="20261121T2233Z-3f9c-0007",
        run="20261121T2233Z-3f9c",
        experiment="web",
        target=f"http://{NAME}/",
        category="NEWS",
        started="2026-11-21T22:34:10Z",
        ended="2026-11-21T22:36:40Z",
        run_started="2026-11-21T22:33:00Z",
        vantage=Vantage(
            country="XE",
            asn=64501,
            network="Net-A",
            kind="home",
            resolver="198.51.100.53",
            known={"country": "declared", "asn": "declared", "network": "declared", "resolver": "looked_up"},
        ),
        software=Software(version="0.1.0", python="3.11.2", tls="OpenSSL 3.0.15"),
        context=Context(
            helper=OURS,
            dark=DARK,
            baseline_names=(HARMLESS,),
            helper_watch=(HelperWatch(t=1.5, reached=True),),
            canaries={"tls-sni": True},
            voids=(Void(trial=70_023, reason="network_lost"),),
        ),
        annotations={"deck": "sites sha256:9f2c41"},
        trials=tuple(timed(trial, 70.0 + 2 * number) for number, trial in enumerate(planned())),
    )


def as_text(line):
    """An OONI line as people can read and compare it."""
    return json.dumps(json.loads(line), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(as_text(write_ooni(record())), encoding="utf-8")
    sys.stdout.write(f"{GOLDEN.name} written; now read what changed\n")
