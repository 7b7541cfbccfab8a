"""Pairs are counted question by question, as detect counts them."""

from hushmap.cli.pair_text import Pairs, place, read_pairs, uncounted
from hushmap.model import Ask, Context, Failure, Knowledge, Layer, Outcome, Role, Void
from unit.report.sample import BASE, OTHER, entry, greeted, opened, trial, verdict

NOTHING = Knowledge()
NAME = "news.example.org"
OURS = "203.0.113.10"


def pair(number, at, address, failure=Failure.RESET, *, twin=None, closed=True):
    """A bracketed pair of handshakes at `address`."""
    more = {"pair": number, "changed": "sni", "round": 1}
    ids = 100 + 3 * number
    yield trial(ids, opened(at, address), greeted(at + 0.1, BASE, twin), role=Role.BASELINE, **more)
    if twin is None:
        yield trial(ids + 1, opened(at + 1, address), greeted(at + 1.1, NAME, failure), **more)
        after = (opened(at + 2, OTHER), greeted(at + 2.1, BASE))
        if closed:
            yield trial(ids + 2, *after, role=Role.BASELINE, bystander=True, **more)


def read(*pairs, proof=(), **context):
    """What is said of these pairs, and the record that they are in."""
    trials = [made for made in pairs for made in made]
    item = entry(1, NAME, verdict(Outcome.BLOCKED, proof=proof), trials, context=Context(**context))
    return read_pairs(item.record, item.verdict, NOTHING), item.record


def test_questions_are_told_apart_and_the_one_that_carries_the_verdict_is_first():
    """The site's server and an address of ours are two questions, each with its own numbers."""
    ours = pair(1, 0, OURS)
    sites = [pair(2, 10, "203.0.113.7"), pair(3, 20, "203.0.113.7"), pair(4, 30, "203.0.113.7", None, closed=False)]
    found, record = read(ours, *sites, proof=(106, 107, 108), helper=OURS)
    assert found.lines == (
        (
            "counted",
            "other sni at 203.0.113.7: affected 2 of 3; harmless twin there 0 of 3, at another server 0 of 2",
        ),
        (
            "beside",
            (
                "other sni at 203.0.113.10 (our own address): affected 1 of 1; harmless twin there 0 of 1, "
                "at another server 0 of 1"
            ),
        ),
    )
    assert [one.id for one in found.example] == [106, 107, 108]
    assert list(uncounted(record, found)) == []


def test_what_does_not_count_is_no_part_of_the_counts():
    """Void attempts, pairs whose twin did not pass and pairs that were not finished are numbers of their own."""
    made = [
        pair(1, 0, "203.0.113.7"),
        pair(2, 10, "203.0.113.7"),
        pair(3, 20, "203.0.113.7", closed=False),
        pair(4, 30, "203.0.113.7", twin=Failure.RESET),
        [trial(900, undone="budget"), trial(901, undone="no_ipv6")],
    ]
    voids = tuple(Void(trial=number, reason="network_lost") for number in (106, 107, 108))
    found, record = read(*made, proof=(103,), voids=voids)
    assert found.lines == (
        (
            "counted",
            "other sni at 203.0.113.7: affected 1 of 1; harmless twin there 0 of 2, at another server 0 of 1",
        ),
    )
    assert list(uncounted(record, found)) == [
        "3 attempts void (network_lost)",
        "2 attempts not carried out (budget and no_ipv6)",
        "2 pairs left unfinished, or with a harmless twin that did not pass",
    ]


def test_without_pairs_nothing_is_said():
    """A survey alone has no pairs, and a subject without a twin has no twin to count."""
    assert read([trial(1, opened(0.0))])[0] == Pairs()
    bare = trial(2, opened(0.0), greeted(0.1, NAME, Failure.RESET), pair=1, changed="sni")
    found, record = read([bare])
    assert found.lines == (("beside", "other sni at 203.0.113.7: affected 0 of 0"),)
    assert next(uncounted(record, found)).startswith("1 pair left unfinished")


def test_places_say_whose_they_are():
    """An address of ours, one without a DNS service, a DNS server, or none."""
    context = Context(helper=OURS, dark=f"udp://{OURS}:53")
    asks = [
        Ask(layer=Layer.TLS, address=OURS),
        Ask(layer=Layer.TLS),
        Ask(layer=Layer.DNS, resolver=f"udp://{OURS}:53"),
        Ask(layer=Layer.DNS, resolver="system"),
        Ask(layer=Layer.DNS),
    ]
    assert [place(ask, context) for ask in asks] == [
        f"{OURS} (our own address)", "-", f"{OURS} (no DNS service)", "system DNS", "-",
    ]  # fmt: skip
