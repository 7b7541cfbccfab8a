"""Inputs become rows where they are judged."""

import msgspec

from hushmap.archive.making import Gathering, made
from hushmap.codec import encode_record, read_ooni
from hushmap.judge import Kept, Origin, tasks
from hushmap.runs import inputs
from unit.archive.kept import KNOWLEDGE, line


def _made(path, **more):
    return [*made(tasks(next(inputs(path)), Origin("x", label="g")), KNOWLEDGE, **more)]


def test_rows_come_with_the_counts(file):
    """What was read, judged and made into rows is one pass; what cannot be read is a reject."""
    (one,) = _made(file("x.jsonl", line("a.example"), b"{\n", line("b.example", test="tor")))
    assert {name: len(batch) for name, batch in one.tables.items()} == {"records": 2, "steps": 6, "verdicts": 1}
    assert (one.batch.counters.read, one.batch.counters.rejects, one.twice) == (3, 1, 0)
    assert one.tables["records"]["source"].to_pylist() == ["x:1", "x:3"]
    assert one.tables["records"]["label"].to_pylist() == ["g", "g"]


def test_many_processes_make_the_same(file):
    """The bytes are those of one process, in the same order."""
    path = file("x.jsonl", *(line(f"{number}.example") for number in range(40)))
    one, many = _made(path), _made(path, jobs=2)
    assert [part.tables for part in one] == [part.tables for part in many]


def test_steps_are_left_out_where_nobody_asks(file):
    """They are most of the rows."""
    (one,) = _made(file("x.jsonl", line()), steps=False)
    assert set(one.tables) == {"records", "verdicts"}


def test_a_record_that_comes_twice_has_its_rows_once(file):
    """Counted, and told."""
    (one,) = _made(file("x.jsonl", line(), line(), line("b.example")))
    assert one.tables["records"]["record"].to_pylist() == ["21-a.example", "21-b.example"]
    assert one.twice == 1


def test_what_fits_into_no_table_is_set_aside_alone(file, records):
    """A time that is none harms no other record, here or in a worker."""
    first, odd, last = [*records.values()][:3]
    odd = msgspec.structs.replace(odd, started="soon")
    (one,) = _made(file("x.jsonl", *map(encode_record, (first, odd, last))))
    assert one.tables["records"]["record"].to_pylist() == [first.id, last.id]
    assert [reject.source for reject in one.batch.rejects] == ["x:2"]
    assert one.batch.rejects[0].error.startswith("holds what no table can: ")
    assert one.batch.counters.rejects == 1


def test_nothing_comes_to_nothing():
    """A task of rejects alone has no rows."""
    assert Gathering(Origin("x")).done()[1] == []
    gathering = Gathering(Origin("x"))
    gathering.add(Kept("x", "x:1", read_ooni(line())))
    assert gathering.done() != Gathering(Origin("x")).done()
