"""Each check of the doctor, in order and not."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from hushmap.catalog import CatalogError, Exclusions
from hushmap.cli import checks
from hushmap.cli.doctor_text import Check, Status
from hushmap.cli.options import Wishes
from hushmap.cli.place import look_around
from hushmap.lab import LabError, LabRefusedError
from hushmap.model import Vantage
from hushmap.net import Host, OoniSpec
from hushmap.runs import Settings
from unit.cli.scene import HELPER, HOST, changed

WISHES = Wishes(
    network="AS64501 Net-A", country="XE", helper=HELPER, resolvers=("192.0.2.53",), other_resolvers=("198.51.100.1",)
)
LAB = Check(id="lab", status=Status.OK, text="fine")


def _place(**host):
    return look_around(WISHES, Settings(), changed(HOST, **host))


def test_a_computer_in_order_passes_every_check(home):
    """All is ok where network, helper and DNS server are known."""
    found = list(checks.offline(_place(), home, lab=lambda: LAB))
    assert [one.id for one in found if one.status is not Status.OK] == []
    assert len({one.id for one in found}) == len(found) == 10


def test_little_room_is_told(home, monkeypatch):
    """Below half a gigabyte a run might not fit; a folder that is not yet there is looked for above."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=400_000_000))
    assert checks.program(home / "not" / "there").status is Status.WARN
    assert checks.program(Path("results/runs")).remedy != ""


@pytest.mark.parametrize(
    ("host", "status", "said"),
    [
        ({}, Status.OK, "IPv4 up · no IPv6 here"),
        ({"ipv6": True}, Status.OK, "IPv4 and IPv6 up"),
        ({"ipv6": True, "sources": ("2001:db8::7",)}, Status.OK, "Only IPv6 up"),
        ({"sources": ()}, Status.FAIL, "no way to the Internet"),
    ],
)
def test_which_internet_there_is(host, status, said):
    """Both, one, or none."""
    found = checks.addresses(_place(**host))
    assert (found.status, said in found.text) == (status, True)


def test_a_vpn_is_told():
    """A run would be refused, so the doctor warns."""
    assert checks.vpn(_place(vpn=True, interface="wg0")).status is Status.WARN
    assert checks.vpn(_place()).status is Status.OK


@pytest.mark.parametrize(
    ("resolvers", "asns", "status"),
    [
        ((), (None, None), Status.FAIL),
        (("192.168.1.1", "127.0.0.53"), (None, None), Status.OK),
        (("8.8.8.8",), (None, None), Status.WARN),
        (("8.8.8.8",), (64501, 64502), Status.WARN),
        (("8.8.8.8",), (64501, 64501), Status.OK),
        (("fe80::1%eth0",), (None, None), Status.OK),
        (("nonsense",), (None, None), Status.WARN),
    ],
)
def test_whose_dns_server_is_measured(resolvers, asns, status):
    """None, one nearby, one whose network is unknown, another's, the provider's."""
    place = look_around(Wishes(), Settings(), Host(resolvers=resolvers, sources=("192.0.2.7",)))
    place = changed(place, vantage=Vantage(asn=asns[0], resolver_asn=asns[1]))
    assert checks.resolver(place).status is status


def test_another_dns_server_is_missed():
    """What the provider's denies needs somebody else who finds the name."""
    missed = checks.other_resolver(changed(_place(), other_resolvers=()))
    assert (missed.status, "--other-resolver" in missed.remedy) == (Status.WARN, True)
    assert "198.51.100.1" in checks.other_resolver(_place()).text


def test_a_network_without_a_name_is_told():
    """Results without a network's name cannot be compared."""
    assert checks.network(look_around(Wishes(), Settings())).status is Status.WARN
    assert checks.network(_place()).status is Status.OK


def test_the_helper_decides_what_can_be_measured():
    """None fails, one without echo ports warns."""
    assert checks.helper(changed(_place(), helper=None)).status is Status.FAIL
    assert checks.helper(changed(_place(), helper=changed(_place().helper, http_port=None))).status is Status.WARN
    assert "a-token" not in checks.helper(_place()).text


def test_whether_a_run_would_ask(hushmap):
    """A consent on record is told; none is no fault."""
    assert "is not on record" in checks.consent(_place()).text
    hushmap("consent", "give", 1, "--i-have-read", 1, "--network", "AS64501 Net-A")
    assert checks.consent(_place()).text.endswith("is on record")


def test_shipped_data_that_cannot_be_read_fails(monkeypatch):
    """Without fingerprints or exclusions nothing should be measured."""
    monkeypatch.setattr(checks, "exclusions", Exclusions)
    assert checks.probes().status is Status.FAIL

    def damaged():
        raise CatalogError("lab.csv", 1, 1, "is damaged", "mend it")

    monkeypatch.setattr(checks, "fingerprints", damaged)
    assert "lab.csv:1:1" in checks.probes().text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (None, Status.OK, "The lab runs here"),
        (
            LabRefusedError("The lab cannot run here: no right."),
            Status.FAIL,
            "Measuring works; only the lab does not.",
        ),
        (LabError("it broke"), Status.FAIL, "does not start: it broke"),
    ],
)
def test_whether_the_lab_runs_is_tried_by_doing(monkeypatch, error, status, said):
    """A refusal is told with its remedy, a fault of ours as such."""

    class Fake:
        def __init__(self, scenario):
            if error is not None:
                raise error

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(checks, "Lab", Fake)
    found = checks.namespaces()
    assert (found.status, said in found.text) == (status, True)


def test_oonis_helper_compares_sites_and_tests_no_words():
    """That is told, with its remedy."""
    check = checks.helper(changed(_place(), helper=OoniSpec(url="https://0.th.ooni.org/")))
    assert (check.status, check.text.partition(" is set")[0]) == (Status.WARN, "OONI's helper 0.th.ooni.org")
    other = checks.helper(changed(_place(), helper=OoniSpec(url="https://helper.example/")))
    assert other.text.startswith("Helper helper.example is set")
