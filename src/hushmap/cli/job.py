"""A run that may start, and what it holds until it has ended."""

import os
from collections.abc import Iterator

import msgspec

from hushmap.cli.finishing import verdict_line
from hushmap.cli.place import Place
from hushmap.judge import Judged, judge_one
from hushmap.model import Record
from hushmap.net import Clock, Net
from hushmap.runner import RunPlan
from hushmap.runs import Repeats, RunFolder


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What ties a run to others: its manifest says so."""

    series: str = ""
    cycle: int = 0
    repeats: Repeats | None = None


class Job:
    """A run that may start."""

    def __init__(
        self, plan: RunPlan, folder: RunFolder, clock: Clock, net: Net, place: Place, again: tuple[str, ...] = ()
    ) -> None:
        self.plan, self.folder, self.clock, self.net, self.place = plan, folder, clock, net, place
        self.again = again
        """Options that have to be typed again to go on with it."""
        self.repeated: tuple[str, ...] = ()
        """What has to be typed to ask the same again; empty for a cycle of a series, which is repeated anyway."""
        self.held: int | None = None
        """The lock on the question and the network, where this run took it."""

    def close(self) -> None:
        """Close sockets and files, and give back what is held; a second call does nothing."""
        self.net.close()
        self.folder.close()
        if self.held is not None:
            os.close(self.held)
            self.held = None

    def judge(self, record: Record) -> Judged:
        """What a sealed record shows."""
        return judge_one(record, self.plan.knowledge)

    def judged_before(self) -> Iterator[Judged]:
        """What earlier processes of this run have sealed."""
        return (self.judge(record) for record in self.folder.records() if isinstance(record, Record))

    def judge_and_keep(self, record: Record) -> Judged:
        """The same, and the verdict on the disk: a killed run has those of all that it sealed."""
        found = self.judge(record)
        self.folder.append_verdict(verdict_line(found))
        return found
