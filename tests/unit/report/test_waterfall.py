"""The decisive pair, step by step, in order of start, with the step that differs marked."""

from hushmap.model import Answer, Context, Exchange, Failure, Fetch, Hop, Layer, Outcome, Page, Resolve, Role, Side
from hushmap.report.waterfall import waterfall
from hushmap.report.words import Words
from unit.report.sample import entries, entry, fetched, forged, greeted, loaded, lookup, opened, pairs, trial, verdict

EN = Words("en")


def fall(trials, judged=None):
    """The waterfall of these trials."""
    item = entry(1, "news.example.org", judged or verdict(Outcome.BLOCKED, "tls.reset.sni"), trials)
    return waterfall(item.record, item.verdict, EN)


def test_rows_are_in_order_of_start_and_one_is_marked():
    """The reset handshake is the step that differs, and only it."""
    rows = fall(pairs("news.example.org"), verdict(Outcome.BLOCKED, "tls.reset.sni", proof=(20011, 20010))).rows
    marked = [row for row in rows if row.differs]
    assert len(marked) == 1
    assert (marked[0].step, marked[0].asked, marked[0].result, marked[0].sign) == (
        "Start encryption",
        "news.example.org",
        "reset",
        "✕",
    )
    assert [row.side for row in rows] == ["elsewhere"] * 3 + ["same line, harmless twin"] * 2 + ["this line"] * 2
    assert not marked[0].twin


def test_late_answers_are_rows_of_their_own():
    """Three answers to one question are three rows, the first of them the lookup itself."""
    rows = fall(forged(), verdict(Outcome.BLOCKED, "dns.injection", proof=(30001,))).rows
    assert [row.step for row in rows][:3] == ["Ask 192.0.2.53:53 for the address"] + [
        "A later answer to the same question"
    ] * 2
    assert rows[0].differs
    assert [row.answer for row in rows] == ["198.51.100.66", "198.51.100.67", "203.0.113.9", "203.0.113.9"]


def test_a_late_failure_has_its_sign_and_word():
    """A second answer that says NXDOMAIN is a failure of its own."""
    answers = (Answer(t=0.1, addresses=("192.0.2.1",)), Answer(t=0.2, failure=Failure.NXDOMAIN))
    step = Resolve(t0=0.0, t=0.1, resolver="system", name="a.example", qtype="A", answers=answers)
    rows = fall([trial(1, step, layer=Layer.DNS)]).rows
    assert (rows[1].sign, rows[1].result, rows[1].answer, rows[1].time) == (
        "✕",
        "no such name",
        "nothing",
        "200\u00a0ms",
    )
    assert rows[0].step == "Ask this computer's DNS server for the address"


def test_every_verb_has_its_words():
    """Connect, handshake with and without a name, fetch with and without a title, exchange."""
    host = Fetch(t0=0.4, t=0.5, url="http://a.example/", host="b.example", page=Page(status=451, body_length=1234))
    steps = (
        opened(0.0, address="2001:db8::1"),
        greeted(0.1, None),
        greeted(0.2, "a.example"),
        fetched(0.3, "https://a.example/"),
        host,
        Exchange(t0=0.6, t=0.7, address="192.0.2.1", port=80, received=b"x" * 1500),
        Exchange(t0=0.8, t=0.9, address="192.0.2.1", port=80, failure=Failure.EOF),
        Hop(t0=1.0, t=1.1, address="192.0.2.1", port=80, ttl=3, router="198.51.100.9", icmp=(11, 0)),
    )
    shown = [(row.asked, row.answer) for row in fall([trial(1, *steps)], verdict(Outcome.OK)).rows]
    assert shown == [
        ("[2001:db8::1]:443", "done"),
        ("no name", "certificate by CN=Example Public CA"),
        ("a.example", "certificate by CN=Example Public CA"),
        ("GET https://a.example/", "status 200, 48,211 bytes, “Front page”"),
        ("GET http://a.example/ (Host: b.example)", "status 451, 1,234 bytes"),
        ("192.0.2.1:80", "1,500 bytes"),
        ("192.0.2.1:80", "nothing"),
        ("192.0.2.1:80", "198.51.100.9"),
    ]


def test_bars_stay_inside_the_drawing():
    """Each bar starts and ends between 0 and 100 and can be seen, even at zero length and in zero time."""
    runs = [list(pairs("a.example")), list(forged()), [trial(1, opened(5.0, took=0.0))]]
    for trials in runs:
        for row in fall(trials).rows:
            assert 0 <= row.start <= 99
            assert row.width >= 1
            assert row.start + row.width <= 100.01


def test_reachable_marks_no_difference():
    """Where nothing differs nothing is marked; a failed outcome without a failed step or mechanism neither."""
    for judged in (verdict(Outcome.OK, "dns.intercepted"), verdict(Outcome.INSUFFICIENT)):
        assert not any(
            row.differs for row in fall([trial(1, lookup(0.0, "a.example", (0.1, ("192.0.2.1",))))], judged).rows
        )


def test_only_a_pair_is_called_one_and_says_which_names_it_lays_side_by_side():
    """Subject and twin by name over a pair; other headings for one attempt with a look from elsewhere, and without."""
    judged = verdict(Outcome.BLOCKED, "tls.reset.sni", proof=(20011, 20010))
    pair = fall(pairs("news.example.org"), judged)
    assert pair.heading == "One attempt pair, step by step"
    assert pair.names == "Here news.example.org; as the harmless twin www.baseline-a.example."
    both = fall(loaded("news.example.org"), verdict(Outcome.OK))
    assert (both.heading, both.names) == ("One attempt from here and one from elsewhere, step by step", "")
    alone = fall([trial(1, opened(0.0))])
    assert (alone.heading, alone.names) == ("One attempt, step by step", "")
    unnamed = [trial(1, opened(0.0), pair=1), trial(2, opened(1.0), pair=1, role=Role.BASELINE)]
    assert (fall(unnamed).heading, fall(unnamed).names) == ("One attempt pair, step by step", "")


def test_an_empty_answer_of_one_type_beside_an_address_of_the_other_is_no_failure():
    """A site with IPv4 alone has no AAAA: no cross, and the words say what came."""
    a, aaaa = (
        lookup(0.0, "a.example", (0.1, ("192.0.2.1",))),
        Resolve(
            t0=0.0,
            t=0.1,
            resolver="system",
            name="a.example",
            qtype="AAAA",
            answers=(Answer(t=0.1, failure=Failure.NO_ANSWER), Answer(t=0.2, failure=Failure.NO_ANSWER)),
            failure=Failure.NO_ANSWER,
        ),
    )
    rows = fall([trial(1, a, aaaa, layer=Layer.DNS)]).rows
    assert [(row.sign, row.result, row.failed) for row in rows] == [
        ("✓", "done", False),
        ("○", "no address", False),
        ("○", "no address", False),
    ]
    assert [row.sign for row in fall([trial(1, aaaa, layer=Layer.DNS)]).rows] == ["✕", "○"]


def test_where_no_dns_service_is_silence_is_fine_and_an_answer_is_not():
    """The sign follows what should be there, and the words say so."""
    dark = Context(dark="udp://203.0.113.10:53")
    silent = lookup(0.0, "b.example", resolver=dark.dark, failure=Failure.TIMEOUT)
    answered = lookup(9.0, "a.example", (0.1, ("192.0.2.1",)), (0.2, ("192.0.2.2",)), resolver=dark.dark)
    trials = [
        trial(1, silent, layer=Layer.DNS, role=Role.BASELINE, pair=1),
        trial(2, answered, layer=Layer.DNS, pair=1),
    ]
    item = entry(1, "a.example", verdict(Outcome.BLOCKED, "dns.injection"), trials, context=dark)
    rows = waterfall(item.record, item.verdict, EN).rows
    assert [(row.sign, row.result, row.differs) for row in rows] == [
        ("○", "silence, as it should be", False),
        ("✕", "an answer where no DNS service is", True),
        ("✕", "an answer where no DNS service is", False),
    ]


def test_a_lookup_lasts_until_its_first_answer():
    """Later answers are waited for, which is no part of how long the first took; an impossible time is not used."""
    for moment, shown in ((0.027, "27\u00a0ms"), (7.0, "400\u00a0ms")):
        step = Resolve(t0=0.0, t=0.4, resolver="system", name="a", qtype="A", answers=(Answer(t=moment),))
        assert fall([trial(1, step, layer=Layer.DNS)]).rows[0].time == shown


def test_a_helpers_own_dns_server_is_not_this_computers():
    """`system` means another server there."""
    there = lookup(0.0, "a.example", (0.1, ("192.0.2.1",)), resolver="system")
    rows = fall([trial(1, there, layer=Layer.DNS), trial(2, there, layer=Layer.DNS, side=Side.HELPER)]).rows
    assert [row.step for row in rows] == [
        "Ask this computer's DNS server for the address",
        "Ask the DNS server there for the address",
    ]


def test_nothing_asked_from_here_shows_nothing():
    """Without a subject of this side there is no waterfall."""
    assert fall([]) is None
    assert fall([trial(1, opened(0.0), role=Role.BASELINE), trial(2, opened(0.0), side=Side.HELPER)]) is None


def test_every_sample_has_rows_or_no_trials():
    """A record with counted trials of this side always has something to show."""
    for item in entries():
        shown = waterfall(item.record, item.verdict, EN)
        assert (shown is None) == (not item.record.trials)
