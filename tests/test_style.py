"""Guard: the one palette of the pages is legible in light and dark, told apart by every eye, and used by name.

Contrast is that of WCAG 2.2 (1.4.3, level AA). How colours look to an eye without red or green cones follows Machado,
Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0;
differences are CIE76 in Lab, where about 2 can just be seen side by side.
"""

import re

import pytest

from house import ROOT

SHEET = (ROOT / "src/hushmap/report/templates/style.css").read_text("utf-8")
TEXT = ("ink", "soft", "accent", "blocked", "direct", "slowed", "unreachable", "elsewhere", "refused", "reachable")
TEXT = (*TEXT, "undecided")
GROUNDS = ("paper", "pale", "marked", "notice")
LEGIBLE = 4.5
"""Times: WCAG's least contrast of small text."""
APART = (("blocked", "reachable"), ("blocked", "undecided"), ("direct", "reachable"), ("slowed", "reachable"))
"""Pairs that must never be taken for each other; each has its sign beside it all the same."""
SEEN = 20
"""CIE76: ten times what can just be seen, so that it is seen at a glance and on a bad screen."""
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red cones": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green cones": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
}


def palettes():
    """Scheme -> name -> colour; what the dark one does not say again is as in the light one."""
    blocks = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    light, dark = (dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return {"light": light, "dark": light | dark}


def linear(colour):
    """Red, green and blue of a colour, as light."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def contrast(one, other):
    """Of two colours, by WCAG."""
    bright, faint = sorted(
        (
            sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))
            for colour in (one, other)
        ),
        reverse=True,
    )
    return (bright + 0.05) / (faint + 0.05)


def lab(colour, eye):
    """Where a colour lies for an eye, in CIE Lab under D65."""
    seen = [min(1, max(0, sum(w * p for w, p in zip(row, linear(colour), strict=True)))) for row in EYES[eye]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.95047, 1.0, 1.08883)
    at = [sum(w * p for w, p in zip(row, seen, strict=True)) / most for row, most in zip(rows, white, strict=True)]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in at)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_is_legible_on_every_ground(scheme):
    """Text of any colour stands out from any ground by 4.5 to 1 at least, in light and in dark."""
    palette = palettes()[scheme]
    found = {(text, ground): contrast(palette[text], palette[ground]) for text in TEXT for ground in GROUNDS}
    assert {pair: round(times, 2) for pair, times in found.items() if times < LEGIBLE} == {}


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_must_not_be_confused_is_told_apart_by_every_eye(scheme, eye):
    """Blocked and reachable, blocked and not decided: no kind of cone is needed to see which is which."""
    palette = palettes()[scheme]
    far = {
        pair: sum((a - b) ** 2 for a, b in zip(*(lab(palette[n], eye) for n in pair), strict=True)) ** 0.5
        for pair in APART
    }
    assert {pair: round(distance) for pair, distance in far.items() if distance < SEEN} == {}


def test_black_on_white_is_the_most_there_is():
    """The guard's own arithmetic gives WCAG's 21 to 1, and no distance between a colour and itself."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert lab("#9a4a06", "all cones") == lab("#9a4a06", "all cones")


def test_colours_stand_in_the_palette_only():
    """No rule has a colour of its own: light, dark and print would drift apart."""
    rules = re.sub(r"/\*.*?\*/", "", re.sub(r":root \{.*?\}", "", SHEET, flags=re.DOTALL), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|oklch\(", rules) == []
    used = set(re.findall(r"var\(--([a-z]+)", SHEET))
    named = set(palettes()["light"])
    assert named <= used, f"colours that nothing uses: {named - used}"


def test_red_is_for_a_false_reply_that_was_seen():
    """Only the class `direct` has the red, since red reads as certainty."""
    assert re.findall(r"([^\n{}]*)\{[^{}]*var\(--direct\)", SHEET) == [".direct "]


def test_sizes_come_from_the_scale():
    """Six sizes and no other, but for parts of one line (em) and drawings."""
    found = set(re.findall(r"font-size: ([^;]+);", SHEET))
    odd = {
        size
        for size in found
        if not size.startswith("var(--")
        and not re.fullmatch(r"(max\()?0\.\d+em(, 0\.75rem\))?|1[13]px|[\d.]+pt", size)
    }
    assert odd == set()


def test_sides_are_logical():
    """No rule says left or right, so that a page of a right-to-left language needs no sheet of its own."""
    assert (
        re.findall(r"\b(?:margin|padding|border|inset)?-?(?:left|right)\b", SHEET.replace("right-to-left", "")) == []
    )


def test_dark_changes_every_colour():
    """No colour of the light scheme is forgotten in the dark one."""
    found = palettes()
    same = [name for name, colour in found["light"].items() if found["dark"][name] == colour]
    assert same == []
