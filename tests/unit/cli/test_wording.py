"""Numbers, times, sizes and lists as people read them."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.cli import wording
from hushmap.model import Vantage


def test_a_run_is_named_so_that_it_can_be_typed():
    """Where runs lie by default its id is enough; elsewhere it needs its path, and a path needs a slash."""
    base = Path("results/runs")
    named = [wording.run_words(Path(path), base) for path in ("results/runs/r", "x/r", "/y/r", "r")]
    assert named == ["r", "x/r", "/y/r", "./r"]


def test_counts_sizes_and_durations():
    """Each number has the unit and form that people use for its size."""
    assert [wording.count(n, "site") for n in (0, 1, 2150)] == ["0 sites", "1 site", "2,150 sites"]
    assert wording.count(2, "inquiry", "inquiries") == "2 inquiries"
    sizes = [wording.size(n) for n in (12, 2_500, 45_000_000, 2_800_000, 1.2e9)]
    assert sizes == ["12 bytes", "2.5 kB", "45 MB", "2.8 MB", "1.2 GB"]
    durations = [wording.duration(n) for n in (0.4, 89, 120, 252, 1900, 9000)]
    assert durations == ["0 s", "89 s", "2 min", "4 min 12 s", "31 min", "2.5 hours"]
    assert [wording.about(n) for n in (3, 200, 9000)] == ["a minute", "3 min", "2 hours"]


def test_times_are_utc_and_what_is_none_stays():
    """ISO times become dates that people read; other text is left as it is."""
    assert wording.moment("2026-11-21T22:33:10Z") == "21 Nov 2026, 22:33 UTC"
    assert [wording.moment("soon"), wording.day("soon"), wording.day("2026-13-01")] == ["soon", "soon", "2026-13-01"]
    assert wording.span("2026-11-21T22:33:10Z", "2026-11-21T22:37:00Z") == "21 Nov 2026, 22:33 to 22:37 UTC"
    two_days = wording.span("2026-11-21T22:33:10Z", "2026-11-22T00:01:00Z")
    assert two_days == "21 Nov 2026, 22:33 to 22 Nov 2026, 00:01 UTC"


@pytest.mark.parametrize(
    ("vantage", "said"),
    [
        (Vantage(), "a network without a name: unknown; say it with --network and --country"),
        (
            Vantage(asn=64501, network="Net-A", country="XE", known={"asn": "declared", "country": "declared"}),
            "Net-A (AS64501), XE: declared by you",
        ),
        (Vantage(asn=64501, known={"asn": "looked_up"}), "AS64501: looked up"),
        (
            Vantage(asn=64501, country="XE", known={"asn": "looked_up", "country": "declared"}),
            "AS64501, XE: declared by you and looked up",
        ),
    ],
)
def test_a_network_says_how_it_is_known(vantage, said):
    """Declared, looked up or unknown, and which."""
    assert wording.network(vantage) == said


def test_lists_and_categories():
    """Enumerations read as a sentence; a row without a category says so."""
    assert [wording.listed([]), wording.listed("a"), wording.listed("abc")] == ["", "a", "a, b and c"]
    assert [wording.category("NEWS"), wording.category(None)] == ["news", "without a category"]


@given(st.lists(st.text(min_size=1).filter(lambda word: not word.startswith("…")), min_size=1))
def test_a_shell_command_can_be_pasted(words):
    """What is shown to be typed is read back by a shell as the same words."""
    assert shlex.split(wording.shell(*words)) == words


def test_a_field_wraps_under_its_text():
    """Long text goes on below itself, and addresses are never broken."""
    lines = wording.field("What", "https://a-very-long-address.example/that/goes/on two three", 10, 30)
    assert lines == ["What      https://a-very-long-address.example/that/goes/on", "          two three"]
