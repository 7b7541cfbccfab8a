"""What `search` and `watch` share: pages of a platform, asked for by name, and again at growing gaps.

What the network or the server did not let through is asked for again soon, what a captcha stood before after a while;
neither says anything of the platform (refs/KEYWORDS 2.2, 2.6).
"""

from collections.abc import Callable, Iterator

import msgspec

from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.survey import visitable
from hushmap.model import Ask, Attempt, Layer, Trial

GAP, SLOWER = 3.0, 2.0
"""Seconds before a page that was not read is asked for again, and by how much each further gap is longer."""
WALL_GAP = 90.0
"""The same after a captcha: longer than the minute in which visitors are often counted. own knowledge, unchecked."""
LONGEST_GAP = 300.0


class Visiting(Conversation):
    """The base of inquiries that read pages of a platform."""

    tries = 1
    """Page loads for one want, at most."""

    def walled(self, trial: Trial) -> bool:
        """Whether a captcha stood before the page."""
        raise NotImplementedError

    def lookup(self, host: str) -> Ask:
        """Where is the platform?"""
        qtype = "A+AAAA" if self.conditions.ipv6 else "A"
        return Ask(layer=Layer.DNS, name=host, qtype=qtype, resolver=self.conditions.resolvers[0])

    def places(self, trial: Trial) -> list[str]:
        """Where the platform may be asked, IPv4 first."""
        found = [address for step in trial.resolves for address in step.addresses]
        kept = [address for address in found if visitable(address, ipv6=self.conditions.ipv6)]
        return sorted(kept, key=lambda address: ":" in address)

    def until(self, first: Want, says: Callable[[Trial], bool]) -> Iterator[Want]:
        """A want, and again at growing gaps while what came of it says nothing."""
        rounds = range(first.round, first.round + self.tries)
        made = [
            trial
            for trial in self.counted
            if trial.ask == first.ask and trial.changed == first.changed and trial.round in rounds
        ]
        if any(map(says, made)) or len(made) == self.tries:
            return
        due = first.not_before
        if made:
            gap = (WALL_GAP if self.walled(made[-1]) else GAP) * SLOWER ** (len(made) - 1)
            due = made[-1].t + min(gap, LONGEST_GAP) / self.conditions.scale
        want = msgspec.structs.replace(first, round=first.round + len(made), not_before=due)
        if not self._over(want):
            yield want

    def _contact(self, attempt: Want | Attempt) -> str | None:  # noqa: ARG002  the base's signature
        """A platform's own name tells nobody what is asked for there: visits have the plan's limit."""
        return None
