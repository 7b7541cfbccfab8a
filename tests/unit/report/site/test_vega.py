"""Charts of the drawing program in our frame: two sets of colours, equal bytes, rows that stay apart."""

import altair as alt
import pytest

from hushmap.report.site.vega import NETWORKS, Chart, apart, figure, named, rest
from unit.report.site.books import book, making, network
from unit.report.site.test_image import texts


def bars(colours):
    """Two bars, one with a name that would like to be markup."""
    rows = [{"name": "<script>alert(1)</script>", "n": 2}, {"name": "网络", "n": 3}]
    return alt.Chart(alt.InlineData(values=rows)).mark_bar(color=colours["accent"]).encode(x="n:Q", y=alt.Y("name:N"))


def chart(**more):
    """A chart of two bars."""
    return Chart(**{"name": "bars", "title": "Bars", "notes": ("", "Two."), "alt": "Two bars.", "spec": bars} | more)


def test_a_chart_stands_in_the_frame():
    """Its text is the program's, its source the frame's, and both sets of colours say the same."""
    drawn = figure(chart(), making())
    told = texts(drawn.light)
    assert "网络" in told
    assert any("Three days in Exampleland" in text for text in told)
    assert texts(drawn.dark) == told
    assert drawn.light != drawn.dark


def test_foreign_text_is_inert():
    """A name with markup stays text."""
    assert b"<script" not in figure(chart(), making()).light


def test_equal_charts_are_equal_bytes():
    """The program adds nothing of its own, not even names that it counts as long as it runs."""
    clipped = chart(spec=lambda colours: bars(colours).mark_bar(clip=True))
    first, second = (figure(clipped, making()).light for _ in range(2))
    assert first == second
    assert b'id="part0"' in first
    assert b"url(#part0)" in first


def test_what_is_no_drawing_is_refused(monkeypatch):
    """If the program should answer with something else, no broken picture is published."""
    monkeypatch.setattr("hushmap.report.site.vega.vl_convert.vegalite_to_svg", lambda _: "<html>")
    with pytest.raises(ValueError, match="bars was not drawn"):
        figure(chart(), making())


def test_equal_names_stay_two_rows():
    """Two networks that call themselves alike are not drawn as one."""
    assert apart(["a", "b", "a"]) == ["a", "b", "a (2)"]
    twins = book(networks=(network(1, id="x"), network(1, id="y")))
    assert len(set(named(making(book=twins)).values())) == 2


def test_networks_beyond_the_chart_are_counted():
    """A chart of many networks says how many it has no room for."""
    many = tuple(network(1, id=f"n{n}") for n in range(NETWORKS + 2))
    assert "2 more networks" in rest(making(book=book(networks=many)))
    assert not rest(making())
    assert len(named(making(book=book(networks=many)))) == NETWORKS
