"""Who sees a run."""

import pytest

from hushmap.cli.options import Wishes
from hushmap.cli.place import look_around
from hushmap.cli.seeing import planned, sendable, server
from hushmap.model import Place as WordPlace
from hushmap.model import Target
from hushmap.runs import Settings
from unit.cli.scene import HELPER, changed
from unit.cli.test_plan_text import RUN

WORD = Target(experiment="keyword", text="weather", place=WordPlace.HTTP_PATH)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("udp://192.0.2.53:53", "192.0.2.53"),
        ("udp://[2001:db8::53]:54", "2001:db8::53 port 54"),
        ("tcp://192.0.2.53:53", "192.0.2.53 by TCP"),
        ("system", "system"),
        ("tls://dns.example#192.0.2.53", "dns.example at 192.0.2.53 by TLS"),
        ("https://192.0.2.53/dns-query", "192.0.2.53 by HTTPS"),
    ],
)
def test_a_dns_server_as_people_know_it(url, said):
    """An address, and what is unusual about it."""
    assert server(url) == said


def test_words_are_sent_only_to_a_helper(home):
    """Without one they are counted, and neither priced nor seen."""
    run = changed(RUN, targets=(*RUN.targets, WORD))
    assert sendable(run) is run
    alone = changed(run, helper=None)
    plan = planned(alone, look_around(Wishes(), Settings()))
    assert (plan.targets, plan.not_asked, plan.requests) == (
        4, 1, planned(changed(alone, targets=RUN.targets), look_around(Wishes(), Settings())).requests,
    )  # fmt: skip
    assert not any("word" in row.what for row in plan.seen_by)
    helped = planned(run, look_around(Wishes(helper=HELPER), Settings()))
    assert "1 words" in " ".join(row.what for row in helped.seen_by)
