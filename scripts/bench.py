#!/usr/bin/env python3
"""Times the paths that decide how fast records are made, read and judged on this computer; prints one line each.

No bound is enforced: computers differ. Compare two versions on one computer, with nothing else running.
"""

import sys
import timeit
from collections.abc import Callable

from hushmap.codec import decode_line, encode_record
from hushmap.detect import judge, say
from hushmap.model import (
    Answer,
    Ask,
    Certificate,
    Connect,
    Fetch,
    Handshake,
    Knowledge,
    Layer,
    Page,
    Record,
    Resolve,
    Side,
    Trial,
)
from hushmap.wire import dns, html

REPEATS = 5
"""The best of five: the others measure what else the computer was doing."""

MOMENT = "2026-11-21T22:33:00Z"
NAME, ADDRESS = "news.example.org", "203.0.113.7"
PAGE = b"<title>News</title><p>" + b" ".join(b"word%d" % number for number in range(8000))


def _trial(number: int, side: Side) -> Trial:
    """A page load as a survey makes it: lookup, connection, handshake, page."""
    answer = Answer(t=0.02, rcode=0, addresses=(ADDRESS,), ttl=56, record_ttl=60)
    chain = tuple(Certificate(sha256=f"{n:064x}", subject=NAME, issuer="Example", names=(NAME,)) for n in range(3))
    page = Page(status=200, title="News", body_length=48_000, sketch=tuple(range(16)))
    url = f"https://{NAME}/"
    return Trial(
        id=number,
        ask=Ask(layer=Layer.HTTP, address=ADDRESS, port=443, sni=NAME, url=url),
        side=side,
        steps=(
            Resolve(t0=0.0, t=0.02, resolver="system", name=NAME, qtype="A", answers=(answer,)),
            Connect(t0=0.02, t=0.04, address=ADDRESS, port=443),
            Handshake(t0=0.04, t=0.1, address=ADDRESS, port=443, sni=NAME, spoke=True, chain=chain, valid=True),
            Fetch(t0=0.1, t=0.2, url=url, page=page, curve=((0.05, 16_000), (0.1, 48_000))),
        ),
        t=0.2,
    )


def main() -> int:
    """Runs each path for about half a second, five times."""
    trials = (*(_trial(n, Side.HERE) for n in range(1, 4)), _trial(4, Side.HELPER))
    record = Record(
        id="x-0",
        run="x",
        experiment="web",
        target=f"https://{NAME}/",
        started=MOMENT,
        ended=MOMENT,
        run_started=MOMENT,
        trials=trials,
    )
    knowledge = Knowledge()
    line, verdict = encode_record(record), judge(record, knowledge)
    query = dns.query(NAME, "A", 1)
    reply = dns.reply(query, [ADDRESS])
    paths: dict[str, Callable[[], object]] = {
        "write a DNS query": lambda: dns.query(NAME, "A", 1),
        "read a DNS reply": lambda: dns.parse(reply),
        f"sketch a page of {len(PAGE) // 1000} kB": lambda: html.sketch(PAGE),
        f"write a record of {len(line)} bytes": lambda: encode_record(record),
        "read it": lambda: decode_line(line),
        "judge it": lambda: judge(record, knowledge),
        "say what was found": lambda: say(verdict, record),
    }
    for name, path in paths.items():
        timer = timeit.Timer(path)
        count, _ = timer.autorange()
        best = min(timer.repeat(REPEATS, count)) / count
        sys.stdout.write(f"{best * 1e6:10.1f} us {1 / best:12,.0f} a second  {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
