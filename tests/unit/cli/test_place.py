"""Network, resolvers, helper and roots, from options, settings and this computer."""

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes
from hushmap.cli.place import helper_spec, helper_words, in_lab, look_around, resolver_url
from hushmap.lab import TOKEN_FILE, TOKEN_NAME
from hushmap.net import Host, OoniSpec
from hushmap.runs import Settings, store
from unit.cli.scene import HELPER


def test_options_come_before_settings():
    """What is typed wins; what is not typed comes from the settings."""
    settings = Settings(network="AS64502 Net-B", country="XF", resolver="192.0.2.54", helper=HELPER)
    place = look_around(Wishes(network="AS64501  Net-A", resolvers=("192.0.2.53",)), settings)
    assert (place.network, place.vantage.asn, place.vantage.network) == ("AS64501 Net-A", 64501, "Net-A")
    assert (place.vantage.country, place.resolvers) == ("XF", ("system", "udp://192.0.2.53:53"))
    assert place.helper.http_port == 8080
    assert look_around(Wishes(), settings).resolvers == ("system", "udp://192.0.2.54:53")


def test_other_resolvers_are_kept_apart():
    """A server of somebody else is compared with, never measured."""
    place = look_around(Wishes(other_resolvers=("198.51.100.1", "198.51.100.1")), Settings())
    assert (place.resolvers, place.other_resolvers) == (("system",), ("udp://198.51.100.1:53",))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("192.0.2.53", "udp://192.0.2.53:53"),
        ("tcp://192.0.2.53", "tcp://192.0.2.53:53"),
        ("udp://192.0.2.53:5353", "udp://192.0.2.53:5353"),
        ("2001:db8::53", "udp://[2001:db8::53]:53"),
        ("[2001:db8::53]:54", "udp://[2001:db8::53]:54"),
        ("tls://Dns.Example:853#192.0.2.53", "tls://dns.example#192.0.2.53"),
        ("https://192.0.2.53/dns-query", "https://192.0.2.53/dns-query"),
    ],
)
def test_a_dns_server_as_people_write_it(text, url):
    """Addresses of both families, with or without scheme and port."""
    assert resolver_url(text) == url


@pytest.mark.parametrize(
    "text", ["", "dns.example.net", "192.0.2", "192.0.2.53:0", "192.0.2.53:99999", "http://1.2.3.4"]
)
def test_what_is_no_dns_server_is_refused(text):
    """A name, a part of an address and a wrong port are faults of one line."""
    with pytest.raises(Fault, match="is no DNS server; write its address"):
        resolver_url(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tls://dns..example", "is no DNS server; write e.g. tls://"),
        ("https://dns.example#192.0.2.53", "is no DNS server; write e.g. tls://"),
        ("https://dns.example/dns-query", "write https://dns.example/dns-query#ADDRESS"),
    ],
)
def test_a_dns_server_inside_tls_needs_its_address(text, why):
    """Its name is looked up by nobody who is in question."""
    with pytest.raises(Fault, match=why):
        resolver_url(text)


def test_a_wrong_helper_is_refused_without_repeating_its_secret():
    """The string holds a token, so no message holds the string."""
    with pytest.raises(Fault) as fault:
        helper_spec("hushmap://secret-token-here@x:1#sha256=12")
    assert "secret" not in fault.value.message
    assert helper_spec("") is None


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (Wishes(country="Exampleland"), "is no country"),
        (Wishes(network="AS9999999999"), "is no AS number"),
        (Wishes(roots="gone.pem"), "--roots: gone.pem: No such file"),
        (Wishes(roots="sites.csv"), "holds no certificate"),
        (Wishes(scale=5.0), "--scale is for the lab only"),
    ],
)
def test_what_cannot_be_used_is_a_fault(wishes, said):
    """Each fault names what was typed."""
    with pytest.raises(Fault, match=said):
        look_around(wishes, Settings())


def test_roots_and_scale_in_the_lab(home, monkeypatch):
    """Where the lab is, waiting times may be divided."""
    (home / "roots.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    monkeypatch.setattr("hushmap.cli.place.in_lab", lambda: True)
    place = look_around(Wishes(roots="roots.pem", scale=5.0), Settings())
    assert (place.roots, place.scale) == ("roots.pem", 5.0)
    for scale in (0.5, 101.0):
        with pytest.raises(Fault, match="from 1 to 100"):
            look_around(Wishes(scale=scale), Settings())


def test_a_lab_is_known_by_its_word_in_both_places(home, monkeypatch):
    """The word must lie in the client's own /run and stand in the environment; neither alone is enough."""
    monkeypatch.setenv(TOKEN_NAME, "word")
    assert not in_lab(home)
    file = home / TOKEN_FILE.lstrip("/")
    file.parent.mkdir(parents=True)
    for text, there in (("word", True), ("other", False), ("", False)):
        file.write_text(text)
        assert in_lab(home) is there
    monkeypatch.setenv(TOKEN_NAME, "")
    assert not in_lab(home)
    monkeypatch.delenv(TOKEN_NAME)
    file.write_text("word")
    assert not in_lab(home)


def test_addresses_and_an_old_variable_make_no_lab(monkeypatch):
    """A TUN client has addresses of RFC 2544 as the lab's has: pauses stay as they are."""
    monkeypatch.setenv("HUSHMAP_LAB", "1")
    with pytest.raises(Fault, match="--scale is for the lab only"):
        look_around(Wishes(scale=5.0), Settings(), Host(sources=("198.18.0.1",)))


def test_a_fetched_database_tells_the_network(tmp_path):
    """The database on the shelf is used unless the settings name another."""
    for name, asn in (("shelf", 64501), ("other", 64502)):
        writer = MMDBWriter(ip_version=4, database_type="test")
        writer.insert_network(IPSet(["192.0.2.0/24"]), {"asn": asn})
        writer.to_db_file(str(tmp_path / name))
    store("asn", "asn.mmdb", (tmp_path / "shelf").read_bytes(), source="", licence="", when="", rows=1)
    assert look_around(Wishes(), Settings()).vantage.asn == 64501
    assert look_around(Wishes(), Settings(mmdb=str(tmp_path / "other"))).vantage.asn == 64502


def test_a_helper_of_oonis_kind_is_a_word_or_a_url():
    """It is no secret, and is shown again as it was typed; our own is not."""
    assert helper_spec("ooni") == OoniSpec(url="https://0.th.ooni.org/")
    assert helper_spec("https://helper.example") == OoniSpec(url="https://helper.example/")
    with pytest.raises(Fault, match="give ooni"):
        helper_spec("https://")
    assert helper_words(None) == ()
    assert helper_words(HELPER) == ("--helper", "…")
    assert helper_words(" ooni ") == ("--helper", "ooni")
