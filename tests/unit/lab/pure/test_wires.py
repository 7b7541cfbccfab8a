"""The measuring room's shape: asks here and at the helper, and what cannot be asked."""

from hushmap.lab.pure.wires import EPOCH
from hushmap.model import Ask, Failure, Layer, Side

PAGE = Ask(
    layer=Layer.HTTP, address="198.51.100.20", port=443, url="https://news-one.example/", sni="news-one.example"
)  # fmt: skip


def test_a_helper_carries_out_asks_and_tells_the_time(in_world):
    """By packets over the path, on the run's clock."""

    async def work(world):
        await world.clock.sleep(10)
        watch = await world.wires.watch_helper()
        outcome = await world.wires.ask(PAGE, Side.HELPER)
        return watch, outcome.steps, world.wires.clock_offset, world.clock

    watch, steps, offset, clock = in_world(work)
    assert watch.reached
    assert [step.failure for step in steps] == [None, None, None]
    assert 10 < steps[0].t0 < 11
    assert abs(offset) < 1
    assert clock.wall() > EPOCH
    assert clock.iso(1.0) == "2026-01-01T00:00:01Z"


def test_a_helper_that_is_down_blocked_or_far_is_silent(in_world):
    """An ask of it stays undone."""

    async def work(world):
        watch = await world.wires.watch_helper()
        return watch.reached, (await world.wires.ask(PAGE, Side.HELPER)).undone

    for state in ("down", "blocked"):
        assert in_world(work, f'[helper]\nstate = "{state}"') == (False, "helper_silent")
    cut = '[[censor]]\nkind = "sni-reset"\nnames = ["."]\n[[censor]]\nkind = "address-reset"\n'
    assert in_world(work, sites=cut + 'addresses = ["203.0.113.10"]\n') == (False, "helper_silent")
    late = '[[censor]]\nkind = "address-freeze"\naddresses = ["203.0.113.10"]\nafter_kb = [1.0, 1.0]\n'
    assert in_world(work, sites=late) == (False, "helper_silent")


def test_a_helper_refuses_what_is_not_public(in_world):
    """METHOD 5: it is no way into a network."""

    async def work(world):
        return (await world.wires.ask(Ask(layer=Layer.TCP, address="10.0.0.1", port=443), Side.HELPER)).undone

    assert in_world(work) == "helper_refused:address"


def test_what_no_request_can_hold_is_a_bad_ask(in_world):
    """As in the tool's own room."""

    async def work(world):
        return (await world.wires.ask(Ask(layer=Layer.HTTP, address="198.51.100.20", url="no url"))).undone

    assert in_world(work) == "bad_ask"


def test_a_refused_certificate_ends_the_ask(in_world):
    """No fetch follows."""

    async def work(world):
        ask = Ask(layer=Layer.HTTP, address="198.51.100.20", url="https://other.example/", sni="other.example")
        return (await world.wires.ask(ask)).steps

    assert [step.failure for step in in_world(work)] == [None, Failure.INVALID_HOSTNAME]
