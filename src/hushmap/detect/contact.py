"""One endpoint of a service, as its trials show it: does it answer, what stands in the way, what would settle that?

Endpoints that serve pages are judged as sites are, by the very rules. The others have less to show: a connection, a
handshake, an answer in their own protocol. Whoever owes a stranger no answer is not accused of silence.
"""

from functools import cached_property

from hushmap.detect.doubt import MAX_RETRIES, Doubt, doubts, stuck
from hushmap.detect.lookup import LOOKUP_RULES
from hushmap.detect.pairs import PairTest, read_tests
from hushmap.detect.ruling import Rule, Ruling, action, mechanism, twins
from hushmap.detect.sight import HELPER_FRESH, Leg, certificate_refused, host_of
from hushmap.detect.traffic import isolated
from hushmap.detect.web import WEB_RULES
from hushmap.model import (
    LOCAL,
    WEB,
    Ask,
    Endpoint,
    Evidence,
    Failure,
    Knowledge,
    Layer,
    Live,
    Outcome,
    Reason,
    Record,
    Role,
    Scope,
    Side,
    Step,
    Transport,
    Trial,
    Where,
)
from hushmap.sampling import Decision

_LAYERS = {Live.TCP: Layer.TCP, Live.TLS: Layer.TLS, Live.DNS: Layer.DNS}
"""How an endpoint is asked, where it is not by its own first packet."""
_WORKS = frozenset({Outcome.OK, Outcome.SERVER_SIDE})
"""A server that refuses over its own certificate has been reached."""


class Contact:
    """The counted trials about one endpoint, here and at the helper."""

    def __init__(self, endpoint: Endpoint, record: Record, knowledge: Knowledge) -> None:
        self.endpoint = endpoint
        self.context, self.knowledge = record.context, knowledge
        self.leg: Leg | None = None
        if endpoint.name is not None:
            self.leg = Leg(endpoint.name, url_of(endpoint), record.counted, record.context, knowledge)
        mine = [trial for trial in record.counted if trial.role is not Role.BASELINE and about(endpoint, trial.ask)]
        self.here = [trial for trial in mine if trial.side is Side.HERE]
        self.helper = [trial for trial in mine if trial.side is Side.HELPER]
        numbers = {trial.pair for trial in self.here if trial.pair is not None}
        kept = {trial.id for trial in mine}
        paired = [trial for trial in record.counted if trial.pair in numbers or trial.cooling or trial.id in kept]
        self.tests: tuple[PairTest, ...] = read_tests(paired, record.context, knowledge)

    @property
    def is_web(self) -> bool:
        """Whether it is asked and judged as a site."""
        return self.endpoint.answers in WEB

    @cached_property
    def ruling(self) -> Ruling:
        """What its trials show."""
        if self.is_web:
            return _first(WEB_RULES, self.leg)
        told = (rule.applies(self.leg) for rule in LOOKUP_RULES if self.leg is not None)
        return next((ruling for ruling in told if ruling is not None), None) or _first(CONTACT_RULES, self)

    @property
    def works(self) -> bool:
        """Whether it can be used from here."""
        return self.ruling.outcome in _WORKS

    @cached_property
    def subjects(self) -> list[Trial]:
        """The attempts from here that asked the endpoint itself, pairs' among them."""
        kind, own = layer_of(self.endpoint), self.context.helper
        return [trial for trial in self.here if trial.ask.layer is kind and trial.ask.address != own]

    @property
    def last(self) -> Trial | None:
        """The newest that was made for itself: repeated attempts replace the survey's, a pair's one pass does not."""
        alone = [trial for trial in self.subjects if trial.pair is None]
        return alone[-1] if alone else None

    @property
    def intercepted(self) -> bool:
        """Whether it met a certificate that does not hold, where harmless names meet such ones too."""
        return self.context.intercepted and self.last is not None and certificate_refused(self.last)

    @cached_property
    def answering(self) -> list[Trial]:
        """Those to which it answered as a live one does."""
        return [trial for trial in self.subjects if self.alive(trial)]

    @cached_property
    def alive_elsewhere(self) -> list[Trial]:
        """The helper's attempts to which it answered so."""
        return [trial for trial in self.helper if live(self.endpoint, trial)]

    @property
    def decided(self) -> PairTest | None:
        """The test that was decided against the line, at the endpoint's own address."""
        decided = (test for test in self.tests if test.decision is Decision.INTERFERED)
        return next((test for test in decided if test.subject.address != self.context.helper), None)

    def alive(self, trial: Trial) -> bool:
        """Whether it answered here, with the certificate's issuer that the helper met where none vouches for it."""
        if not live(self.endpoint, trial):
            return False
        theirs = {_issuer(other) for other in self.alive_elsewhere}
        return self.endpoint.verify or not theirs or _issuer(trial) in theirs

    def questions(self) -> tuple[Doubt, ...]:
        """What would settle it: the questions about its name, then the one about its newest failure."""
        if self.leg is None:
            return self._about_failure()
        if self.is_web:
            return doubts(self.leg)
        names = (doubt for doubt in doubts(self.leg) if doubt.subject.layer is Layer.DNS)
        return (*names, *self._about_failure())

    def _about_failure(self) -> tuple[Doubt, ...]:
        trial = self.last
        failed = trial.failed if trial is not None else None
        if trial is None or failed is None or failed.failure in LOCAL or not self.alive_elsewhere:
            return ()
        if self.intercepted:
            return ()
        doubt = _doubt(self.endpoint, trial)
        found = [test.decision for test in self.tests if test.subject == doubt.subject]
        if Decision.INTERFERED in found:
            return ()
        if Decision.CLEAN in found:
            retries = len([each for each in self.subjects if each.pair is None])
            return (Doubt(changed="retry", subject=trial.ask),) if retries <= MAX_RETRIES else ()
        refused = self.leg is not None and doubt.changed == "sni" and stuck(self.leg, doubt.subject, "sni")
        return (Doubt(changed=doubt.changed, subject=doubt.subject, stuck=refused),)


def url_of(endpoint: Endpoint) -> str:
    """The page of an endpoint; of one that serves none, what stands for its name and port."""
    scheme, usual = ("http", 80) if endpoint.answers is Live.HTTP else ("https", 443)
    port = "" if endpoint.port == usual else f":{endpoint.port}"
    return f"{scheme}://{endpoint.name}{port}{endpoint.path}"


def layer_of(endpoint: Endpoint) -> Layer:
    """How the endpoint itself is asked."""
    return Layer.HTTP if endpoint.answers in WEB else _LAYERS.get(endpoint.answers, Layer.RAW)


def resolver_of(endpoint: Endpoint) -> str:
    """The resolver that an endpoint is, as an Ask names it."""
    host = endpoint.address or ""
    return f"udp://[{host}]:{endpoint.port}" if ":" in host else f"udp://{host}:{endpoint.port}"


def about(endpoint: Endpoint, ask: Ask) -> bool:
    """Whether an ask goes to the endpoint, as far as it speaks."""
    if endpoint.answers is Live.DNS:
        return ask.layer is Layer.DNS and ask.resolver == resolver_of(endpoint)
    if ask.layer is Layer.DNS or ask.port != endpoint.port or ask.transport is not endpoint.transport:
        return False
    if endpoint.answers in WEB:
        return ask.layer is Layer.HTTP and ask.url == url_of(endpoint)
    if ask.layer not in {layer_of(endpoint), Layer.TCP}:
        return False
    return host_of(ask) == endpoint.name if endpoint.name is not None else ask.address == endpoint.address


def live(endpoint: Endpoint, trial: Trial) -> bool:
    """Whether `trial` shows an endpoint that answers as a live one does."""
    if trial.ask.layer is not layer_of(endpoint) or trial.failed is not None:
        return False
    if endpoint.answers is Live.DNS:
        return any(step.addresses for step in trial.resolves)
    if trial.ask.layer is Layer.RAW:
        return trial.exchange is not None and trial.exchange.protocol == endpoint.answers.value
    vouched = endpoint.verify and endpoint.name is not None
    return trial.handshake is None or not vouched or trial.handshake.valid is True


def _issuer(trial: Trial) -> str | None:
    chain = trial.handshake.chain if trial.handshake is not None else ()
    return chain[0].issuer if chain else None


def _doubt(endpoint: Endpoint, trial: Trial) -> Doubt:
    """The question that a failure raises: about the address, the name in the handshake, or what is spoken."""
    connect = trial.connect
    if connect is not None and connect.failure is not None:
        ask = Ask(layer=Layer.TCP, address=trial.ask.address, port=trial.ask.port, host=endpoint.name)
        return Doubt(changed="address", subject=ask)
    if trial.ask.layer is Layer.TLS and endpoint.name is not None:
        ask = Ask(layer=Layer.TLS, address=trial.ask.address, port=trial.ask.port, sni=endpoint.name, verify=False)
        return Doubt(changed="sni", subject=ask)
    return Doubt(changed="site" if trial.ask.transport is Transport.TCP and connect else "address", subject=trial.ask)


def _first(table: tuple[Rule, ...], seen: object) -> Ruling:
    """The ruling of the first rule that matches; the last of a table always does."""
    return next(ruling for rule in table if (ruling := rule.applies(seen)) is not None)


# What is said of an endpoint that serves no page


def _nothing(contact: Contact) -> Ruling | None:
    if contact.subjects:
        return None
    spent = contact.context.budget_spent
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if spent else Reason.NO_RULE)


def _pair(contact: Contact) -> Ruling | None:
    """The name alone is cut, at its own server and toward ours."""
    test = contact.decided
    if test is None or test.changed != "sni" or contact.leg is None or not isolated(contact.leg, test):
        return None
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        mechanisms=(mechanism(test),),
        where=Where.PATH,
        scope=Scope.ALL,
        test=test,
        facts=twins(test),
    )


def _answers(contact: Contact) -> Ruling | None:
    trial = contact.last
    if trial is None or not contact.alive(trial) or contact.decided is not None:
        return None
    failed = [each for each in contact.subjects if each.failed is not None]
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.COMPARISON if contact.alive_elsewhere else Evidence.NONE,
        proof=tuple(each.id for each in contact.answering),
        hits=(len(failed), len(contact.subjects)),
    )


def _alike(contact: Contact) -> Ruling | None:
    """METHOD 1: the same class of failure at a comparison point; silence at a single one decides nothing."""
    trial = contact.last
    if trial is None or trial.failed is None or contact.alive_elsewhere or not contact.helper:
        return None
    if _end(trial.failed) not in [_end(each.failed) for each in contact.helper if each.failed is not None]:
        return None
    silent = trial.failed.failure is Failure.TIMEOUT
    proof = tuple(each.id for each in (*contact.subjects, *contact.helper))
    hits = (len(contact.subjects), len(contact.subjects))
    if silent or not _online(contact):
        reason = Reason.ONE_POINT if silent else Reason.HELPER_SILENT
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason, proof=proof, hits=hits)
    return Ruling(
        outcome=Outcome.DOWN, evidence=Evidence.COMPARISON, where=Where.SERVER, proof=proof, hits=hits,
        facts={"points": "1"},
    )  # fmt: skip


def _end(failed: Step) -> tuple[type[Step], Failure | None]:
    failure = failed.failure
    return type(failed), Failure.RESET if failure in {Failure.EOF, Failure.ABORTED} else failure


def _online(contact: Contact) -> bool:
    """Whether the helper had just reached a harmless name when it was asked (METHOD 1)."""
    asked, scale = contact.helper[-1].t, contact.context.scale
    return any(
        watch.reached and abs(asked - watch.t) * scale <= HELPER_FRESH for watch in contact.context.helper_watch
    )


def _intercepted(contact: Contact) -> Ruling | None:
    if not contact.intercepted:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.INTERCEPTED, where=Where.HOST)


def _fails(contact: Contact) -> Ruling | None:
    """It fails here and answers elsewhere; who makes it fail is not shown (METHOD 1, address-level failures)."""
    trial = contact.last
    if trial is None or trial.failed is None or trial.failed.failure in LOCAL or not contact.alive_elsewhere:
        return None
    decided = contact.decided
    if decided is None and contact.questions():
        return None
    name = action(trial) if trial.ask.transport is Transport.TCP and trial.ask.layer is not Layer.DNS else None
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        mechanisms=(name,) if name is not None else (),
        test=decided,
        proof=tuple(each.id for each in (*contact.subjects, *contact.alive_elsewhere)),
        hits=(len(contact.subjects), len(contact.subjects)),
    )


def _no_comparison(contact: Contact) -> Ruling | None:
    if contact.context.helper is None:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_HELPER)
    return None if contact.helper else Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.HELPER_SILENT)


def _left(contact: Contact) -> Ruling:
    spent = contact.context.budget_spent or bool(contact.tests)
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if spent else Reason.NO_RULE)


CONTACT_RULES: tuple[Rule, ...] = (
    Rule(id="contact.nothing-counted", what="No attempt from here could be counted.", applies=_nothing),
    Rule(
        id="contact.name-pair",
        what="Handshakes naming the endpoint are cut where others to the same server pass.",
        applies=_pair,
    ),
    Rule(id="contact.answers", what="The endpoint answered as a live one does.", applies=_answers),
    Rule(id="contact.down", what="The same failure at a comparison point that was itself online.", applies=_alike),
    Rule(
        id="contact.intercepted",
        what="Harmless names are intercepted too, so TLS says nothing.",
        applies=_intercepted,
    ),
    Rule(id="contact.fails", what="It fails here and answers the helper.", applies=_fails),
    Rule(id="contact.no-comparison", what="There was no comparison point to ask.", applies=_no_comparison),
    Rule(id="contact.undecided", what="No rule decides what was seen.", applies=_left),
)
"""Of one endpoint, first match first; the verdict has the rule of the whole service."""
