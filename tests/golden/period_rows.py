"""Periods that a page has to put into a sentence, and what `say_period` makes of them.

`python tests/golden/period_rows.py` writes period.json anew; read the difference before it is committed.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hushmap.detect.groups import Group, WordGroup
from hushmap.detect.period import Period, Seen, Turn, say_period
from hushmap.detect.saying import network_words
from hushmap.model import Vantage

GOLDEN = Path(__file__).with_name("period.json")
LANGS = ("en", "zh")


def at(day, hour=4, minute=3, month=11, year=2026):
    """A moment in the period."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def seen(letter, group, k=0, n=0, *mechanisms, **more):
    """What was seen on one of the example networks; `n` left out: as many as `k`."""
    asn = 64500 + ord(letter) - ord("A") + 1
    fields = {"network": Vantage(country="XE", asn=asn, network=f"Net-{letter}")}
    return fields, Seen(network="", group=group, k=k, n=n or k, mechanisms=mechanisms, **more)


def period(*networks, target="https://news.example.org/", experiment="web", **more):
    """Seven days in November."""
    fields = {"first": at(14), "last": at(20, 22, 4)} | more
    return networks, Period(target=target, experiment=experiment, seen=(), **fields)


RESET, REDIRECT = "tls.reset.sni", "http.redirect"
ONSET = Turn(worked=at(16, 4, 2), failed=at(16, 10, 5))
LIFTED = msgspec.structs.replace(ONSET, failed_last=at(18), works=at(18, 9), confirmed=False)
LONG = "a text of far more than forty characters, of which a sentence shows the beginning"
WORD = {"target": "harvest moon", "experiment": "keyword", "place": "http-path"}

ROWS = {
    "the example of the specification": period(
        seen("A", Group.BLOCKED, 28, 28, RESET, twins=(28, 28)),
        seen("B", Group.BLOCKED, 19, 28, RESET, twins=(19, 19), turn=ONSET),
        seen("C", Group.REACHABLE, 28),
    ),
    "lifted, not confirmed": period(
        seen("A", Group.BLOCKED, 9, 28, RESET, twins=(9, 9), turn=LIFTED, again=True), days=5
    ),
    "lifted on one of two": period(
        seen("A", Group.BLOCKED, 9, 28, RESET, again=True), seen("B", Group.BLOCKED, 1, 1, RESET)
    ),
    "several ways": period(
        seen("A", Group.BLOCKED, 20, 28, RESET, REDIRECT), seen("B", Group.BLOCKED, 3, 3, RESET, "")
    ),
    "a way that needs one measurement's facts": period(seen("A", Group.BLOCKED, 3, 3, "dns.nxdomain")),
    "not decided on one": period(
        seen("A", Group.REACHABLE, 12, undecided=1), seen("B", Group.UNDECIDED, undecided=5), days=7
    ),
    "more failed than were judged so": period(
        seen("A", Group.BLOCKED, 54, 120, RESET, failed=120),
        seen("B", Group.BLOCKED, 19, 28, RESET, failed=20, turn=ONSET),
        seen("C", Group.BLOCKED, 3, 28, RESET, failed=3),
    ),
    "decided nowhere": period(seen("A", Group.UNDECIDED, undecided=1), first=at(20)),
    "nothing measured": period(),
    "unreachable, down, refused": period(
        seen("A", Group.UNREACHABLE, 3, 4, "tcp.timeout"),
        seen("B", Group.REFUSED, 2, 2, "server.captcha"),
        seen("C", Group.REFUSED, 2, 2),
        seen("D", Group.ELSEWHERE, 1, 1),
        first=at(28, month=10),
    ),
    "slowed": period(seen("A", Group.SLOWED, 3, 4), seen("B", Group.SLOWED, 1, 2, "throttle.sni", twins=(1, 2))),
    "over a new year": period(seen("A", Group.REACHABLE, 12), last=at(2, month=1, year=2027)),
    "reachable, although": period(seen("A", Group.REACHABLE, 2, 2, "dns.intercepted"), experiment="web_connectivity"),
    "a name lookup": period(seen("A", Group.REACHABLE, 2), experiment="dns", target="news.example.org"),
    "a service": period(seen("A", Group.REACHABLE, 2), experiment="unknown", target="chat"),
    "odd requests": period(seen("A", Group.REACHABLE, 2), experiment="middlebox", target="odd"),
    "a platform": period(seen("A", "Platform shows a notice", 2, 2, "platform.notice"), target="harvest moon"),
    "of nothing known": period(seen("A", "odd", 2)),
    "many networks": period(*(seen(chr(65 + place), Group.BLOCKED, 20 - place, 20, RESET) for place in range(14))),
    "one network too many": period(*(seen(chr(65 + place), Group.REACHABLE, 2) for place in range(9))),
    "a word": period(
        seen("A", WordGroup.CUT, 3, 3, "http.reset.path", twins=(3, 3)),
        seen("B", WordGroup.PASSED, 3),
        seen("C", WordGroup.UNTRIGGERED, 3),
        seen("D", WordGroup.UNDECIDED, undecided=2),
        **WORD,
    ),
    "a word, otherwise": period(
        seen("A", WordGroup.SLOWED, 3),
        seen("B", WordGroup.UNREACHABLE, 3),
        seen("C", WordGroup.ELSEWHERE, 3),
        seen("D", WordGroup.REFUSED, 3),
        seen("E", WordGroup.UNEXPLAINED, 3),
        seen("F", "odd", 3),
        **WORD | {"encoding": "gb18030", "place": "odd"},
    ),
    "a pack": period(
        seen("A", WordGroup.CUT, 1, 1, "http.reset.path"),
        seen("B", WordGroup.UNDECIDED, undecided=2),
        **WORD | {"experiment": "screen", "target": "words.csv#0-7"},
    ),
    "a text": period(seen("A", WordGroup.PASSED, 1), **WORD | {"experiment": "isolate", "target": LONG}),
    "a name": period(
        seen("A", WordGroup.CUT, 4, 5, "tls.reset.sni"),
        **WORD | {"experiment": "domain", "target": "news.example.org", "place": "tls-sni"},
    ),
}


def said():
    """Every row in every language."""
    found = {}
    for row, (networks, asked) in ROWS.items():
        found[row] = {}
        for lang in LANGS:
            told = tuple(
                msgspec.structs.replace(one, network=network_words(fields["network"], lang))
                for fields, one in networks
            )
            saying = say_period(msgspec.structs.replace(asked, seen=told), lang)
            found[row][lang] = {
                "label": saying.label,
                "sentence": saying.sentence,
                "how_sure": saying.how_sure,
            }
    return found


def as_text(rows):
    """As the file holds them."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(as_text(said()), encoding="utf-8")
