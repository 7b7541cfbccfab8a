"""What is one tester's burst."""

import ibis
import pyarrow as pa

from bursts import frame, row
from hushmap.analysis.sessions import SESSION, with_sessions


def _bursts(rows, within=("target",)):
    table = ibis.memtable(pa.Table.from_pandas(frame(rows).assign(at=range(len(rows))), preserve_index=False))
    typed = table.mutate(session=table["session"].cast("string"))
    found = with_sessions(typed, within).order_by("at").to_pyarrow().to_pylist()
    return [tuple(one[name] for name in (*within, *SESSION)) for one in found]


def test_ten_minutes():
    """Ten minutes without a measurement are still one burst, a second more is not."""
    first, second, third = _bursts([row(0), row(10), row(20 + 1 / 60)])
    assert first == second != third


def test_one_second():
    """Measurements of one second are in one burst, however many they are."""
    rows = [row(0, record=f"r{i}") for i in range(20)] + [row(30, record=f"s{i}") for i in range(20)]
    found = _bursts(rows)
    assert len(set(found[:20])) == len(set(found[20:])) == 1
    assert found[0] != found[20]


def test_lines():
    """Two lines are two bursts at the same minute; where no network is known, two runs are."""
    lines = [row(session="a"), row(session="b"), row(session=None, run="1"), row(session=None, run="2")]
    assert len(set(_bursts(lines))) == 4


def test_within():
    """What differs in a column that is asked about is never one burst; what is not asked about may differ."""
    rows = [row(target="https://a.example/"), row(target="https://b.example/")]
    assert len(set(_bursts(rows))) == 2
    assert len(set(_bursts(rows, within=("country",)))) == 1


def test_cut():
    """A burst without an end is cut after each hour."""
    found = _bursts([row(5 * i) for i in range(25)])
    assert [found.index(one) for one in dict.fromkeys(found)] == [0, 12, 24]
