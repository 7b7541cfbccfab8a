"""Tests of hushmap.model.step."""

import msgspec

from hushmap.model import Answer, Connect, Failure, Resolve, Step


def test_a_lookup_is_worth_its_first_answer():
    """What a program here would have used; without an answer, nothing."""
    step = Resolve(
        t0=0, t=1, resolver="system", name="n", qtype="A",
        answers=(Answer(t=1, addresses=("198.51.100.7",)), Answer(t=2, addresses=("198.51.100.8",))),
    )  # fmt: skip
    assert step.addresses == ("198.51.100.7",)
    assert Resolve(t0=0, t=1, resolver="system", name="n", qtype="A", failure=Failure.TIMEOUT).addresses == ()


def test_a_steps_kind_is_written_beside_it():
    """So that a reader knows which of them it reads."""
    step = Connect(t0=0, t=1, address="198.51.100.7", port=443)
    line = msgspec.json.encode(step)
    assert b'"step":"connect"' in line
    assert msgspec.json.decode(line, type=Step) == step
