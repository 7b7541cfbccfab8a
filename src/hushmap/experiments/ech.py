"""The `ech` experiment: is a hello cut because it hides a name in itself, and is that so beside any outer name?

All goes to the helper's echo, which cannot read what is hidden and answers by the outer name, as such a server must:
the hello with a browser's decoy; if that passes, with a real encrypted one; if one is cut, pairs with the same hello
without the extension, then the same question with a harmless outer name (refs/BEYOND 2.8: two by two). One kind of
client throughout, so that nothing else differs.
"""

from collections.abc import Iterator

from hushmap.detect import ARMS, PLAIN, Doubt, Hiding, Reaction, ech_doubt, without_ech
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.pairing import Pairing
from hushmap.experiments.sending import MAX_REPEATS
from hushmap.model import Ask, Layer, Target
from hushmap.wire import names


class Ech(Conversation):
    """One outer name."""

    experiment = "ech"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        self._pairing = Pairing(self)

    def wanted(self) -> Iterator[Want]:
        """The decoy, then the real one; what was hit is asked about in pairs before anything else."""
        if self.conditions.helper_address is None or self.conditions.echo_tls is None:
            return
        seen = Hiding(self.record(), self.conditions.knowledge)
        for hello in ARMS:
            subject = self._subject(hello)
            if seen.passed(hello):
                continue
            said = [seen.says(trial) for trial in seen.of(hello)]
            if Reaction.HIT in said:
                yield from self._explained(seen, subject)
            elif len(said) <= MAX_REPEATS:
                yield Want(ask=subject, role=self.role, round=len(said))
            return

    def _explained(self, seen: Hiding, subject: Ask) -> Iterator[Want]:
        """Once without the extension, which is no pair and tells which pairs to make; then those."""
        bare = [seen.says(trial) for trial in seen.of(PLAIN)]
        if not {Reaction.HIT, Reaction.PASSED} & set(bare) and len(bare) <= MAX_REPEATS:
            yield from self._pairing.free(Doubt(changed="ech", subject=subject))
            yield Want(ask=without_ech(subject), role=self.role, round=len(bare))
            return
        doubt = ech_doubt(seen, subject, self.twin(subject, "sni", 0))
        if doubt is not None:
            yield from self._pairing.wants(doubt)

    def twin(self, subject: Ask, changed: str, number: int) -> Ask | None:
        """The same without the extension; or with a harmless name."""
        if changed == "ech":
            return without_ech(subject)
        return super().twin(subject, changed, number)

    def _subject(self, hello: str) -> Ask:
        return Ask(
            layer=Layer.TLS,
            address=self.conditions.helper_address,
            port=self.conditions.echo_tls,
            sni=names.ascii_name(self.target.text),
            verify=False,
            hello=hello,
        )
