"""The shapes of the world, and the events."""

import inspect

import msgspec

from hushmap.net import Clock, Net
from hushmap.runner import Ended, Notice, ports
from hushmap.runs import RunFolder


def _methods(protocol) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_the_real_rooms_have_the_shapes_that_the_loop_needs():
    """Net, Clock and RunFolder have every method of their protocol, with its parameters."""
    for protocol, real in (
        (ports.Net, Net),
        (ports.Clock, Clock),
        (ports.Folder, RunFolder),
        (ports.Sealing, RunFolder),
    ):
        for name in _methods(protocol):
            assert hasattr(real, name), f"{real.__name__} has no {name}"
            if isinstance(vars(protocol)[name], property):
                continue
            wanted = list(inspect.signature(vars(protocol)[name]).parameters)
            assert list(inspect.signature(getattr(real, name)).parameters) == wanted


def test_events_name_themselves():
    """An event's JSON says which it is (UX 5: event = start, target, notice, end)."""
    assert msgspec.json.decode(msgspec.json.encode(Notice(t=1.0, code="slowed", text="x")))["event"] == "notice"
    assert msgspec.json.decode(msgspec.json.encode(Ended(code=0, reason="done")))["event"] == "end"
    tags = {kind.__struct_config__.tag for kind in ports.Event.__args__}
    assert tags == {"start", "target", "notice", "progress", "end"}
