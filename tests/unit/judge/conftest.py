"""Records to judge: ours as a run sealed them, and a foreign one as OONI publishes it."""

import pytest

from hushmap.codec import encode_record
from hushmap.model import Place, Target
from hushmap.runs import inputs
from unit.judge import foreign
from unit.runner.fakes import HELPER, World, carry, plan_of, sites

WORD = {"experiment": "keyword", "place": Place.HTTP_PATH, "category": "NEWS"}


@pytest.fixture(scope="session")
def records():
    """Sealed records: a reachable site, a blocked one, a canary and a word that were cut off."""
    world = World()
    world.cut_names.add("b.example")
    world.cut_words.add("weather")
    targets = (
        *sites("a.example", "b.example"),
        Target(text="weather", canary=True, **WORD),
        Target(text="peace", **WORD),
    )
    folder = carry(plan_of(*targets, helper=HELPER), world).folder
    return {record.target: record for record in folder.records()}


@pytest.fixture
def lines(records):
    """The records' lines."""
    return {target: encode_record(record) for target, record in records.items()}


@pytest.fixture
def measurement():
    """Make one line of OONI's."""
    return foreign.measurement


@pytest.fixture
def file(tmp_path):
    """Write a file and open it as an input."""

    def written(data, name="x.jsonl"):
        (tmp_path / name).write_bytes(data)
        return next(inputs(tmp_path / name))

    return written
