"""What `sni` and `keyword` share: one thing, sent in one place to one server; pairs if it is hit.

Where we own an address it is the server, since nobody else is then contacted and nobody else's name can be to blame.
"""

from collections.abc import Iterator

from hushmap.detect import Doubt, Reaction, other_client, proxied, reaction, read_tests
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.pairing import Pairing
from hushmap.model import Ask, Layer, Target, Trial
from hushmap.sampling import Decision

MAX_REPEATS = 3
"""Attempts that say nothing (the connection before the name failed) before the question is given up."""

CANARY_PASSES = 3
"""Of a canary, on which hangs what every word of its place may say: filters miss some (refs/STATISTICS 0: up to a
quarter), and one in four thrice in a row is one in sixty."""


class Sending(Conversation):
    """One attempt; if it is hit, pairs until the test is decided."""

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        self._pairing = Pairing(self)

    def subject(self) -> tuple[Ask, str] | None:
        """What is sent, and the change that its twin makes; `None` where it cannot be asked (yet)."""
        raise NotImplementedError

    def before(self) -> Iterator[Want]:
        """What must be known before the subject can be built."""
        return iter(())

    def wanted(self) -> Iterator[Want]:
        """The survey's attempt, repeats of silent ones, then pairs."""
        yield from self.before()
        built = self.subject()
        if built is None:
            return
        ask, changed = built
        made = [trial for trial in self.counted if trial.ask == ask and trial.pair is None]
        said = [self.says(trial) for trial in made]
        if Reaction.HIT in said:
            if not self._decided(ask) and not proxied(self.counted, self.context):
                yield from self._pairing.wants(Doubt(changed=changed, subject=ask))
            elif changed == "sni" and self.conditions.browser:
                yield from self._other_client(ask)
        elif said.count(Reaction.PASSED) < self._passes and len(made) <= MAX_REPEATS:
            words = changed if ask.layer is Layer.RAW else None  # bytes that are words, and no service's own
            yield Want(ask=ask, role=self.role, round=len(made), changed=words)

    def _other_client(self, ask: Ask) -> Iterator[Want]:
        """The name that is cut once more with a hello like a browser's (METHOD 3)."""
        tests = read_tests(self.counted, self.context, self.conditions.knowledge)
        cut = (test for test in tests if test.subject == ask and test.decision is Decision.INTERFERED)
        for test in cut:
            other = other_client(test, tests, self.counted, self.context, self.conditions.knowledge)
            if not other.settled:
                yield from self._pairing.wants(Doubt(changed="sni", subject=other.subject))

    @property
    def _passes(self) -> int:
        """After how many attempts that passed it is not tried again."""
        return CANARY_PASSES if self.target.canary else 1

    def says(self, trial: Trial) -> Reaction:
        """What one attempt says."""
        return reaction(trial, self.conditions.knowledge, self.context)

    def _decided(self, ask: Ask) -> bool:
        tests = read_tests(self.counted, self.context, self.conditions.knowledge)
        return any(test.subject == ask and test.decision in {Decision.INTERFERED, Decision.CLEAN} for test in tests)
