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
