"""The `web` experiment: is a page reachable from here as it is from elsewhere, and if not, what stands in the way?

Survey (survey.py): ask the own resolvers for the name and load the page, here and at the helper; follow redirects, up
to ten, each host a leg of its own. An address that a resolver named and no certificate proved is asked once over
plain HTTP what it has to say (a block notice, often). Whatever detect then doubts is put to pairs. Method: METHOD 1,
3 and 4; what OONI's web_connectivity does and does not: refs/OONI 1.2.
"""

from collections.abc import Iterator

import msgspec

from hushmap.detect import Doubt, Leg, doubts, isolated, legs, other_client
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.pairing import FIRST_BLOCK, MAX_PAIRS, Pairing
from hushmap.experiments.survey import Survey, load
from hushmap.experiments.tracing import Tracing
from hushmap.model import Ask, Layer, Target, Transport, is_bogon
from hushmap.sampling import Decision
from hushmap.wire import url

MAX_REDIRECTS = 10
"""As browsers and OONI's web_connectivity have it (refs/OONI 1.2)."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""RFC 9110 15.4; 303 too, which OONI's web_connectivity does not follow."""
ISOLATION_PAIRS = 6
"""Pairs toward an address of ours before a name is said not to trigger there: a censor that misses a quarter of the
attempts misses six in a row in 1 of 4,000."""


class Web(Conversation):
    """One page load and what it takes to explain it."""

    experiment = "web"
    thorough = False
    """Whether every resolver is asked, though the first one tells the truth."""

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        self._first = url.parse(target.text)
        self._pairing = Pairing(self)
        self._tracing = Tracing(self, first_id)

    def wanted(self) -> Iterator[Want]:
        """The survey of each leg, then the pairs and repeats that detect's doubts call for."""
        for leg in self._legs():
            yield from self._survey(leg)
            if self._settled(leg):
                for doubt in self.questions(leg):
                    yield from self._settle(doubt)
                yield from self._isolation(leg)
                yield from self._other_client(leg)
                yield from self._way(leg)

    def questions(self, leg: Leg) -> Iterator[Doubt]:
        """The doubts about one host that this experiment is there to settle."""
        return iter(doubts(leg))

    def visit(self, page: url.Url, address: str) -> Ask:
        """What is asked of each address that anybody named."""
        return load(page, address)

    def _legs(self) -> list[Leg]:
        """The legs so far, the next redirect's among them."""
        record = msgspec.structs.replace(self.record(), target=self._first.text)
        found = list(legs(record, self.conditions.knowledge))
        following = _redirect(found[-1])
        if following is not None and len(found) <= MAX_REDIRECTS and all(leg.url != following.text for leg in found):
            knowledge = self.conditions.knowledge
            found.append(Leg(following.host, following.text, record.counted, record.context, knowledge))
        return found

    def _survey(self, leg: Leg) -> Iterator[Want]:
        return Survey(
            leg, self.conditions, self.role, self.trials, self.visit, self._over, thorough=self.thorough
        ).wants()

    def _settled(self, leg: Leg) -> bool:
        """Whether the survey of this host is complete, so that doubts may be read from it."""
        survey = [attempt for attempt in self.pending if attempt.pair is None and not attempt.cooling]
        if any(attempt.round == 0 for attempt in survey):
            return False
        return all(self._known(want) for want in self._survey(leg))

    # Doubts

    def _settle(self, doubt: Doubt) -> Iterator[Want]:
        if doubt.changed == "retry":
            made = sum(trial.ask == doubt.subject and trial.pair is None for trial in self.counted)
            yield Want(ask=doubt.subject, role=self.role, round=made)
            return
        venue = self._venue(doubt)
        if venue is not None:
            yield from self._pairing.wants(venue)

    def _venue(self, doubt: Doubt) -> Doubt | None:
        """Where to ask: at the site's address; at ours, where no baseline passes there or only an echo can tell."""
        ours = self._ours(doubt)
        if doubt.echo:
            return ours
        return ours if doubt.stuck and ours is not None else doubt

    def _ours(self, doubt: Doubt) -> Doubt | None:
        """The same question toward an echo port of ours; `None` without one."""
        http = self.conditions.echo_http
        port = {"sni": self.conditions.echo_tls, "host": http, "path": http}.get(doubt.changed)
        address = self.conditions.helper_address
        if port is None or address is None:
            return None
        subject = msgspec.structs.replace(doubt.subject, address=address, port=port)
        return msgspec.structs.replace(doubt, subject=subject)

    def _isolation(self, leg: Leg) -> Iterator[Want]:
        """METHOD 1: the trigger is written only once the name alone triggers, also toward an address of ours."""
        for test in leg.tests:
            used_up = test.decision is Decision.UNDECIDED and len(test.pairs) >= MAX_PAIRS and test.hits > 0
            # From the first block's hits on: the contacts of a day may be spent before the last pair decides.
            gathered = test.decision is Decision.UNDECIDED and test.hits >= FIRST_BLOCK
            suspected = test.decision is Decision.INTERFERED or used_up or gathered
            if not suspected or test.subject.address == self.conditions.helper_address:
                continue
            doubt = self._ours(Doubt(changed=test.changed, subject=test.subject))
            if doubt is None:
                continue
            ours = next((other for other in leg.tests if other.subject == doubt.subject), None)
            open_yet = ours is None or (not isolated(leg, test) and ours.counted < ISOLATION_PAIRS)
            if open_yet or self._pairing.busy(doubt):
                yield from self._pairing.wants(doubt)
            else:
                yield from self._pairing.free(doubt)  # others have questions for our address

    def _other_client(self, leg: Leg) -> Iterator[Want]:
        """The name that is cut once more with a hello like a browser's, where one can be sent (METHOD 3)."""
        cut = (test for test in leg.tests if test.changed == "sni" and test.decision is Decision.INTERFERED)
        test = next(cut, None)
        if test is not None and self.conditions.browser and test.subject.transport is Transport.TCP:
            other = other_client(test, leg.tests, self.counted, self.context, self.conditions.knowledge)
            if not other.settled:
                yield from self._pairing.wants(Doubt(changed="sni", subject=other.subject))

    def _way(self, leg: Leg) -> Iterator[Want]:
        """How far packets to a silent address come, where a table tells whose network the end of the way is in.

        Only so can a server that drops a country be told from the way there (METHOD 1). A SYN carries no name.
        """
        silent = (test for test in leg.tests if test.changed == "address" and test.decision is Decision.INTERFERED)
        test = next(silent, None)
        if test is not None and self.conditions.networks and not self.pending:
            subject = Ask(layer=Layer.TCP, address=test.subject.address, port=test.subject.port)
            yield from self._tracing.wants(subject, "address")


def _redirect(leg: Leg) -> url.Url | None:
    """Where the page of this leg leads, if it leads anywhere."""
    for trial in leg.reached:
        page = trial.fetch.page if trial.fetch else None
        if page is None or page.location is None or page.status not in REDIRECTS:
            continue
        try:
            following = url.join(url.parse(leg.url), page.location)
        except ValueError:
            return None  # a Location that leads nowhere is the site's own fault; the leg ends here
        # Nor does a page send us to an address that only its reader's network has: no site is there.
        return None if is_bogon(following.host) else following
    return None
