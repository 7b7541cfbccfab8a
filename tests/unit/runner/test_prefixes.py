"""The prefixes of a record's addresses, frozen with it."""

from mmdb_writer import MMDBWriter
from netaddr import IPSet

from hushmap.model import Ask, Hop, Layer, Trial
from hushmap.runner.prefixes import followed, prefixes_of


def _trial(number, *, ttl=None, steps=()):
    return Trial(id=number, ask=Ask(layer=Layer.TCP, address="198.51.100.7", port=443, ttl=ttl), steps=steps)


def _hop(router):
    return Hop(t0=0.0, t=0.1, address="198.51.100.7", port=443, ttl=3, router=router)


def test_addresses_are_looked_up_where_packets_were_followed():
    """The target's and those of routers, each once; a record without small TTLs needs none."""
    assert followed([_trial(1)]) == ()
    trials = [_trial(1), _trial(2, ttl=3, steps=(_hop("192.0.2.3"),)), _trial(3, ttl=4, steps=(_hop(None),))]
    assert followed([*trials, _trial(4, ttl=5)]) == ("198.51.100.7", "192.0.2.3")


def test_rows_are_prefixes_with_their_number(tmp_path):
    """One row for each prefix; an address that the table does not know has none."""
    path = tmp_path / "asn.mmdb"
    writer = MMDBWriter(ip_version=4, database_type="test")
    writer.insert_network(IPSet(["198.51.100.0/24"]), {"autonomous_system_number": 64510})
    writer.insert_network(IPSet(["192.0.2.0/25"]), {"city": "Example"})
    writer.to_db_file(str(path))
    addresses = ("198.51.100.7", "198.51.100.8", "192.0.2.3", "203.0.113.1")
    assert prefixes_of(path, addresses) == (("198.51.100.0/24", 64510),)


def test_a_table_that_has_gone_knows_nothing(tmp_path):
    """The run ends as it would without one."""
    assert prefixes_of(tmp_path / "absent.mmdb", ("198.51.100.7",)) == ()
