"""From what was typed to a run that may send its first packet: everything is refused here that must be refused.

A new run is made of the command line, a resumed one of its manifest; both need a consent that covers them, and
neither starts through a VPN that nobody spoke of: it would measure the VPN's exit and call it this network.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from hushmap.catalog import NONE
from hushmap.cli import screen
from hushmap.cli.admitting import admit
from hushmap.cli.asking import Question, agreed, network_key, said_once
from hushmap.cli.choosing import Chosen, choose, risk_of
from hushmap.cli.deck_changes import agree_to_changes
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.job import Job, Link
from hushmap.cli.options import Wishes
from hushmap.cli.ordering import OWN_VANTAGE, manifest_of, order, resumed
from hushmap.cli.place import Place, helper_words, in_lab, look_around, resolver_url
from hushmap.cli.veiling import NO_SECRETS, Secrets, secrets_of
from hushmap.cli.wording import count, size
from hushmap.cli.wordlists import OF_WORDS, words_in
from hushmap.model import SYSTEM_RESOLVER, Ask, Layer, Record, Side, Target, is_address
from hushmap.net import (
    HELPER_SILENT,
    Clock,
    Discreet,
    HelperSpec,
    Limits,
    Net,
    OoniSpec,
    own_networks,
    spare_neighbours,
)
from hushmap.runs import ConsentRegister, Manifest, RunFolder, Settings, find, hold, last, record_id

NETWORK, WHERE = "network", "where"
"""The manifest's options that tell a resumed run whether it is on the network on which it began: the name that the
person gave it, and the keyed fingerprint whose key never leaves this computer."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked about and from where; nothing was sent, and nothing agreed to."""

    chosen: Chosen
    place: Place
    seed: int

    @property
    def network(self) -> str:
        """What consents and locks know this network by."""
        return network_key(self.place.network)

    @property
    def question(self) -> Question:
        """What has to be agreed to."""
        return question(self.chosen.on, self.network, self.place.network)


def ready(told: Wishes, settings: Settings, *, allow_vpn: bool, chosen: Chosen | None = None) -> Ready:
    """Everything that is known before anything is agreed to; `chosen` where the targets are known already.

    Raises:
        Fault: It must not start, and why.
        CatalogError: A fault in a deck, a list or an address.
    """
    seed = Clock().seed() if told.seed is None else told.seed
    if chosen is None:
        chosen = choose(told, uncategorised=said_once(settings, ConsentRegister()), seed=seed)
    if not chosen.on:
        kinds = sorted({target.category or NONE for target in chosen.off})
        remedy = "switch on what you want by its category: --with CAT"
        if kinds == [NONE]:
            remedy = "nobody has put them into a category: if you know what they are, switch them on: --with none"
        raise Fault(f"every target is off ({', '.join(kinds)}); {remedy}")
    place = look_around(told, settings)
    place = msgspec.structs.replace(place, harmless=chosen.deck.baselines[0])
    refuse_words(chosen.on, place)
    refuse_vpn(place, allow_vpn=allow_vpn)
    return Ready(chosen=chosen, place=place, seed=seed)


def begin(
    told: Wishes,
    settings: Settings,
    base: Path,
    *,
    ask: Callable[[str], str] | None,
    interface: str | None,
    allow_vpn: bool,
    chosen: Chosen | None = None,
    link: Link = Link(),  # noqa: B008 (frozen)
) -> Job:
    """A new run.

    Raises:
        Fault: It must not start, and why.
        CatalogError: A fault in a deck, a list or an address.
        RunBusyError: Another process asks the same on this network.
    """
    found = ready(told, settings, allow_vpn=allow_vpn, chosen=chosen)
    admit(found.chosen.on, found.place.vantage.country, Clock().iso()[:10], checking=bool(told.asked), ask=ask,
          own_vantage=found.chosen.deck.own_vantage)  # fmt: skip
    agree_to_changes(found.chosen.deck, ask)
    consent = agreed(found.question, ConsentRegister(), ask)
    held = alone(found.chosen.deck.name, found.chosen.deck.sha256, found.place.network, found.network)
    try:
        job = launch(found, told, base, consent=consent, interface=interface, link=link)
    except BaseException:
        os.close(held)
        raise
    job.held = held
    job.again = again_words(told, allow_vpn=allow_vpn)
    job.repeated = () if link.series or told.asked else repeat_words(told, allow_vpn=allow_vpn)
    return job


def launch(found: Ready, told: Wishes, base: Path, *, consent: str, interface: str | None, link: Link) -> Job:
    """The run of what was agreed to, with its folder.

    Raises:
        Fault: It must not start, and why.
    """
    chosen, place = found.chosen, found.place
    clock = whole_second()
    net = open_net(place, clock, interface, secrets_of(chosen.on, chosen.posts))
    run = clock.run_id()
    helper = helper_address(place, interface)
    if not proven(chosen.on, place, helper, interface):
        chosen = without_words(chosen, helper)
    plan = order(chosen, place, told, run=run, seed=found.seed, helper=helper)
    manifest = manifest_of(
        plan,
        chosen,
        clock.iso(0.0),
        consent,
        network=place.network,
        where=network_key(None),
        interface=interface,
        lab=in_lab(),
    )
    manifest = msgspec.structs.replace(manifest, series=link.series, cycle=link.cycle, repeats=link.repeats)
    return Job(plan, RunFolder.create(base, run, manifest), clock, net, place)


def alone(deck: str, sha256: str, declared: str | None, network: str) -> int:
    """Hold the question on this network for this process: two at once would meet in what either of them triggers.

    Raises:
        RunBusyError: Another process asks it here.
    """
    where = declared or "this network"
    return hold(f"{sha256 or deck}|{network}", f"{deck} on {where}", "another hushmap run")


def go_on(
    told: Wishes,
    settings: Settings,
    base: Path,
    *,
    ask: Callable[[str], str] | None,
    interface: str | None,
    allow_vpn: bool,
) -> Job:
    """A run that was begun before.

    Raises:
        Fault: It must not go on here, and why.
        RunsError: There is no such run, or another process works in it.
    """
    if told.urls or told.files or told.with_ or told.without:
        raise Fault("--resume goes on with what was begun: leave out -i, -f, --with and --without")
    if told.experiment or told.place or told.encoding or told.canaries or told.baseline_word or told.read_as:
        raise Fault("--resume goes on with what was begun: leave out what says how words are asked about")
    folder, held = RunFolder.open(which(base, told.deck), resume=True), None
    try:
        manifest = folder.manifest
        _as_begun(told, manifest)
        options = manifest.options
        network = told.network or str(options.get(NETWORK) or "") or None
        place = look_around(msgspec.structs.replace(told, network=network, scale=manifest.scale), settings)
        place = msgspec.structs.replace(place, harmless=manifest.baselines[0])
        refuse_vpn(place, allow_vpn=allow_vpn)
        signed = bool(options.get(OWN_VANTAGE))
        admit(manifest.targets, place.vantage.country, Clock().iso()[:10], own_vantage=signed, ask=ask)
        _same_network(manifest, place)
        agreed(question(manifest.targets, network_key(place.network), place.network), ConsentRegister(), ask)
        held = alone(manifest.deck, manifest.deck_sha256, place.network, network_key(place.network))
        clock = Clock(datetime.fromisoformat(manifest.started))
        by = interface or (str(options["interface"]) if options.get("interface") else None)
        helper = helper_address(place, by)
        plan = resumed(manifest, place, helper=helper)
        _only_if_proven(folder, place, helper, by)
        if told.max_data is not None:
            plan = msgspec.structs.replace(plan, limits=msgspec.structs.replace(plan.limits, max_bytes=told.max_data))
        net = open_net(place, clock, by, secrets_of(manifest.targets))
    except BaseException:
        folder.close()
        if held is not None:
            os.close(held)
        raise
    job = Job(plan, folder, clock, net, place, again_words(told, allow_vpn=allow_vpn))
    job.held = held
    return job


def _as_begun(told: Wishes, manifest: Manifest) -> None:
    """What is typed for a resumed run is heard or refused: it may be repeated, and the limit of data be lowered."""
    if any(target.post is not None for target in manifest.targets):
        raise Fault("which posts were visited is written nowhere, so a visit is not gone on with: begin the next one")
    asked, compared = manifest.resolvers[1:], manifest.comparison_resolvers
    for option, given, begun in (
        ("--resolver", tuple(dict.fromkeys(map(resolver_url, told.resolvers))), asked),
        ("--other-resolver", tuple(dict.fromkeys(map(resolver_url, told.other_resolvers))), compared),
        ("--country", told.country, manifest.vantage.country),
        ("--seed", told.seed, manifest.seed),
        ("--label", told.label or None, manifest.label),
        ("--scale", None if told.scale == 1.0 else told.scale, manifest.scale),
    ):
        if given not in {None, (), begun}:
            raise Fault(f"the run {manifest.run} was begun with another {option}: leave it out, or start a new run")
    most = int(manifest.limits["max_bytes"])
    if told.max_data is not None and told.max_data > most:
        raise Fault(f"the run {manifest.run} was begun with at most {size(most)}: --max-data can only be lowered; "
                    "for more start a new run")  # fmt: skip


def again_words(told: Wishes, *, allow_vpn: bool) -> tuple[str, ...]:
    """What a resumed run needs again: what is a secret, or only of this computer, is not in its manifest."""
    words = helper_words(told.helper) + (("--roots", told.roots) if told.roots else ())
    words += ("--address", told.address) if told.address else ()
    return (*words, "--allow-vpn") if allow_vpn else words


def repeat_words(told: Wishes, *, allow_vpn: bool) -> tuple[str, ...]:
    """What asks the same again. Risky categories are switched on anew each time, so they are left out (METHOD 5)."""
    named = (
        *(("-i", url) for url in told.urls),
        *(("-f", file) for file in told.files),
        *(("--without", what) for what in told.without),
        *(("--resolver", address) for address in told.resolvers),
        *(("--other-resolver", address) for address in told.other_resolvers),
        *(("--canary", word) for word in told.canaries),
        ("--network", told.network),
        ("--country", told.country),
        ("--label", told.label),
        ("--experiment", told.experiment),
        ("--place", told.place),
        ("--encoding", told.encoding),
        ("--read-as", told.read_as),
        ("--baseline-word", told.baseline_word),
    )
    words = (word for option, value in named if value for word in (option, value))
    return (*([told.deck] if told.deck else []), *words, *again_words(told, allow_vpn=allow_vpn))


def _same_network(manifest: Manifest, place: Place) -> None:
    """A run goes on where it began: by the network's name, or else by its keyed fingerprint."""
    declared = manifest.options.get(NETWORK)
    if place.network != declared or (declared is None and network_key(None) != manifest.options.get(WHERE)):
        known = declared or "one without a declared name"
        raise Fault(f"the run {manifest.run} was begun on another network ({known}): start a new run", Exit.NOTHING)


def which(base: Path, name: str | None) -> Path:
    """The run that is meant: a folder, an id or part of one, else the last."""
    if name is None:
        return last(base)
    return Path(name) if Path(name).is_dir() else find(base, name)


def question(targets: tuple[Target, ...], network: str, declared: str | None) -> Question:
    """What has to be agreed to before these targets are asked about."""
    sites = sum(target.place is None and target.platform is None for target in targets)
    words = words_in(targets) + sum(target.experiment == "calibrate" or bool(target.platform) for target in targets)
    return Question(network=network, declared=declared, risk=risk_of(targets), sites=sites, words=words)


def refuse_words(targets: tuple[Target, ...], place: Place) -> None:
    """A run of nothing but words needs a server of one's own: a stranger's is no place to try them."""
    own = place.address is not None or (place.helper is not None and not isinstance(place.helper, OoniSpec))
    if not own and all(target.experiment in OF_WORDS for target in targets):
        raise Fault(
            "words are sent to a server of your own and to nobody else, and none was named: give --helper STRING "
            "(docs/how-to/helper.md), or --address ADDRESS:PORT of a server that is yours"
        )


def refuse_vpn(place: Place, *, allow_vpn: bool) -> None:
    """A run through a tunnel measures the tunnel's exit."""
    if place.host.vpn and not allow_vpn:
        raise Fault(
            f"a VPN seems to be on (the default route leaves by {place.host.interface}): you would measure its exit "
            "and not this network; switch it off, or give --allow-vpn",
            Exit.NOTHING,
        )


def whole_second() -> Clock:
    """A clock that begins at a whole second, which is what a manifest keeps of it."""
    return Clock(Clock().wall().replace(microsecond=0))


def open_net(place: Place, clock: Clock, interface: str | None, secrets: Secrets = NO_SECRETS) -> Net:
    """The room with sockets, as this run uses it."""
    try:
        return Discreet(
            clock,
            limits=Limits().scaled(place.scale),
            roots=place.roots,
            helper=place.helper,
            harmless=place.harmless,
            bind_interface=interface,
            guard=spare_neighbours(own_networks(), frozenset({place.helper.host} if place.helper else ())),
            posts=secrets.posts,
            results=secrets.results,
        )
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())[:200]
        raise Fault(f"--roots: {place.roots}: {reason}; give a PEM file of certificates") from None


def helper_address(place: Place, interface: str | None) -> str | None:
    """The address of a helper of one's own, looked up if it has a name; `None` without one."""
    if place.helper is None or isinstance(place.helper, OoniSpec):
        return None  # an address of one's own needs no lookup
    host = place.helper.host
    return host if is_address(host) else asyncio.run(_looked_up(host, place, interface))


async def _looked_up(host: str, place: Place, interface: str | None) -> str:
    net = open_net(msgspec.structs.replace(place, helper=None), Clock(), interface)
    try:
        outcome = await net.ask(Ask(layer=Layer.DNS, name=host, qtype="A+AAAA", resolver=SYSTEM_RESOLVER))
    finally:
        net.close()
    found = [address for step in outcome.steps for address in getattr(step, "addresses", ())]
    if not found:
        raise Fault(f"the helper {host} was not found by the name lookup of this computer: give its string with an "
                    "address in place of the name, or see hushmap doctor", Exit.NOTHING)  # fmt: skip
    return str(found[0])


def proven(targets: Iterable[Target], place: Place, address: str | None, interface: str | None) -> bool:
    """Whether words may go to `address`: whoever is there holds the helper's key, or there is no word to send.

    A helper's name is looked up by those who are measured, and who forged that answer would be sent every word. A
    server of one's own (`--address`) has no key, and was named by its address.
    """
    if address is None or not isinstance(place.helper, HelperSpec) or all(target.place is None for target in targets):
        return True
    there = msgspec.structs.replace(place, helper=msgspec.structs.replace(place.helper, host=address))
    return asyncio.run(_answers(there, interface))


async def _answers(place: Place, interface: str | None) -> bool:
    """Whether the helper answers at its address, with its key; what it answers is all one."""
    net = open_net(place, Clock(), interface)
    try:
        ask = Ask(layer=Layer.DNS, name=place.harmless, qtype="A", resolver=SYSTEM_RESOLVER)
        return bool((await net.ask(ask, Side.HELPER)).undone != HELPER_SILENT)
    finally:
        net.close()


def _nowhere(address: str | None) -> str:
    return f"the helper at {address} did not answer with its key: words are sent nowhere else"


def without_words(chosen: Chosen, address: str | None) -> Chosen:
    """What is left of a run whose helper is not where its words would go; said to the person.

    Raises:
        Fault: Nothing is left.
    """
    on = tuple(target for target in chosen.on if target.place is None)
    if not on:
        raise Fault(_nowhere(address), Exit.NOTHING)
    words = tuple(target for target in chosen.on if target.place is not None)
    screen.note(f"{_nowhere(address)}; {count(words_in(words), 'word is', 'words are')} left out")
    return msgspec.structs.replace(chosen, on=on, off=(*chosen.off, *words))


def _only_if_proven(folder: RunFolder, place: Place, address: str | None, interface: str | None) -> None:
    """A run that has still words to ask about goes on where the helper is; its targets are fixed, so all of it waits.

    Raises:
        Fault: It is not there.
    """
    sealed = {record.id for record in folder.records() if isinstance(record, Record)}
    targets = enumerate(folder.manifest.targets)
    left = [target for index, target in targets if record_id(folder.run, index) not in sealed]
    if not proven(left, place, address, interface):
        raise Fault(f"{_nowhere(address)}; go on with the run {folder.run} when it does", Exit.NOTHING)
