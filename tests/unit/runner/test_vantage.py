"""Where a run is carried out, and how that is known."""

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from hushmap.runner import VantageError, find_vantage


@pytest.fixture
def mmdb(tmp_path):
    """A small database of an invented network."""
    writer = MMDBWriter(ip_version=4, database_type="test")
    writer.insert_network(
        IPSet(["192.0.2.0/24"]),
        {"autonomous_system_number": 64501, "autonomous_system_organization": "Net-A", "country": {"iso_code": "XE"}},
    )
    writer.insert_network(IPSet(["198.51.100.0/24"]), {"asn": "AS64502", "as_name": "Net-B", "country_code": "XF"})
    writer.insert_network(IPSet(["203.0.113.0/24"]), {"asn": "unknown", "country": 7, "as_name": ""})
    path = tmp_path / "net.mmdb"
    writer.to_db_file(str(path))
    return path


def test_nothing_is_known_unless_it_is_said():
    """Without a word and without a database every field is unknown."""
    vantage = find_vantage()
    assert vantage.known == {}
    assert (vantage.asn, vantage.network, vantage.country) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "asn", "name"),
    [
        ("AS64501 Net-A", 64501, "Net-A"),
        ("as64501", 64501, None),
        ("Net-A", None, "Net-A"),
        ("Assembly Net", None, "Assembly Net"),
        ("  ", None, None),
    ],
)
def test_a_network_is_declared_as_people_write_it(text, asn, name):
    """AS number, name or both."""
    vantage = find_vantage(network=text, country="xe", kind="home", locality="the north", resolver="192.0.2.53")
    assert (vantage.asn, vantage.network, vantage.country) == (asn, name, "XE")
    assert set(vantage.known.values()) == {"declared"}
    assert vantage.known["kind"] == "declared"


def test_a_database_tells_what_was_not_declared(mmdb):
    """Looked up by this line's address; both common layouts are read; the resolver's AS beside."""
    vantage = find_vantage(mmdb=mmdb, address="192.0.2.7", resolver_address="198.51.100.53")
    assert (vantage.asn, vantage.network, vantage.country, vantage.resolver_asn) == (64501, "Net-A", "XE", 64502)
    assert set(vantage.known.values()) == {"looked_up"}
    other = find_vantage(mmdb=mmdb, address="198.51.100.1")
    assert (other.asn, other.network, other.country) == (64502, "Net-B", "XF")


def test_what_is_declared_wins(mmdb):
    """A declared field is not looked up; the name of another AS than the declared one is not taken."""
    vantage = find_vantage(network="AS64509", mmdb=mmdb, address="192.0.2.7")
    assert (vantage.asn, vantage.network, vantage.country) == (64509, None, "XE")
    assert vantage.known == {"asn": "declared", "country": "looked_up"}
    same = find_vantage(network="AS64501", mmdb=mmdb, address="192.0.2.7")
    assert same.network == "Net-A"


@pytest.mark.parametrize("address", [None, "203.0.113.1", "100.64.0.1"])
def test_what_the_database_lacks_stays_unknown(mmdb, address):
    """No address, a row without facts, no row: unknown."""
    assert find_vantage(mmdb=mmdb, address=address).known == {}


def test_a_fault_is_one_line_with_a_remedy(tmp_path):
    """A wrong country, an impossible AS number, a file that is no database."""
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"not a database")
    for wrong in (
        {"country": "Exampleland"},
        {"network": "AS9999999999"},
        {"mmdb": broken},
        {"mmdb": tmp_path / "absent.mmdb"},
    ):
        with pytest.raises(VantageError) as caught:
            find_vantage(**wrong)
        assert "\n" not in str(caught.value)
        assert "--" in str(caught.value)
