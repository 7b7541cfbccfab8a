"""Changes of the client's network, with a kernel that only writes them down; real ones are shown in tests/lab."""

import pytest

from hushmap.lab import changes as module
from hushmap.lab.addresses import HONEST_RESOLVER
from hushmap.lab.changes import MOVED_RESOLVER, Changes, packets_sent
from hushmap.lab.scenario_client import Change


@pytest.fixture
def done(monkeypatch):
    """What was asked of the kernel."""
    asked = []

    class Line:
        def __getattr__(self, name):
            return lambda *args, **more: asked.append((name, *args, *more))

    monkeypatch.setattr(module.netlink, "Netlink", Line)
    monkeypatch.setattr(module.tunnel, "join", lambda: asked.append(("tunnel",)))
    monkeypatch.setattr(module.private, "use_resolver", lambda address: asked.append(("resolver", address)))
    return asked


class World:
    """A clock and a packet counter."""

    time, sent = 100.0, 0

    def changes(self, *changes):
        """The changes under this clock."""
        return Changes(changes, sent=lambda: self.sent, now=lambda: self.time)


def test_time_counts_from_the_clients_first_packet(done):
    """Before it nothing happens, however long it takes; after it each change once, in its order."""
    world = World()
    made = world.changes(Change(at_s=5.0, kind="vpn"), Change(at_s=2.0, kind="moved"))
    made.tick()
    world.time = 200.0
    made.tick()
    assert done == []
    world.sent = 1
    made.tick()
    world.time = 202.0
    made.tick()
    assert ("resolver", MOVED_RESOLVER) in done
    assert ("tunnel",) not in done
    world.time = 300.0
    made.tick()
    made.tick()
    assert done.count(("tunnel",)) == 1
    assert done.count(("resolver", HONEST_RESOLVER)) == 1


def test_a_lost_network_has_no_route_left(done):
    """Both families lose their default route."""
    world = World()
    world.sent = 1
    world.changes(Change(at_s=0.0, kind="lost")).tick()
    assert [name for name, *_ in done] == ["cut", "cut", "close"]


def test_the_kernels_counter_is_read(tmp_path):
    """Ip: OutRequests by its name; a file that is not there, or is odd, says none."""
    file = tmp_path / "snmp"
    file.write_text("Ip: Forwarding OutRequests\nIp: 1 42\nTcp: A\nTcp: 1\n")
    assert packets_sent(file) == 42
    file.write_text("nothing\n")
    assert packets_sent(file) == packets_sent(tmp_path / "none") == 0
