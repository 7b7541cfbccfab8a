"""The page of an incident: intervals, shares, limits; nothing of a cause."""

import msgspec
import pytest

from hushmap.analysis import Sure
from hushmap.report.site.incident import MOST_HOSTS, facts, lead, pages, status, sure
from hushmap.report.words import Words
from unit.report.site.happened import happened, incidents, of_service, unsure
from unit.report.test_page import HOSTILE, Reader

FOUND = incidents()
LIFTED = next(one for one in FOUND if one.lifting is not None)
STANDING = next(one for one in FOUND if one.status is Sure.STANDING)
WORD = next(one for one in FOUND if one.key.experiment == "keyword")


def read(making):
    """Each page as a browser reads it."""
    found = {}
    for path, content in pages(making):
        reader = Reader()
        reader.feed(content.decode())
        assert reader.open == []
        assert len(set(reader.ids)) == len(reader.ids)
        reader.text = " ".join(" ".join(reader.texts).split())
        found[path] = reader
    return found


def test_each_incident_has_a_page():
    """Under its id, which stays."""
    assert [*read(happened())] == [f"incidents/{one.id}.html" for one in FOUND]


def test_the_sentence_has_intervals_and_shares():
    """Last seen and first seen, sessions with their interval, and what of the failing was judged blocked."""
    assert lead(LIFTED, Words("en")) == (
        "On Net-A (AS64501, XE), news.example.org was last seen working on 15 Nov 2026, 18:00 UTC and first seen "
        "failing on 16 Nov 2026, 00:00 UTC. It was last seen failing on 30 Nov 2026, 18:00 UTC and first seen "
        "working again on 1 Dec 2026, 00:00 UTC. As far as it was seen, 60 of 60 sessions failed (95\u00a0% interval: "
        "94 to 100\u00a0%), and 60 of 60 attempts. Of the 60 attempts that failed, 60 were judged blocked."
    )


def test_what_always_failed_has_no_onset():
    """And none of its attempts was judged blocked."""
    said = lead(STANDING, Words("en"))
    assert "What fails was not seen working before, so no onset is known." in said
    assert "no end was seen" in said
    assert "Of the 40 attempts that failed, 0 were judged blocked." in said
    assert status(STANDING, Words("en")) == "Failing, no onset seen"
    assert "First alarm" in [field for field, _ in facts(STANDING, Words("en"))]


def test_a_word_is_no_site():
    """Requests get through or fail; its place is told."""
    said = lead(WORD, Words("en"))
    assert "requests with this word were last seen getting through" in said
    assert ("Place in the traffic", "in the path of a request") in facts(WORD, Words("en"))
    bare = msgspec.structs.replace(WORD, onset_last_working=None)
    assert "What fails was not seen getting through before" in lead(bare, Words("en"))


def test_how_sure_it_is_is_told_with_its_promise():
    """Confirmed and provisional promise different things; one line, a part, one way are said."""
    words = Words("en")
    assert "among 1,000 targets" in sure(LIFTED, words)[0]
    assert "10,000 tests pass on average" in sure(unsure(LIFTED), words)[0]
    assert status(unsure(LIFTED), words) == "Stopped working, not confirmed; works again, not confirmed"
    assert any("Only one line" in said for said in sure(LIFTED, words))
    service = sure(of_service(LIFTED), words)
    assert any("one way of failing: encryption" in said for said in service)
    assert any("Partial" in said for said in service)
    assert not any("Only one line" in said for said in service)
    assert len(sure(STANDING, words)) == 2


def test_other_networks_are_linked_and_no_cause_is_claimed():
    """Incidents of one event name each other."""
    found = read(happened())
    text = found[f"incidents/{LIFTED.id}.html"].text
    assert "Net-B (AS64502, XE)" in text
    assert "whether they have one cause is not known" in text
    assert "Who ordered it, or why." in text
    assert "whole hours," in text
    assert "Net-B" not in found[f"incidents/{WORD.id}.html"].text


def test_hosts_of_a_service_are_told_and_those_that_worked():
    """Each links to its pages, and many are counted."""
    service = of_service(LIFTED)
    hosts = tuple(f"h{n}.example" for n in range(MOST_HOSTS + 2))
    many = msgspec.structs.replace(service, id="a11", hosts=hosts, mechanisms=())
    found = read(happened(incidents=(service, many)))
    reader = found["incidents/5e41ce.html"]
    assert "What worked meanwhile" in reader.text
    assert "https://news.example.org/about" in reader.text
    links = [value for tag, name, value in reader.attributes if (tag, name) == ("a", "href")]
    assert "../targets/shop-example-com.html" in links
    assert "2 more hosts are in the file of incidents." in found["incidents/a11.html"].text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_reads_in_its_language(lang):
    """Every kind of incident has its words."""
    made = happened(lang, incidents=(*FOUND, unsure(LIFTED), of_service(LIFTED)))
    assert len(read(made)) == len(FOUND) + 2


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(text):
    """A target, a network, a service: nothing of them acts."""
    key = msgspec.structs.replace(WORD.key, target=text, network=text)
    hostile = msgspec.structs.replace(WORD, key=key, network=text, service=text, hosts=(text, "b"), event="")
    for reader in read(happened(incidents=(hostile,))).values():
        assert "script" not in reader.seen
        assert not {name for _, name, _ in reader.attributes if name.startswith("on") or name == "style"}
