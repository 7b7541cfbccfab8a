"""The `web` experiment: is a page reachable from here as it is from elsewhere, and if not, what stands in the way?

Survey: ask every resolver for the name; load the page from every address that anybody named, here and at the helper;
follow redirects, up to ten, each host a leg of its own. An address that an own resolver named and no certificate
proved is asked once over plain HTTP what it has to say (a block notice, often). Whatever detect then doubts is put to
pairs. Method: METHOD 1, 3 and 4; what OONI's web_connectivity does and does not: refs/OONI 1.2.
"""

from collections.abc import Iterator
from ipaddress import ip_address

import msgspec

from hushmap.detect import Doubt, Leg, bogon, doubts, legs
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.cooldown import suspicious
from hushmap.experiments.pairing import FIRST_BLOCK, MAX_PAIRS, Pairing
from hushmap.model import Ask, Layer, Side, Target, Trial
from hushmap.sampling import Decision
from hushmap.wire import url

MAX_ADDRESSES = 4
"""Addresses of one family that are visited: beyond four, a site's addresses are one content network."""
MAX_REDIRECTS = 10
"""As browsers and OONI's web_connectivity have it (refs/OONI 1.2)."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""RFC 9110 15.4; 303 too, which OONI's web_connectivity does not follow."""
DARK_SECONDS = 2.0
"""How long an address without a resolver is listened to: an injector is nearer than the address itself."""
ISOLATION_PAIRS = 6
"""Pairs toward an address of ours before a name is said not to trigger there: a censor that misses a quarter of the
attempts misses six in a row in 1 of 4,000."""


class Web(Conversation):
    """One page load and what it takes to explain it."""

    experiment = "web"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        self._first = url.parse(target.text)
        self._pairing = Pairing(self)

    def wanted(self) -> Iterator[Want]:
        """The survey of each leg, then the pairs and repeats that detect's doubts call for."""
        for leg in self._legs():
            page = url.parse(leg.url)
            yield from self._lookups(page)
            yield from self._loads(leg, page)
            if self._settled(leg):
                for doubt in self.questions(leg):
                    yield from self._settle(doubt)
                yield from self._isolation(leg)

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

    # Survey

    def _lookups(self, page: url.Url) -> Iterator[Want]:
        if _is_address(page.host):
            return
        both = "A+AAAA" if self.conditions.ipv6 else "A"
        for resolver in self.conditions.resolvers:
            yield Want(ask=Ask(layer=Layer.DNS, name=page.host, qtype=both, resolver=resolver), role=self.role)
        for resolver in self.conditions.comparison_resolvers:
            ask = Ask(layer=Layer.DNS, name=page.host, qtype=both, resolver=resolver)
            yield Want(ask=ask, role=self.role, changed="resolver")
        if self.conditions.dark is not None:
            seconds = DARK_SECONDS / self.conditions.scale
            ask = Ask(layer=Layer.DNS, name=page.host, qtype="A", resolver=self.conditions.dark, timeout=seconds)
            yield Want(ask=ask, role=self.role)
        if self.conditions.helper:
            ask = Ask(layer=Layer.DNS, name=page.host, qtype=both, resolver="system")
            yield Want(ask=ask, role=self.role, side=Side.HELPER)

    def _loads(self, leg: Leg, page: url.Url) -> Iterator[Want]:
        for address in self._places(leg, page):
            ask = self.visit(page, address)
            causes = tuple(trial.id for trial in leg.trials if address in _named(trial))
            contact = visitable(address, ipv6=self.conditions.ipv6)
            if contact:
                yield Want(ask=ask, role=self.role, causes=causes)
            if self.conditions.helper and not bogon(address):
                yield Want(ask=ask, role=self.role, side=Side.HELPER, causes=causes)
            trial = leg.last(address)
            unproven = trial is not None and _unexplained(trial) and not leg.proven(address)
            if page.scheme == "https" and contact and unproven and self._helper_was_asked(ask):
                plain = msgspec.structs.replace(page, scheme="http", port=80, path="/")
                yield Want(ask=load(plain, address), role=self.role, causes=causes, changed="notice")
                if self.conditions.helper and not bogon(address):
                    yield Want(
                        ask=load(plain, address), role=self.role, side=Side.HELPER, causes=causes, changed="notice"
                    )

    def _places(self, leg: Leg, page: url.Url) -> tuple[str, ...]:
        """The addresses to visit: the host itself if it is one, else the first few of each family."""
        if _is_address(page.host):
            return (page.host,)
        four = [address for address in leg.known if ":" not in address][:MAX_ADDRESSES]
        six = [address for address in leg.known if ":" in address][:MAX_ADDRESSES]
        return tuple(four + six)

    def _helper_was_asked(self, ask: Ask) -> bool:
        """Whether the helper's word on the same page load is in, or cannot come."""
        if not self.conditions.helper or bogon(ask.address or ""):
            return True
        return any(trial.side is Side.HELPER and trial.ask == ask for trial in self.trials)

    def _settled(self, leg: Leg) -> bool:
        """Whether the survey of this host is complete, so that doubts may be read from it."""
        survey = [attempt for attempt in self.pending if attempt.pair is None and not attempt.cooling]
        if any(attempt.round == 0 for attempt in survey):
            return False
        page = url.parse(leg.url)
        return all(self._known(want) for want in (*self._lookups(page), *self._loads(leg, page)))

    # Doubts

    def _settle(self, doubt: Doubt) -> Iterator[Want]:
        if doubt.changed == "retry":
            made = sum(trial.ask == doubt.subject and trial.pair is None for trial in self.counted)
            yield Want(ask=doubt.subject, role=self.role, round=made)
            return
        yield from self._pairing.wants(self._venue(doubt))

    def _venue(self, doubt: Doubt) -> Doubt:
        """Where to ask: at the site's own address, or, where no baseline passes there, at ours."""
        ours = self._ours(doubt)
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
            used_up = test.decision is Decision.UNDECIDED and len(test.pairs) >= MAX_PAIRS
            # From the first block's hits on: the contacts of a day may be spent before the last pair decides.
            gathered = test.decision is Decision.UNDECIDED and test.hits >= FIRST_BLOCK
            suspected = test.decision is Decision.INTERFERED or used_up or gathered
            if not suspected or test.subject.address == self.conditions.helper_address:
                continue
            doubt = self._ours(Doubt(changed=test.changed, subject=test.subject))
            if doubt is None:
                continue
            ours = next((other for other in leg.tests if other.subject == doubt.subject), None)
            if ours is None or (not ours.hits and ours.counted < ISOLATION_PAIRS) or self._pairing.busy(doubt):
                yield from self._pairing.wants(doubt)
            else:
                yield from self._pairing.free(doubt)  # others have questions for our address


def load(page: url.Url, address: str) -> Ask:
    """The page load of `page` from `address`."""
    name = page.host if page.scheme == "https" and not _is_address(page.host) else None
    return Ask(layer=Layer.HTTP, address=address, port=page.port, url=page.text, sni=name)


def visitable(address: str, *, ipv6: bool) -> bool:
    """Whether an address that the network named may be contacted: never this computer, its link, or everyone."""
    parsed = ip_address(address)
    if parsed.version == 6 and not ipv6:
        return False
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified or parsed.is_multicast)


def _unexplained(trial: Trial) -> bool:
    """Whether a failed load may be a notice's server: one cut in the middle is rather the name's doing."""
    return trial.failed is not None and not suspicious(trial)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _named(trial: Trial) -> tuple[str, ...]:
    return tuple(address for step in trial.resolves for address in step.addresses)


def _redirect(leg: Leg) -> url.Url | None:
    """Where the page of this leg leads, if it leads anywhere."""
    for trial in leg.reached:
        page = trial.fetch.page if trial.fetch else None
        if page is None or page.location is None or page.status not in REDIRECTS:
            continue
        try:
            return url.join(url.parse(leg.url), page.location)
        except ValueError:
            return None  # a Location that leads nowhere is the site's own fault; the leg ends here
    return None
