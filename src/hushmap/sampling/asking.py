"""What a method asks about a text, made of spans of it, and how its parts hand questions up and answers down.

A method is written as generators that yield a question and are sent whether it was hit: what is to be done next then
stands where it is done, and the state of the whole is a function of the answers, so that a journal can replay it.
"""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

import msgspec

from hushmap.sampling.deciding import Deciding

Span: TypeAlias = tuple[int, int]
"""From the first unit of a text up to, not including, the second."""


class Question(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A text to be made of the text and sent: is it hit?"""

    parts: tuple[Span, ...]
    """Spans in this order, with the separator of the place between two of them."""
    masked: tuple[Span, ...] = ()
    """Units of the text that are harmless filler of the same length wherever they occur in `parts`; may overlap."""
    carrier: bool = False
    """Inside a harmless text that was not used before; without parts that text alone."""


T = TypeVar("T")
Flow: TypeAlias = Generator[Question, bool, T]


class Settled(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A question that was asked until it was decided."""

    hit: bool
    hits: int
    asked: int


def settle(question: Question, test: Deciding) -> Flow[Settled]:
    """Ask one question until it is decided."""
    while (hit := test.decided) is None:
        test.tell((yield question))
    return Settled(hit=hit, hits=test.hits, asked=test.asked)


def swapped(flow: Flow[T], given: tuple[Span, ...], masked: tuple[Span, ...] = ()) -> Flow[T]:
    """A method with the roles of hit and harmless swapped: what must be there beside `given` so that it passes?"""
    try:
        question = next(flow)
        while True:
            hit = yield Question(parts=given + question.parts, masked=masked, carrier=question.carrier)
            question = flow.send(not hit)
    except StopIteration as end:
        value: T = end.value
        return value
