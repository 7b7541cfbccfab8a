"""What one measurement shows, sorted by the hosts through which its page load went."""

import pytest
from msgspec.structs import replace

from hushmap.detect.glance import Glance, checks_certificates
from hushmap.model import Failure, Knowledge, Page, Side, Source
from trials import NAME, SITE, connected, loaded, lookup, record


def _glance(*trials, target=f"https://{NAME}/"):
    return Glance(record(*trials, target=target, experiment="web_connectivity"), Knowledge())


def test_a_load_without_steps_or_without_a_page_is_no_page():
    """An attempt of which nothing is recorded is kept among the attempts."""
    bare = loaded(1)
    seen = _glance(replace(bare, steps=()), loaded(2, Page(status=0)))
    assert seen.last.page is None
    assert len(seen.last.loads) == 2
    assert not seen.genuine


def test_what_was_not_carried_out_is_not_seen():
    """A trial with `undone` is no attempt, on either side."""
    seen = _glance(loaded(1, undone="excluded"), loaded(2, undone="helper_failed", side=Side.HELPER))
    assert (seen.bare, seen.first.loads, seen.helper, seen.helper_counts) == ([], [], [], (0, 0))


@pytest.mark.parametrize(
    ("version", "checks"),
    [
        ("0.0.1", False),
        ("0.3.9", False),
        ("0.4.0", True),
        ("0.5.28", True),
        ("0.10.1", True),
        ("1.0.0", True),
        ("", False),
    ],
)
def test_a_page_over_https_vouches_for_itself_where_its_client_checks(version, checks):
    """Of OONI's old clients it is not known; ours records each handshake."""
    made = record(loaded(1))
    assert checks_certificates(made)
    foreign = replace(
        made, source=Source(file="x", offset=0, uid="", sha256=""), annotations={"test_version": version}
    )
    assert checks_certificates(foreign) is checks


def test_the_first_host_is_the_targets_however_it_is_spelled():
    """A target that is no URL is taken for a host; an IDN is the name that was looked up."""
    assert _glance(target="news.example").first.host == "news.example"
    assert _glance(
        lookup(1, [SITE], "system", name="xn--e1afmkfd.example"), target="http://пример.example"
    ).first.host == ("xn--e1afmkfd.example")


def test_a_connection_to_port_80_is_not_for_https():
    """The attempts at a host over https leave out the port of plain HTTP."""
    plain = connected(1, Failure.REFUSED, host=NAME)
    plain = replace(plain, ask=replace(plain.ask, port=80))
    seen = _glance(plain, connected(2, Failure.TIMEOUT, host=NAME))
    assert [trial.id for trial in seen.failures] == [2]


def test_an_address_that_translates_a_known_one_is_possible():
    """NAT64 puts the site's IPv4 address into a prefix of the network's; any other private address is no site's."""
    answers = (SITE, "fd00:64::c633:6407", "fd00:64::1", "10.0.0.1", "no address")
    seen = _glance(lookup(1, answers))
    assert [one for one in answers if seen.impossible(one)] == ["fd00:64::1", "10.0.0.1"]
    assert not _glance(lookup(1, ("10.0.0.1",), side=Side.HELPER)).impossible("10.0.0.1")
