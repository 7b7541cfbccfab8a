"""The list of what changed."""

import pytest

from hushmap.report.explore import exploring, happening
from hushmap.report.explore.routing import page
from hushmap.report.explore.wanted import WantedError
from unit.report.explore.explored import BLOCKED, FINE, made, row

ROWS = [
    *(row(f"r{n:03}", 1 + n // 12, 2 * (n % 12), 64501, FINE if n < 60 else BLOCKED) for n in range(120)),
    *(
        row(f"s{n:03}", 1 + n // 12, 2 * (n % 12), 64502, BLOCKED, "https://b.example/", country="XF")
        for n in range(90)
    ),
]


@pytest.fixture(scope="module")
def opened():
    """One site that stopped working on a network, and one that never worked on another."""
    return made(ROWS)


def test_changes_come_first_then_what_failed_when_first_measured(opened):
    """Each with its page; programs have every incident."""
    found = page(opened, "incidents", [])
    view = found.values["view"]
    assert view.sought
    assert [one.what for one in view.changes.confirmed] == ["a.example"]
    assert [one.what for one in view.changes.standing] == ["b.example"]
    assert view.pager.of == 2
    html = found.rendered().decode()
    assert all(f'href="/incidents/{one.id}"' in html for one in opened.incidents)
    assert found.told["of"] == 2


def test_the_list_is_narrowed_by_where_and_what(opened):
    """By network, country, host, and by what is searched for."""
    for pairs in ([("country", "XF")], [("network", "as64502-xf")], [("q", "b.ex")], [("domain", "b.example")]):
        assert [one.key.target for one in page(opened, "incidents", pairs).told["incidents"]] == ["b.example"]
    assert "No change was seen" in page(opened, "incidents", [("q", "nobody")]).rendered().decode()


@pytest.mark.parametrize("pair", [("since", "2026-11-02"), ("label", "x"), ("group", "Blocked")])
def test_what_would_not_be_true_of_changes_is_refused(opened, pair):
    """They are found in all measurements together."""
    with pytest.raises(WantedError, match=pair[0]):
        page(opened, "incidents", [pair])


def test_a_long_list_has_pages(opened, monkeypatch):
    """None is left out."""
    monkeypatch.setattr(happening, "ROWS", 1)
    first, second = (page(opened, "incidents", [("page", n)]).values["view"] for n in "12")
    assert (first.pager.after, second.pager.before) == ("?page=2", "?")
    assert (len(first.changes.confirmed), len(second.changes.standing)) == (1, 1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_where_nobody_looked_for_changes_the_list_and_the_target_say_so(lang, monkeypatch):
    """With the command that does, and never as if there had been none."""
    monkeypatch.setattr(exploring, "FEW", 0)
    opened = made(ROWS, lang=lang)
    found = page(opened, "incidents", [])
    assert found.told == {"page": "incidents", "sought": False, "of": 0, "incidents": ()}
    html = found.rendered().decode()
    assert "hushmap incidents ARCHIVE" in html
    assert opened.words("change.none") not in html
    assert opened.words("explore.unsought") in page(opened, "targets/a.example", []).rendered().decode()
    assert page(opened, "incidents/x", []) is None
