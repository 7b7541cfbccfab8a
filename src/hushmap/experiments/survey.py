"""What the survey of one host asks: no more of a site's name on the line than it takes to see that nothing is wrong.

Asked are the resolver that programs here use, an address of ours that runs none (whoever answers there injects), and
the page at the first address of each family; the next address only where that says nothing of the site. Only answers
that nobody bears out are put to the other resolvers and to the addresses that those name. A clean site with one
address costs three contacts (METHOD 5); the helper asks beside, which costs none.
"""

from collections.abc import Callable, Iterator
from ipaddress import ip_address

import msgspec

from hushmap.detect import Leg
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Want
from hushmap.experiments.cooldown import suspicious
from hushmap.model import Ask, Layer, Role, Side, Trial, is_address, is_public
from hushmap.wire import url

MAX_ADDRESSES = 4
"""Addresses of one family that are visited: beyond four, a site's addresses are one content network."""
DARK_SECONDS = 2.0
"""How long an address without a resolver is listened to: an injector is nearer than the address itself."""


class Survey:
    """The survey of one leg, read anew from its trials each time.

    `told` are all trials so far, those that could not be made among them; `over` says of a want that nothing more
    comes of it; `visit` is what is asked of an address; `thorough` asks every resolver at once, where the resolvers
    themselves are the question.
    """

    def __init__(
        self,
        leg: Leg,
        conditions: Conditions,
        role: Role,
        told: tuple[Trial, ...],
        visit: Callable[[url.Url, str], Ask],
        over: Callable[[Want], bool],
        *,
        thorough: bool,
    ) -> None:
        self._leg, self._conditions, self._role, self._visit = leg, conditions, role, visit
        self._thorough, self._over = thorough, over
        self._page = url.parse(leg.url)
        self._asked = {(trial.side, trial.ask) for trial in told}

    def wants(self) -> Iterator[Want]:
        """All that is wanted so far."""
        if is_address(self._page.host):
            yield from self._loads((self._page.host,))
            return
        yield from self._lookups()
        yield from self._loads(self._offered)
        state = self._walked(self._offered)
        if self._thorough or state == "nothing" or (state == "enough" and not self._borne_out):
            yield from self._comparisons()
        if state == "nothing":
            yield from self._loads(self._named, one=True)

    # Lookups

    @property
    def _both(self) -> str:
        return "A+AAAA" if self._conditions.ipv6 else "A"

    def _lookup(self, resolver: str, *, other: bool = False) -> Want:
        ask = Ask(layer=Layer.DNS, name=self._page.host, qtype=self._both, resolver=resolver)
        return Want(ask=ask, role=self._role, changed="resolver" if other else None)

    def _dark(self, resolver: str) -> Want:
        seconds = DARK_SECONDS / self._conditions.scale
        ask = Ask(layer=Layer.DNS, name=self._page.host, qtype="A", resolver=resolver, timeout=seconds)
        return Want(ask=ask, role=self._role)

    def _lookups(self) -> Iterator[Want]:
        own, dark = self._conditions.resolvers, self._conditions.dark
        for resolver in own[:1] if dark is not None else own:
            yield self._lookup(resolver)
        if dark is not None:
            yield self._dark(dark)
        if self._conditions.helper:
            yield msgspec.structs.replace(self._lookup("system"), side=Side.HELPER)

    def _comparisons(self) -> Iterator[Want]:
        """What settles whether a lookup was lied to, and by whom."""
        for resolver in self._conditions.resolvers[1:]:
            yield self._lookup(resolver)
        for resolver in self._conditions.comparison_resolvers:
            yield self._lookup(resolver, other=True)

    @property
    def _borne_out(self) -> bool:
        """Whether every own resolver named an address at which the site was seen."""
        return all(any(map(self._shows, self._leg.offered(resolver))) for resolver in self._leg.own)

    # Places

    @property
    def _offered(self) -> tuple[str, ...]:
        """Addresses that an own resolver named."""
        return tuple(dict.fromkeys(address for name in self._leg.own for address in self._leg.offered(name)))

    @property
    def _named(self) -> tuple[str, ...]:
        """Addresses that only others named."""
        others = dict.fromkeys((*self._leg.told, *self._leg.compared))
        return tuple(address for address in others if address not in self._offered)

    def _walk(self, addresses: tuple[str, ...], *, one: bool = False) -> Iterator[tuple[str, str]]:
        """(address, state) of those to be visited: each family in turn until one address is enough or awaited.

        `one`: one address of either family will do, to know where the site is.
        """
        for six in (False, True):
            for address in [each for each in addresses if (":" in each) is six][:MAX_ADDRESSES]:
                state = self._state(address)
                yield address, state
                if state != "nothing" and one:
                    return
                if state != "nothing":
                    break

    def _walked(self, addresses: tuple[str, ...]) -> str:
        """Where the walk over all of them stands: `waiting`, `enough`, or `nothing`."""
        if not self._told_all():
            return "waiting"
        states = {state for _, state in self._walk(addresses)}
        return next((state for state in ("waiting", "enough") if state in states), "nothing")

    def _told_all(self) -> bool:
        """Whether every lookup that comes first is in, or cannot come."""
        return is_address(self._page.host) or all((want.side, want.ask) in self._asked for want in self._lookups())

    def _state(self, address: str) -> str:
        """Whether a visit is awaited, says enough of the site, or nothing that would spare another address.

        Whatever came of it at an address that is proven to be the site's is enough, once a connection stood: another
        of its addresses would tell the same of its name.
        """
        if not visitable(address, ipv6=self._conditions.ipv6):
            return "nothing"
        trial = self._leg.last(address)
        if trial is None and self._over(self._ask(address)):
            return "nothing"  # it was not to be asked, as an address of one's own network, or was lost too often
        if trial is None or not all(map(self._helper_was_asked, (address, *self._references))):
            return "waiting"
        stood = trial.connect is not None and trial.connect.failure is None
        return "enough" if self._shows(address) and (stood or self._leg.loads(address)) else "nothing"

    def _shows(self, address: str) -> bool:
        """Whether the site was seen at an address that a site can have."""
        return self._leg.wrong(address) is None and (self._leg.proven(address) or self._leg.loads(address))

    def _helper_was_asked(self, address: str) -> bool:
        """Whether the helper's word on the same page load is in, or cannot come."""
        if not self._conditions.helper or not is_public(address):
            return True
        return (Side.HELPER, self._visit(self._page, address)) in self._asked

    # Page loads

    def _loads(self, addresses: tuple[str, ...], *, one: bool = False) -> Iterator[Want]:
        for address, _ in self._walk(addresses, one=one):
            yield from self._load(address)
        for address in self._references:
            yield self._ask(address, side=Side.HELPER)

    @property
    def _references(self) -> tuple[str, ...]:
        """Where the helper was sent itself, if nobody here was sent there: without it no page compares."""
        told = [address for address in self._leg.told if is_public(address)]
        if set(told) & set(self._offered):
            return ()
        first = (next((one for one in told if (":" in one) is six), None) for six in (False, True))
        return tuple(address for address in first if address is not None)

    def _ask(self, address: str, *, port: int | None = None, **more: object) -> Want:
        causes = tuple(trial.id for trial in self._leg.trials if address in _named(trial))
        page = self._page
        if port is not None:
            page = msgspec.structs.replace(page, scheme="http", port=port, path="/")
        ask = self._visit(page, address) if port is None else load(page, address)
        return msgspec.structs.replace(Want(ask=ask, role=self._role, causes=causes), **more)

    def _load(self, address: str) -> Iterator[Want]:
        contact = visitable(address, ipv6=self._conditions.ipv6)
        helper = self._conditions.helper and is_public(address)
        if contact:
            yield self._ask(address)
        if helper:
            yield self._ask(address, side=Side.HELPER)
        trial = self._leg.last(address)
        unproven = trial is not None and _unexplained(trial) and not self._leg.proven(address)
        if self._page.scheme == "https" and contact and unproven and self._helper_was_asked(address):
            notice = self._ask(address, port=80, changed="notice")
            asked = {ask.address for side, ask in self._asked if side is Side.HERE and ask.url == notice.ask.url}
            if asked - {address}:
                return  # one liar's notice is enough: a lie comes in two families
            yield notice
            if helper:
                yield self._ask(address, port=80, changed="notice", side=Side.HELPER)


def load(page: url.Url, address: str) -> Ask:
    """The page load of `page` from `address`."""
    name = page.host if page.scheme == "https" and not is_address(page.host) else None
    return Ask(layer=Layer.HTTP, address=address, port=page.port, url=page.text, sni=name)


def visitable(address: str, *, ipv6: bool) -> bool:
    """Whether an address that the network named may be contacted: never this computer, its link, or everyone."""
    parsed = ip_address(address)
    here = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.version == 6 and not ipv6:
        return False
    return not (here.is_loopback or here.is_link_local or here.is_unspecified or here.is_multicast)


def _unexplained(trial: Trial) -> bool:
    """Whether a failed load may be a notice's server: one cut in the middle is rather the name's doing."""
    return trial.failed is not None and not suspicious(trial)


def _named(trial: Trial) -> tuple[str, ...]:
    return tuple(address for step in trial.resolves for address in step.addresses)
