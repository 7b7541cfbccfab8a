"""Token buckets under a clock that a test moves."""

from hushmap.servers import rate
from hushmap.servers.rate import Bucket, Buckets, source_of


class Hand:
    """A clock in the test's hand."""

    t = 0.0

    def now(self):
        return self.t


def test_a_source_is_a_line_and_not_each_of_its_addresses():
    """IPv4 by the address, however it is written; IPv6 by its /64; nobody is nobody."""
    assert source_of(("192.0.2.7", 5)) == source_of(("::ffff:192.0.2.7", 5, 0, 0)) == "192.0.2.7"
    assert source_of(("2001:db8::1", 5, 0, 0)) == source_of(("2001:db8::2%eth0", 6, 0, 0)) == "2001:db8::/64"
    assert source_of(("2001:db8:0:1::1", 5)) != source_of(("2001:db8::1", 5))
    assert source_of(None) == source_of(()) == ""


def test_a_bucket_empties_and_fills_at_its_rate():
    """A burst at once, then as fast as the rate; never above the burst."""
    clock = Hand()
    bucket = Bucket(2.0, 3.0, clock)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    clock.t = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    clock.t = 100.0
    assert not bucket.take(4)
    assert bucket.take(3)


def test_each_source_has_its_own(monkeypatch):
    """One source's haste does not cost another, and memory is bounded."""
    monkeypatch.setattr(rate, "_REMEMBERED", 2)
    buckets = Buckets(0.0, 1.0, Hand())
    assert [buckets.take("a"), buckets.take("a"), buckets.take("b")] == [True, False, True]
    assert buckets.take("c")
    assert not buckets.take("c")
    assert len(buckets._buckets) == 2
