"""Sites of ill will: a page that leads into this computer, its network, or somebody else's files."""

import pytest

from hushmap.model import Page, Target
from hushmap.wire import url
from worlds import World, conditions, converse

START = url.parse("https://news.example/")

NOWHERE = [
    "file:///etc/passwd",
    "FILE:/etc/passwd",
    "ftp://ftp.example/x",
    "gopher://news.example:70/1",
    "javascript:alert(1)",
    "data:text/html,x",
    "view-source:https://news.example/",
    "ws://news.example/",
    "http:///etc/passwd",
    "https://user:secret@news.example/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://127.1/",
    "http://news.example:99999/",
    "http://news.example:0/",
    "http://[::1",
    "\x00",
    "https://news.example/\r\nX-Injected: 1",
    "https://" + "a" * 9000 + ".example/",
]
PRIVATE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:6379/",
    "http://0.0.0.0/",
    "http://[::1]:631/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:192.168.1.1]/",
    "http://10.0.0.1/",
    "http://192.168.1.1/reboot",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
]


@pytest.mark.parametrize("location", NOWHERE)
def test_a_location_that_is_no_page_leads_nowhere(location):
    """Only http and https, with a host and a port that can be read, are places to go."""
    with pytest.raises(ValueError, match=r".") as told:
        url.join(START, location)
    assert len(str(told.value)) < 400
    assert str(told.value).isprintable()


def _asked_after(location):
    """Every ask of an inquiry into a site that leads its visitors to `location`."""
    page = Page(status=302, title="Moved", body_length=9, body_sha256="aa", location=location)
    world = World(server=lambda ask, _side: page if (ask.url or "").startswith(START.text) else None)
    _, record = converse(world, Target(experiment="web", text=START.text), conditions(ipv6=True))
    assert any(trial.fetch is not None and trial.fetch.page == page for trial in record.trials)
    return [trial.ask for trial in record.trials]


@pytest.mark.parametrize("location", [*NOWHERE, *PRIVATE])
def test_an_inquiry_does_not_follow_it(location):
    """Whatever the page says, nobody is contacted but who was asked about before."""
    known = {"news.example", "www.baseline-a.example", "www.baseline-b.example"}
    for ask in _asked_after(location):
        assert ask.url is None or url.parse(ask.url).host in known, ask
        assert ask.name is None or ask.name in known, ask
        assert ask.address is None or ask.address.startswith(("198.51.100.", "203.0.113.")), ask


def test_a_redirect_to_a_public_page_is_followed():
    """What the others are compared with: a leg of its own."""
    asks = _asked_after("https://www.baseline-a.example/next")
    assert any(ask.url == "https://www.baseline-a.example/next" for ask in asks)
