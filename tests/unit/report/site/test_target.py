"""A target's page: networks by what they show now, days with gaps, evidence, and no claim beyond what was counted."""

from datetime import date

import msgspec
import pytest

from hushmap.report.site import target as module
from hushmap.report.site.book import Trigger
from hushmap.report.site.target import Drawer, page, pages
from unit.report.sample import entries
from unit.report.site.books import DAYS, LAST, book, cell, making, network
from unit.report.site.books import target as site
from unit.report.site.happened import happened
from unit.report.test_page import HOSTILE, Reader


def read(content):
    """A page as a browser reads it."""
    reader = Reader()
    reader.feed(content.decode())
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    reader.text = " ".join(" ".join(reader.texts).split())
    return reader


def drawn(made, number=0):
    """What the page of a target shows."""
    return Drawer(made).view(made.book.targets[number])


def states(view):
    """The networks by state."""
    return {state: [line.network for line in lines] for state, lines in view.states}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_target_has_a_page(lang):
    """Under its id; the same content makes the same bytes."""
    found = dict(pages(making(lang)))
    assert [*found] == ["targets/news-example-org.html", "targets/shop-example-com.html", "targets/word-1.html"]
    assert found == dict(pages(making(lang)))
    for content in found.values():
        read(content)


def test_it_leads_with_the_sentence_of_all_networks():
    """Label and sentence are those of detect; days that are missing are told."""
    text = read(page(making(), making().book.targets[0])).text
    assert "Blocked on 1 of 2 networks measured" in text
    assert "encrypted connections naming news.example.org were reset on Net-A (AS64501, XE) in 3 of 3" in text
    assert "Something was measured on 3 of 4 days." in text
    assert "2026-11-16: not measured" in text


@pytest.mark.parametrize(
    ("hour", "minute", "told"), [(13, 0, "whole hours"), (0, 0, "whole hours or days"), (13, 7, "")]
)
def test_times_that_a_copy_has_cut_are_said_to_be_whole(hour, minute, told):
    """The sentence is quoted with its times, so that what they stand for is beside it."""
    small = book()
    key = ("news-example-org", "as64501-xe")
    time = LAST.replace(hour=hour, minute=minute, second=0, microsecond=0)
    was = cell("Blocked", first=LAST.replace(hour=5, minute=3), last=time)
    made = making(book=msgspec.structs.replace(small, cells={**small.cells, key: was}))
    said = drawn(made).rounded
    assert (told in said) if told else said == ""
    assert said in read(page(made, made.book.targets[0])).text


def test_networks_stand_under_what_they_show():
    """One that did not measure it is named, and is in no group."""
    assert states(drawn(making())) == {"now": ["as64501-xe"], "other": ["as64502-xe"]}
    view = drawn(making(), 1)
    assert states(view) == {"other": ["as64501-xe"]}
    assert view.missing == ("Net-B (AS64502, XE)",)


def test_what_works_again_blocks_no_more():
    """A later day on which it worked moves the network to those that were seen blocking."""
    small = book()
    key = ("news-example-org", "as64501-xe")
    days = {DAYS[0]: cell("Blocked"), DAYS[2]: cell("Reachable", k=4, n=4)}
    was = cell("Blocked", k=1, last=LAST.replace(day=14))
    changed = msgspec.structs.replace(small, cells={**small.cells, key: was}, days={**small.days, key: days})
    view = drawn(making(book=changed))
    assert states(view)["before"] == ["as64501-xe"]
    assert "now" not in states(view)
    assert "on 1 of these working again later" in view.saying.label


def test_it_says_how_to_cite_it():
    """The page, not only the site."""
    made = making()
    assert f"page {made.site_id}/targets/news-example-org" in read(page(made, made.book.targets[0])).text


def test_all_that_failed_is_told_wherever_a_count_stands():
    """In the sentence, the table, the evidence and the list of days."""
    small = book()
    key = ("news-example-org", "as64501-xe")
    was = cell("Blocked", k=54, n=120, failed=118)
    changed = msgspec.structs.replace(
        small, cells={**small.cells, key: was}, days={**small.days, key: {DAYS[0]: was}}
    )
    text = read(page(making(book=changed), small.targets[0])).text
    assert "in 54 of 120 measurements, 118 of which did not work" in text
    assert text.count("118 in all did not work") == 3


def test_what_fails_otherwise_on_the_last_day_is_not_said_to_be_blocked_then():
    """It was seen blocked; neither is it known to be so still, nor to work again."""
    small = book()
    key = ("news-example-org", "as64501-xe")
    days = {DAYS[0]: cell("Blocked"), DAYS[1]: cell("Unreachable from here"), DAYS[2]: cell("Not decided", k=0, n=0)}
    was = cell("Blocked", k=1, last=LAST.replace(day=14))
    changed = msgspec.structs.replace(small, cells={**small.cells, key: was}, days={**small.days, key: days})
    assert states(drawn(making(book=changed)))["seen"] == ["as64501-xe"]


def test_where_days_are_not_given_nothing_is_said_of_now():
    """No strip is drawn, and no day is called a gap."""
    small = msgspec.structs.replace(book(), days={})
    view = drawn(making(book=small))
    assert states(view)["seen"] == ["as64501-xe"]
    assert all(line.strip is None for _, lines in view.states for line in lines)
    assert "days" not in view.saying.sentence


def test_a_network_that_decided_nothing_is_in_no_other_group():
    """It neither blocks nor does not."""
    small = book()
    key = ("news-example-org", "as64502-xe")
    none = cell("Not decided", k=0, n=0, undecided=4)
    view = drawn(making(book=msgspec.structs.replace(small, cells={**small.cells, key: none})))
    assert states(view) == {"now": ["as64501-xe"], "open": ["as64502-xe"]}


def test_changes_are_intervals_with_a_link():
    """Both ends of an onset and of a lifting; what was not confirmed says so."""
    made = happened()
    texts = {one.id: read(page(made, one)).text for one in made.book.targets}
    text = texts["news-example-org"]
    assert "Last seen working" in text
    assert "first seen failing" in text
    assert "first seen working again" in text


def test_what_failed_all_along_has_no_onset():
    """Its first failing is the first measurement, and no change."""
    made = happened()
    key = ("shop-example-com", "as64501-xe")
    cells = {**made.book.cells, key: cell("Unreachable from here")}
    text = read(page(making(book=msgspec.structs.replace(made.book, cells=cells)), made.book.targets[1])).text
    assert "Failing as early as it was measured" in text
    assert "Last seen working" not in text


def test_evidence_is_shown_where_it_is_had():
    """Of a record that the makers hold; elsewhere the record is named."""
    entry = entries()[0]
    small = book()
    made = making(evidence={small.cells["news-example-org", "as64501-xe"].record: entry}, book=small)
    reader = read(page(made, small.targets[0]))
    assert entry.record.id in reader.text
    assert small.cells["news-example-org", "as64502-xe"].record in reader.text


def test_a_page_of_many_networks_and_days_stays_small():
    """Thirty networks, three months, evidence for each: below 200 kB."""
    networks = tuple(network(1, id=f"as{n}-xe", asn=n, name=f"Net-{n}") for n in range(64501, 64531))
    one = site("news.example.org")
    days = {date.fromordinal(DAYS[0].toordinal() + n): cell("Blocked" if n % 3 else "Reachable") for n in range(90)}
    cells = {(one.id, net.id): cell("Blocked", record=f"r-{net.id}") for net in networks}
    entry = entries()[0]
    big = book(
        networks=networks,
        targets=(one,),
        cells=cells,
        days=dict.fromkeys(cells, days),
        last=LAST.replace(year=2027, month=2),
    )
    made = making(book=big, evidence={each.record: entry for each in cells.values()})
    assert len(page(made, one)) < 200_000


def test_a_word_links_what_makes_the_difference():
    """By the record that found it, or by its own spelling; a site has none."""
    small = book()
    mine = small.cells["word-1", "as64501-xe"].record
    fields = [
        {"record": mine, "trigger": "a + b", "place": "http-path"},
        {"record": "other", "trigger": "planted", "place": "http-path", "encoding": ""},
        {"record": "other", "trigger": "planted", "place": "dns-name"},
    ]
    triggers = tuple(Trigger(id=f"t{number}", network="as64501-xe", fields=one) for number, one in enumerate(fields))
    made = making(book=msgspec.structs.replace(small, triggers=triggers))
    assert [(name, text) for name, text, _ in drawn(made, 2).triggers] == [("t0", "a + b"), ("t1", "planted")]
    assert drawn(made).triggers == ()
    assert 'href="../triggers/t1.html"' in page(made, small.targets[2]).decode()


def test_lists_are_bounded(monkeypatch):
    """The older lines are said to be in the files."""
    monkeypatch.setattr(module, "MOST_DAYS", 2)
    monkeypatch.setattr(module, "MOST_LINES", 1)
    view = drawn(making())
    assert (states(view), view.more_lines) == ({"now": ["as64501-xe"]}, 1)
    assert "Net-B" in view.saying.sentence
    assert (len(view.days), view.more_days) == (2, 4)
    assert "4 older lines are in the files." in read(page(making(), making().book.targets[0])).text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_are_inert(hostile):
    """Of targets and networks."""
    evil = site("news.example.org", target=hostile, domain=hostile)
    net = network(1, name=hostile)
    small = book(networks=(net,), targets=(evil,), cells={(evil.id, net.id): cell("Blocked")}, days={})
    content = page(making(book=small), evil).decode()
    tags = ("<script", "<img src", "<svg/", "<iframe")
    assert not [tag for tag in tags if tag in content]
    assert "\u202e" not in content


def test_what_fails_elsewhere_too_has_no_word_for_how_and_when():
    """Neither was sought for, so the cells are empty and do not say that there is none."""
    small = book()
    key = small.targets[0].id, small.networks[0].id
    cells = {key: cell("Also fails elsewhere")}
    made = making(book=msgspec.structs.replace(small, cells=cells, days={}))
    html = dict(pages(made))[f"targets/{key[0]}.html"].decode()
    assert '<td data-label="How"></td>' in html
