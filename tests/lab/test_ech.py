"""Hidden names by real packets: two by two at one server, what a censor of them cuts and what passes beside it."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from hushmap.lab import load_scenario
from hushmap.model import Ask, Failure, Layer
from hushmap.net import Outcome, has_browser_hello

HERE = Path(__file__).parent
ECH = load_scenario("censors-ech").quiet()
SERVER = "198.51.100.28"
HELLOS = (None, "browser-plain", "browser", "browser-ech")
ENDS = {
    "outer-name.example": Failure.TIMEOUT,
    "hidden-reset.example": Failure.RESET,
    "hidden-closed.example": Failure.EOF,
    "hidden-alerted.example": Failure.TLS_ALERT,
}
"""How a hello that hides a name beside this one ends."""

pytestmark = pytest.mark.skipif(not has_browser_hello(), reason="the extra utls is not installed")


def met(lab, *names):
    """How a handshake with each name ended, with each hello in turn: those that hide nothing first."""
    asks = [
        Ask(layer=Layer.TLS, address=SERVER, port=443, sni=name, verify=False, hello=hello)
        for hello in HELLOS
        for name in names
    ]
    ended = {}
    for some in (asks[: 2 * len(names)], asks[2 * len(names) :]):
        client = lab.client(
            [sys.executable, str(HERE / "net_asker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        out, _ = client.communicate(msgspec.json.encode(some), timeout=40)
        assert client.returncode == 0
        for ask, outcome in zip(some, msgspec.json.decode(out, type=list[Outcome]), strict=True):
            ended.setdefault(ask.sni, []).append(outcome.steps[-1].failure)
    return ended


def test_what_hides_a_name_is_cut_beside_one_name_and_passes_beside_another(lab_of):
    """Without the extension all pass; with it, decoy or real one, those that a rule names are cut as it cuts them."""
    innocent = "beside-outer-name.example"
    with lab_of(ECH) as lab:
        ended = met(lab, *ENDS, innocent, "named-anyway.example")
        truth = {(event.kind, event.what) for event in lab.truth()}
    for name, how in ENDS.items():
        assert ended[name] == [None, None, how, how], name
    assert ended[innocent] == [None] * 4, "the control, at the same server at the same time"
    assert ended["named-anyway.example"] == [Failure.TIMEOUT] * 4, "hidden name or none"
    assert truth == {
        ("ech-drop", "outer-name.example"),
        ("ech-reset", "hidden-reset.example"),
        ("ech-close", "hidden-closed.example"),
        ("ech-alert", "hidden-alerted.example"),
        ("sni-drop", "named-anyway.example"),
    }


def test_the_uncensored_twin_lets_all_pass(lab_of):
    """A server that cannot read a hidden name answers by the outer one."""
    with lab_of(ECH.uncensored()) as lab:
        ended = met(lab, *ENDS, "named-anyway.example")
        assert lab.truth() == []
    assert set(map(tuple, ended.values())) == {(None,) * 4}
