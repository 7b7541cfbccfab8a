"""A database of networks is used only if it tells what it is wanted for."""

import re

import maxminddb
import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from hushmap.runner import VantageError, database, open_database


def _written(path, rows):
    writer = MMDBWriter(ip_version=4, database_type="test")
    for network, row in rows.items():
        writer.insert_network(IPSet([network]), row)
    writer.to_db_file(str(path))
    return path


def test_what_it_holds_is_counted(tmp_path):
    """Type, time of making, rows, and how many tell an AS number or a country."""
    rows = {
        "192.0.2.0/24": {"autonomous_system_number": 64501, "country": {"iso_code": "XE"}},
        "198.51.100.0/24": {"asn": "AS64502"},
        "203.0.113.0/24": {"city": "Example"},
    }
    found = open_database(_written(tmp_path / "a.mmdb", rows))
    assert (found.type, found.rows, found.asns, found.countries) == ("test", 3, 2, 1)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.built)


def test_a_file_that_tells_nothing_useful_is_refused(tmp_path):
    """Cities alone are no networks."""
    path = _written(tmp_path / "a.mmdb", {"192.0.2.0/24": {"city": "Example"}})
    with pytest.raises(VantageError, match="its 1 rows tell neither AS numbers nor countries; give a database of AS"):
        open_database(path)


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    """No file, no database, and one that was cut short."""
    broken = _written(tmp_path / "a.mmdb", {"192.0.2.0/24": {"asn": 64501}})
    broken.write_bytes(broken.read_bytes()[:-60])
    (tmp_path / "b.mmdb").write_bytes(b"not a database")
    for name in ("a.mmdb", "b.mmdb", "absent.mmdb"):
        with pytest.raises(VantageError, match=rf"{name}: .*; give a file of the kind that ends in \.mmdb"):
            open_database(tmp_path / name)


def test_a_lookup_must_give_what_the_list_gives(tmp_path, monkeypatch):
    """A tree that leads elsewhere is no database."""
    path = _written(tmp_path / "a.mmdb", {"192.0.2.0/24": {"asn": 64501}})
    whole = maxminddb.open_database

    class Odd:
        def __init__(self, path):
            self.inner = whole(path)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.inner.close()

        def __iter__(self):
            return iter(self.inner)

        def metadata(self):
            return self.inner.metadata()

        def get(self, address):
            return None

    monkeypatch.setattr(database.maxminddb, "open_database", Odd)
    with pytest.raises(VantageError, match="a lookup gives another row"):
        open_database(path)
