"""What a scenario may say of a platform."""

import pytest

from hushmap.lab.scenario import ScenarioError, parse_scenario

SITE = '[[site]]\nname = "driftwood.test"\naddresses = ["203.0.113.102"]\n'


def test_a_platform_is_read():
    """Its settings stand under its site's name."""
    (platform,) = parse_scenario(f'name = "x"\n{SITE}[[platform]]\nsite = "driftwood.test"\nwords = 40\n').platform
    assert (platform.site, platform.words, platform.posts, platform.acts) == ("driftwood.test", 40, 20, True)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('site = "elsewhere.test"', "there is no such"),
        ('site = "driftwood.test"\nsoonest_s = 9.0\nlatest_s = 3.0', "must not lie before"),
        ('site = "driftwood.test"\nfail = 1.5', "fail"),
        ('site = "driftwood.test"\nflicker = true', "flicker"),
    ],
)
def test_a_mistake_is_told_in_a_line(lines, fault):
    """With the place where it stands."""
    with pytest.raises(ScenarioError, match=fault):
        parse_scenario(f'name = "x"\n{SITE}[[platform]]\n{lines}\n')
