"""What may follow the first requests."""

from hushmap.cli.follow_text import _TEMPLATES, REDIRECTS, SENTINEL_S, following_lines
from hushmap.experiments import EXPERIMENTS
from hushmap.experiments.survey import MAX_ADDRESSES
from hushmap.experiments.web import MAX_REDIRECTS
from hushmap.runner import HelperPlace
from hushmap.runner.sentinel import EVERY_SECONDS
from unit.cli.scene import changed
from unit.cli.test_plan_text import RUN


def test_the_numbers_are_those_of_the_experiments():
    """What is printed is what is kept to, and every experiment has its templates."""
    assert (REDIRECTS, SENTINEL_S) == (MAX_REDIRECTS, EVERY_SECONDS)
    assert set(_TEMPLATES) == set(EXPERIMENTS)
    assert f"at most {MAX_ADDRESSES} of each family" in " ".join(_TEMPLATES["web"])


def test_templates_and_limits_of_a_run():
    """Each experiment once, with the helper where there is one, and what the run sends for itself."""
    text = list(following_lines(RUN))
    assert text[1] == "web: at most 150 requests a target, and one name at most 24 times from here"
    assert any(line.endswith("of each family: here and at the helper") for line in text)
    assert "the run itself, every 60 s and after a burst of failures:" in text
    alone = list(following_lines(changed(RUN, helper=None)))
    assert any(line.endswith("of each family: here") for line in alone)
    assert not any("echo port" in line for line in alone)


def test_oonis_helper_has_no_echo():
    """It is asked whether it is online, and no more."""
    text = list(following_lines(changed(RUN, helper=HelperPlace(url="https://0.th.ooni.org/"))))
    assert text[-1] == "  the question to the helper whether it is online"


def test_an_address_of_ones_own_is_asked_nothing_but_words():
    """It compares nothing, and nobody asks it whether it is online."""
    text = list(following_lines(changed(RUN, helper=HelperPlace(address="203.0.113.10", http=80, only_address=True))))
    assert not any("the helper" in line for line in text)


def test_what_another_client_adds_is_told_where_there_is_one():
    """A hello like a browser's is tried on what was cut; without it nothing is asked of hidden names."""
    with_it = "  a name that was shown to be cut: pairs again, with a hello like a browser's"
    assert with_it in following_lines(changed(RUN, browser=True))
    assert with_it not in following_lines(changed(RUN, browser=False))
    hidden = changed(RUN, browser=False, targets=(changed(RUN.targets[0], experiment="ech"),))
    assert any("hushmap[utls]" in line for line in following_lines(hidden))
