"""The frame of a picture: colours of the style sheet, source, dates and page inside, and foreign text inert."""

import re
from xml.etree import ElementTree as ET

import msgspec
import pytest
from markupsafe import Markup

from hushmap.report.site.image import (
    FAINT,
    Drawing,
    as_png,
    breadth,
    fitted,
    framed,
    missing,
    named_files,
    palette,
    wrapped,
)
from hushmap.report.view import LOOKS
from unit.report.site.books import book, making

PNG = b"\x89PNG"


def drawing(**more):
    """A picture of one square."""
    fields = {
        "name": "square",
        "title": "A square",
        "notes": ("How to read it.",),
        "alt": "One square.",
        "page": "index.html",
        "width": 600,
        "height": 40,
        "body": lambda colours: Markup('<rect width="9" height="9" fill="{}"/>').format(colours["ink"]),
        "legend": (("blocked", "✕", "Blocked"), ("line", "", "not measured")),
    }
    return Drawing(**fields | more)


def texts(svg):
    """What a reader sees written."""
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_every_look_has_a_colour_by_day_and_by_night():
    """The style sheet is the one palette; the dark one differs."""
    wanted = {style for _, style in LOOKS.values()} - {"untriggered", "other"}
    wanted |= {"direct", "ink", "soft", "line", "hair", "pale", "paper", "accent"} | FAINT
    light, dark = palette(), palette(dark=True)
    assert wanted <= set(light)
    assert all(light[name] != dark[name] for name in wanted)


def test_a_picture_says_where_it_comes_from():
    """Title, dates, version, page id and the lab's banner travel with it."""
    small = making()
    figure = framed(drawing(), small)
    told = " ".join(texts(figure.light))
    assert small.book.about.title in told
    assert small.when in told
    assert small.id("index.html") in told
    assert "Lab data" in told
    assert texts(figure.light) == texts(figure.dark)
    assert figure.light != figure.dark
    assert figure.alt in figure.light.decode()


def test_a_picture_of_no_lab_does_not_say_so():
    """The banner is the lab's alone."""
    about = msgspec.structs.replace(book().about, lab=False)
    assert "Lab data" not in framed(drawing(), making(book=book(about=about))).light.decode()


def test_foreign_text_is_inert():
    """A title with markup, marks of direction and ten thousand letters stays text, and stays in the frame."""
    title = "<script>alert(1)</script>\u202e" + "x" * 10_000
    about = msgspec.structs.replace(book().about, title=title)
    figure = framed(drawing(), making(book=book(about=about)))
    assert b"<script" not in figure.light
    assert "\u202e" not in figure.light.decode()
    assert all(breadth(text, 11.5) <= figure.width for text in texts(figure.light))


def test_nothing_is_loaded_and_no_style_stands_inside():
    """The policy of our pages forbids both; only the name of the format is an address."""
    text = framed(drawing(), making()).light.decode().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|href|style=|<style|<script|@import", text)


def test_equal_input_makes_equal_bytes():
    """A picture is a function of what it shows."""
    assert framed(drawing(), making()) == framed(drawing(), making())


def test_right_to_left_begins_at_the_right():
    """Heading and source stand at the right edge; the drawing itself is not turned."""
    turned = making()
    turned.words.direction = "rtl"
    assert 'direction="rtl"' in framed(drawing(), turned).light.decode()


def test_a_long_legend_goes_on_below():
    """Entries that do not fit stand in the next line, and the picture grows."""
    many = tuple(("blocked", "✕", f"Label number {n}") for n in range(20))
    assert framed(drawing(legend=many), making()).height > framed(drawing(legend=()), making()).height + 40


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("一二三四五六", ["一二三四", "五六"]),
        ("x" * 30, ["xxxxxxx…"]),
        ("", []),
    ],
)
def test_lines_break_at_spaces_and_beside_chinese(text, lines):
    """No line is wider than its place."""
    assert wrapped(text, 50, 10) == lines


def test_what_is_too_long_is_cut():
    """With an ellipsis; what fits is left."""
    assert fitted("short", 100, 10) == "short"
    assert fitted("much too long", 40, 10) == "much …"


def test_files_of_a_picture():
    """Light and dark, and pixels where they are asked for."""
    figure = framed(drawing(), making())
    assert [path for path, _ in named_files(figure)] == ["img/square.svg", "img/square-dark.svg"]
    files = dict(named_files(figure, png=True))
    assert files["img/square.png"].startswith(PNG)
    assert as_png(figure.light) == files["img/square.png"]


def test_text_without_a_font_is_noticed():
    """A letter that no font has is missing; a plain one is there wherever there is a font at all."""
    assert missing("\U0010fffd")
    assert not missing("A")
