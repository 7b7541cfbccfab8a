"""What the trials about one host show, read once, for rules to ask about.

A `Leg` is one host of a chain of redirects. It answers the questions that rules are made of: which addresses were
offered by whom, at which of them a certificate proved the site, what came of each address from here and from the
helper. It holds no opinion; every opinion is a rule.
"""

from functools import cached_property
from urllib.parse import urljoin, urlsplit

from hushmap.detect.address import by_url
from hushmap.detect.hosts import host_in
from hushmap.detect.notices import notice, notice_address, notice_alias
from hushmap.detect.pairs import PairTest, proxied, read_tests
from hushmap.detect.peers import ALONE, SAME_HOUR, Peers, works
from hushmap.detect.same_page import same_page
from hushmap.model import (
    CERTIFICATE,
    SYSTEM_RESOLVER,
    Ask,
    Context,
    Failure,
    Fetch,
    Fingerprint,
    Knowledge,
    Layer,
    Page,
    Resolve,
    Role,
    Side,
    Trial,
    is_address,
    is_public,
)

HELPER_FRESH = 600.0
"""A comparison point counts if it reached a harmless name within 10 minutes (METHOD 1)."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""RFC 9110 15.4."""
LIKE = 0.5
"""Share of equal min-hashes above which two pages are the same page in another edition: 8 of 16 positions; pages of
different sites share about none."""


def host_of(ask: Ask) -> str | None:
    """The name that an ask is about."""
    if ask.name is not None:
        return ask.name
    if ask.url is not None:
        return host_in(ask.url)
    return ask.sni or ask.host


def alike(one: Page, other: Page) -> bool:
    """Whether two pages are the same page; weak signs (a shared header name, two empty titles) never suffice."""
    if one.status // 100 != other.status // 100:
        return False
    if one.body_sha256 and one.body_sha256 == other.body_sha256 and one.body_length:
        return True
    if one.location is not None and one.location == other.location:
        return True
    if one.sketch and len(one.sketch) == len(other.sketch):
        equal = sum(a == b for a, b in zip(one.sketch, other.sketch, strict=True))
        if equal / len(one.sketch) >= LIKE:
            return True
    if one.title and one.title == other.title:
        return True
    # A helper of OONI's kind tells of its page what same_page can compare, and no hash.
    return not (one.body_sha256 and other.body_sha256) and same_page(one, other)


def _same_site(one: str, other: str) -> bool:
    """Whether a redirect from `one` to `other` stays with the site: `www.` aside, the same host or one below it."""
    home, there = one.removeprefix("www."), other.removeprefix("www.")
    return there == home or there.endswith(f".{home}")


class Leg:
    """The counted trials about one host, indexed by the questions that rules ask."""

    def __init__(
        self,
        host: str,
        url: str,
        trials: tuple[Trial, ...],
        context: Context,
        knowledge: Knowledge,
        peers: Peers = ALONE,
    ) -> None:
        self.host, self.url, self.peers = host, url, peers
        self.others_too = trials
        """With those whose hello was another client's."""
        trials = tuple(trial for trial in trials if trial.ask.hello is None)
        self.https = url.startswith("https:")
        self.context, self.knowledge = context, knowledge
        self.trials = tuple(trial for trial in trials if host_of(trial.ask) == host)
        subjects = [trial for trial in self.trials if trial.role is not Role.BASELINE]
        self.here = [trial for trial in subjects if trial.side is Side.HERE]
        self.helper = [trial for trial in subjects if trial.side is Side.HELPER]
        self.baselines = [trial for trial in trials if trial.role is Role.BASELINE and trial.side is Side.HERE]
        self.proxied = proxied(trials, context)
        numbers = {trial.pair for trial in subjects if trial.pair is not None}
        harmless = [trial for trial in self.baselines if trial.ask.layer is Layer.DNS or trial.cooling]
        paired = [trial for trial in trials if trial.pair in numbers or trial in subjects or trial in harmless]
        self.tests: tuple[PairTest, ...] = read_tests(paired, context, knowledge)

    def home_at(self, address: str | None) -> bool:
        """Whether another port of an address took a connection: asked only where the target's own did not."""
        return any(
            trial.changed == "port" and trial.ask.address == address and trial.failed is None for trial in self.here
        )

    # Lookups

    def lookups(self, *, compared: bool) -> dict[str, list[Resolve]]:
        """By resolver: the newest unpaired lookups of the name; `compared` asks for the other resolvers'."""
        found: dict[str, list[Resolve]] = {}
        for trial in self.here:
            ask = trial.ask
            if ask.layer is not Layer.DNS or ask.resolver is None or ask.resolver == self.context.dark:
                continue
            if (trial.changed == "resolver") is compared and trial.pair is None:
                found[ask.resolver] = list(trial.resolves)
        return found

    @cached_property
    def own(self) -> dict[str, list[Resolve]]:
        """Lookups at the resolvers that are being measured."""
        return self.lookups(compared=False)

    @cached_property
    def others(self) -> dict[str, list[Resolve]]:
        """Lookups of the same name at comparison resolvers."""
        return self.lookups(compared=True)

    @cached_property
    def elsewhere(self) -> list[Resolve]:
        """The helper's lookups of the name."""
        return [step for trial in self.helper if trial.ask.layer is Layer.DNS for step in trial.resolves]

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The addresses that the helper was told."""
        return _addresses(self.elsewhere)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The addresses that comparison resolvers told us here."""
        return _addresses([step for steps in self.others.values() for step in steps])

    def offered(self, resolver: str) -> tuple[str, ...]:
        """The addresses that a client of `resolver` would have used."""
        return _addresses(self.own.get(resolver, []))

    @cached_property
    def offered_here(self) -> tuple[str, ...]:
        """The addresses that programs here would have used: the system resolver's, or else any own resolver's."""
        if not self.own and self.host in self.addresses:
            return (self.host,)  # the URL names an address: nobody had to be asked
        first = self.offered(SYSTEM_RESOLVER)
        return first or tuple(dict.fromkeys(address for name in self.own for address in self.offered(name)))

    # Pages and connections

    def attempts(self, address: str, side: Side = Side.HERE) -> list[Trial]:
        """The page loads of this URL from `address`; handshakes, where only the name was asked about."""
        trials = self.here if side is Side.HERE else self.helper
        return [trial for trial in trials if trial.ask.address == address and self._visits(trial)]

    def _visits(self, trial: Trial) -> bool:
        ask = trial.ask
        if ask.layer is Layer.TLS:
            return trial.pair is None and ask.sni == self.host
        return ask.layer is Layer.HTTP and ask.url == self.url and trial.changed not in {"host", "path", "notice"}

    def last(self, address: str, side: Side = Side.HERE) -> Trial | None:
        """The newest page load from `address`: repeated attempts replace the survey's."""
        return next(reversed(self.attempts(address, side)), None)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Every address from which the page was asked here."""
        asked = (trial.ask.address for trial in self.here if self._visits(trial))
        return tuple(dict.fromkeys(address for address in asked if address is not None))

    @cached_property
    def newest(self) -> list[Trial]:
        """The newest page load from each address."""
        return [trial for address in self.addresses if (trial := self.last(address)) is not None]

    def proven(self, address: str) -> bool:
        """Whether the name is at home at `address`: a valid certificate, from here or from the helper.

        Over plain HTTP nothing proves it but that the helper was offered the address too.
        """
        if not self.https:
            return address in self.told
        both = self.attempts(address) + self.attempts(address, Side.HELPER)
        return any(trial.handshake is not None and trial.handshake.valid is True for trial in both)

    def notice_from(self, address: str) -> tuple[Trial, Fingerprint] | None:
        """A block notice that `address` returned to this name over plain HTTP or an invalid certificate."""
        for trial in self.here:
            if trial.ask.address != address or trial.fetch is None or trial.fetch.page is None:
                continue
            if trial.handshake is not None and trial.handshake.valid:
                continue
            mark = notice(trial.fetch.page, self.knowledge, host=self.host)
            if mark is not None:
                return trial, mark
        return None

    def notice_named(self, address: str) -> Fingerprint | None:
        """The fingerprint of `address`, or of an alias by which an answer here came to it."""
        mark = notice_address(address, self.knowledge, host=self.host)
        answers = (answer for steps in self.own.values() for step in steps for answer in step.answers)
        aliases = (alias for answer in answers if address in answer.addresses for alias in answer.cnames)
        return mark or notice_alias(aliases, self.knowledge, host=self.host)

    def wrong(self, address: str) -> str | None:
        """The positive sign by which an answer is wrong (METHOD 4): `bogon`, `blockpage`, `other`; or `None`."""
        if self.proven(address):
            return None
        if not is_public(address):
            return "bogon" if address not in self.told and is_address(address) else None
        if address in self.told or self._aliased(address):
            return None
        if self.notice_named(address) is not None:
            return "blockpage"
        named = self.told or self.compared
        if named and address not in named and self.notice_from(address) is not None:
            return "blockpage"
        for trial in self.attempts(address, Side.HELPER):
            if trial.handshake is not None and trial.handshake.failure is Failure.INVALID_HOSTNAME and self.home:
                return "other"
        return None

    def _aliased(self, address: str) -> bool:
        """Whether the answer that named `address` came by an alias that the helper's answer has too.

        Then the site's own DNS led there: an edge that shows its default certificate is no lie of a resolver.
        """
        known = {alias for step in self.elsewhere for answer in step.answers for alias in answer.cnames}
        mine = (answer for steps in self.own.values() for step in steps for answer in step.answers)
        return any(address in answer.addresses and known.intersection(answer.cnames) for answer in mine)

    def exists(self, qtype: str) -> bool:
        """Whether the name has an address of this type beyond doubt.

        A certificate proved one, or two sources named one: a single source may be a resolver that answers for every
        name that does not exist.
        """
        if self.https and _of_type(self.home, qtype):
            return True
        sources = [self.elsewhere, *self.others.values(), *self.own.values()]
        return sum(bool(_of_type(_addresses(steps), qtype)) for steps in sources) >= 2

    @cached_property
    def home(self) -> tuple[str, ...]:
        """Addresses proven to be the site's."""
        return tuple(address for address in self.known if self.proven(address))

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Every address that anybody named, or from which the page was asked."""
        own = [address for name in self.own for address in self.offered(name)]
        return tuple(dict.fromkeys([*own, *self.compared, *self.told, *self.addresses]))

    def page(self, address: str, side: Side = Side.HERE) -> Page | None:
        """The newest complete page from `address`."""
        for trial in reversed(self.attempts(address, side)):
            fetch = trial.fetch
            if fetch is not None and fetch.page is not None and fetch.failure is None:
                return fetch.page
        return None

    @cached_property
    def helper_pages(self) -> tuple[Page, ...]:
        """What the helper got for this URL from the addresses that it was told; from ours, if it looked nothing up.

        The page of an address that only a resolver here named may be the liar's, from everywhere.
        """
        places = self.told if self.elsewhere else self.known
        return tuple(page for address in places if (page := self.page(address, Side.HELPER)) is not None)

    def loads(self, address: str) -> bool:
        """Whether the site itself answered from `address`: valid certificate, or over HTTP the helper's page."""
        page = self.page(address)
        if page is None:
            return False
        if self.https:
            return any(
                trial.handshake is not None and trial.handshake.valid is True and trial.fetch is not None
                for trial in self.attempts(address)
                if _complete(trial.fetch)
            )
        known = notice(page, self.knowledge, host=self.host)
        if known is not None:
            return False
        others = [*self.helper_pages, *self._peer_pages(address)]
        return any(alike(page, other) for other in others) or self._leads_home(page)

    def _peer_pages(self, address: str) -> list[Page]:
        """What other volunteers got in the same hour, whose own helper got the same."""
        found = self.peers.visits(self.url, self.attempts(address), SAME_HOUR)
        return [visit.page for view, visit in found if works(view, visit) and visit.page is not None]

    def _leads_home(self, page: Page) -> bool:
        """Whether plain HTTP leads to the site's own TLS, where the helper tells only where it came out.

        Then nothing rests on the redirect: a certificate is asked for at the next hop, whoever sent us there.
        """
        if not by_url(self.context) or not self.helper_pages:
            return False
        if page.status not in REDIRECTS or page.location is None:
            return False
        try:
            there = urlsplit(urljoin(self.url, page.location))
            return there.scheme == "https" and _same_site(self.host, there.hostname or "")
        except ValueError:
            return False

    @cached_property
    def reached(self) -> tuple[Trial, ...]:
        """The page loads that the site itself answered, from addresses that programs here would use."""
        addresses = [address for address in self.offered_here if self.loads(address)]
        return tuple(trial for address in addresses for trial in self.attempts(address) if _complete(trial.fetch))

    # Elsewhere

    @property
    def borne_out(self) -> bool:
        """Whether the site answered somebody else, too: the helper, or another volunteer in the same hour."""
        found = self.peers.visits(self.url, self.reached, SAME_HOUR) if self.peers.views else []
        return bool(self.helper_loads) or any(works(*one) for one in found)

    @cached_property
    def helper_online(self) -> bool:
        """Whether the helper had just reached a harmless name when it was asked."""
        asked = [trial.t for trial in self.helper if trial.undone is None]
        if not asked:
            return False
        scale = self.context.scale
        return any(
            watch.reached and abs(asked[-1] - watch.t) * scale <= HELPER_FRESH for watch in self.context.helper_watch
        )

    @cached_property
    def helper_loads(self) -> tuple[Trial, ...]:
        """The helper's page loads that the site answered."""
        loads = [trial for trial in self.helper if trial.ask.layer is Layer.HTTP and _complete(trial.fetch)]
        return tuple(
            trial for trial in loads if not self.https or (trial.handshake is not None and trial.handshake.valid)
        )


def _complete(fetch: Fetch | None) -> bool:
    return fetch is not None and fetch.page is not None and fetch.failure is None


def _of_type(addresses: tuple[str, ...], qtype: str) -> list[str]:
    return [address for address in addresses if (":" in address) is (qtype == "AAAA") and is_public(address)]


def _addresses(steps: list[Resolve]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for step in steps for address in step.addresses))


def certificate_refused(trial: Trial) -> bool:
    """Whether a server answered with a certificate that does not hold for the name."""
    return trial.handshake is not None and trial.handshake.failure in CERTIFICATE
