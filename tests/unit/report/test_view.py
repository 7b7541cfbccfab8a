"""What the page shows of records and verdicts: groups in order, counts apart, every attempt accounted for."""

from hushmap.model import Context, Evidence, Failure, Fetch, Outcome, Page, Vantage, Void
from hushmap.report.view import LOOKS, key_sentence, tables, vantage_rows
from hushmap.report.words import Words
from unit.report.sample import entries, entry, loaded, opened, pairs, run_view, trial, verdict, word_pairs

EN = Words("en")


def shown(*args, **more):
    """One target as the page shows it."""
    return tables([entry(*args, **more)], EN)[0].groups[0].entries[0]


def test_groups_come_in_the_order_of_the_page():
    """Blocked first, reachable last, in sites and in words."""
    sites, words = tables(entries(), EN)
    order = [look[1] for look in LOOKS.values()]
    for table in (sites, words):
        places = [order.index(group.style) for group in table.groups]
        assert places == sorted(places)
    assert [group.label for group in words.groups] == ["Cut off by a word", "Not triggered"]
    assert sum(count.n for count in sites.counts) == 10


def test_empty_parts_are_left_out():
    """Without words there is no table of words, without anything none at all."""
    assert [table.id for table in tables(entries()[:3], EN)] == ["sites"]
    assert tables([], EN) == ()
    assert len(key_sentence(run_view(), (), EN)) == 1


def test_signs_differ_where_meaning_differs():
    """Colour is never alone: groups of different style have different signs."""
    by_style = {style: sign for sign, style in LOOKS.values()}
    assert len(set(by_style.values())) == len(by_style)


def test_every_attempt_is_listed_with_what_came_of_it():
    """Done, failed, void and undone attempts are told apart, in order of time."""
    context = Context(voids=(Void(trial=20091, reason="residual"),))
    item = shown(
        1, "news.example.org", verdict(Outcome.BLOCKED, "tls.reset.sni"), pairs("news.example.org"), context=context
    )
    assert len(item.trials) == 29
    lines = {line.id: line for line in item.trials}
    assert lines[20091].note == "not counted: an earlier hit was still felt"
    assert (lines[20092].note, lines[20092].sign) == ("not carried out: no IPv6 here", "")
    assert (lines[20001].lookup, lines[20001].sign) == ("203.0.113.7", "✓")
    assert (lines[20002].connect, lines[20002].tls, lines[20002].failed) == (
        "done, 18\u00a0ms",
        "reset, 41\u00a0ms",
        True,
    )
    assert lines[20090].page == "status 200, 48,211 bytes, “Front page”"
    assert item.trials[-1].id == 20092


def test_a_page_load_that_failed_late_keeps_what_came():
    """Status and failure stand side by side."""
    half = Fetch(t0=0.1, t=0.2, url="http://a.example/", page=Page(status=200, body_length=5), failure=Failure.EOF)
    item = shown(1, "a.example", verdict(Outcome.UNREACHABLE), [trial(1, opened(0.0), half)])
    assert item.trials[0].page == "closed early; status 200, 5 bytes"
    assert shown(1, "x", verdict(Outcome.BLOCKED), word_pairs("x"), experiment="keyword").trials[1].page == "reset"


def test_direct_evidence_is_marked_only_on_what_is_blocked():
    """Red reads as certainty: a captcha is direct evidence too, and is not red."""
    assert shown(1, "a", verdict(Outcome.BLOCKED, "http.blockpage", evidence=Evidence.DIRECT)).direct
    assert not shown(1, "a", verdict(Outcome.SERVER_SIDE, evidence=Evidence.DIRECT)).direct
    assert not shown(1, "a", verdict(Outcome.BLOCKED, "tls.reset.sni", evidence=Evidence.CONTROLLED)).direct


def test_only_plain_reachable_is_quiet():
    """A reachable site with a sign of something keeps its sentence in sight."""
    assert shown(1, "a", verdict(Outcome.OK), loaded("a")).quiet
    assert not shown(1, "a", verdict(Outcome.OK, "dns.intercepted")).quiet
    assert not shown(1, "a", verdict(Outcome.INSUFFICIENT)).quiet


def test_counts_without_attempts_are_empty():
    """`0 of 0` says nothing and is not said."""
    item = shown(1, "a", verdict(Outcome.BLOCKED, subject=(8, 8)))
    assert (item.here, item.twin, item.elsewhere) == ("8 of 8", "", "")


def test_unknown_vantage_is_said_to_be_unknown():
    """Nothing is invented of a network that nobody named."""
    rows = {field: (value, how) for field, value, how in vantage_rows(run_view(vantage=Vantage(), helper=False), EN)}
    assert rows["Network"] == ("unknown", "")
    assert rows["Comparison server"][0].startswith("none")
    known = vantage_rows(run_view(vantage=Vantage(network="N", known={"network": "guessed"})), EN)
    assert known[1] == ("Network", "N", "")
