"""What is wrong, and what waits."""

import msgspec
import pytest

from hushmap.lab.scoring_faults import waiting, wrongs
from scored import FINE, HIT, but, result


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (but(FINE, said="blocked"), "false alarm"),
        (but(FINE, said="blocked", acts=2), "acted on, though called innocent"),
        (but(HIT, said="ok", mechanisms=(), scope=None), "untrue ok"),
        (but(HIT, said="insufficient", mechanisms=(), scope=None), "outcome"),
        (but(HIT, mechanisms=("tls.reset",)), "mechanism"),
        (but(HIT, scope="ipv4"), "scope"),
    ],
)
def test_a_wrong_row_is_of_one_kind(row, kind):
    """The worst that holds."""
    (found,) = wrongs([result(FINE, row, HIT)])
    assert (found.kind, found.row, found.lab) == (kind, row, "x clean seed 1")


def test_the_worst_stands_first_and_a_broken_lab_is_wrong_as_a_whole():
    """Each says how to see it alone; what waits for an experiment is not wrong."""
    rows = (but(HIT, scope="ipv4"), but(FINE, said="blocked"), but(HIT, said="ok", needs="quic"))
    found = wrongs([result(error="it hangs"), result(*rows)])
    assert [one.kind for one in found] == ["false alarm", "broke", "scope"]
    assert found[1].again == "hushmap lab score --cell 'x clean seed 1' -o DIR"
    assert wrongs([result(FINE, HIT)]) == []


def test_what_waits_is_told_with_what_was_said_meanwhile():
    """By experiment, as one object of plain values."""
    some = (but(HIT, needs="quic", said="ok"), but(HIT, needs="quic", said=None), but(HIT, needs="ech"))
    ech, quic = waiting([result(*some, FINE), result()])
    assert msgspec.to_builtins(quic) == {
        "experiment": "quic", "mechanisms": ("tls.reset.sni",), "targets": 2, "said": {"nothing": 1, "ok": 1},
    }  # fmt: skip
    assert ech.targets == 1
