"""What a lab is called, and how long it may take."""

import pytest

from hushmap.lab.scenario import ScenarioError, load_scenario
from hushmap.lab.scoring_labels import Cell, Label, read_label, shown_name


@pytest.mark.parametrize(
    "text",
    [
        "demo clean seed 1",
        "networks/x harsh ipv6 seed 20",
        "a b mild ipv6 uncensored seed 3",
        "a clean uncensored seed 0",
    ],
)
def test_a_label_is_read_as_it_is_printed(text):
    """Both ways."""
    assert str(read_label(text)) == text


def test_a_label_says_all_that_a_lab_is_made_of():
    """And nothing of the machine."""
    assert read_label("networks/x harsh ipv6 uncensored seed 20") == Label(
        name="networks/x", noise="harsh", family="ipv6", twin=True, seed=20
    )
    assert shown_name("networks/x") == "networks/x"
    assert shown_name("/somewhere/y.toml") == "y"


@pytest.mark.parametrize(
    "text", ["", "demo", "demo clean", "demo loud seed 1", "demo clean seed x", "demo clean uncensored ipv6 seed 1"]
)
def test_what_is_no_label_is_refused_with_the_form(text):
    """In one line."""
    with pytest.raises(ScenarioError, match=r"NAME clean\|mild\|harsh \[ipv6\] \[uncensored\] seed N"):
        read_label(text)


def test_a_worse_line_more_to_find_and_a_lost_network_take_longer():
    """A guess only; a lab has several times that before it is called broken."""
    demo, lost = (load_scenario(name) for name in ("demo", "innocents-network-lost"))
    clean, harsh, gone = (
        Cell(name="x", scenario=one, noise=noise)
        for one, noise in ((demo, "clean"), (demo, "harsh"), (lost, "clean"))
    )
    assert clean.guess_s < harsh.guess_s < harsh.timeout_s
    assert gone.guess_s > 40
    assert clean.folder == "x-clean-seed-1"
