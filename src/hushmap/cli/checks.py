"""The checks of `hushmap doctor`: what here changes what a result can mean. None of these sends anything."""

import platform
import shutil
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

from hushmap import __version__
from hushmap.catalog import CatalogError, exclusions, fingerprints
from hushmap.cli.asking import current_text, network_key
from hushmap.cli.doctor_text import Check, Status
from hushmap.cli.fault import Fault
from hushmap.cli.place import Place
from hushmap.cli.wording import count, listed, size
from hushmap.cli.wording import network as network_words
from hushmap.lab import Lab, LabError, LabRefusedError
from hushmap.net import OoniSpec
from hushmap.runner import HelperPlace
from hushmap.runs import ConsentRegister

ROOM = 500_000_000
"""Free bytes below which a person is warned: twice what one run may move (METHOD 5)."""


def offline(place: Place, base: Path, *, lab: Callable[[], Check] | None = None) -> Iterator[Check]:
    """Every check that sends nothing."""
    yield program(base)
    yield addresses(place)
    yield vpn(place)
    yield resolver(place)
    yield other_resolver(place)
    yield network(place)
    yield helper(place)
    yield consent(place)
    yield probes()
    yield (lab or namespaces)()


def program(base: Path) -> Check:
    """Versions and room on the disk."""
    here = next((folder for folder in (base, *base.absolute().parents) if folder.is_dir()), Path())
    free = shutil.disk_usage(here).free
    text = f"Python {platform.python_version()} · hushmap {__version__} · {size(free)} free"
    if free < ROOM:
        return Check(id="program", status=Status.WARN, text=text, remedy="make room: old runs go with hushmap rm")
    return Check(id="program", status=Status.OK, text=text)


def addresses(place: Place) -> Check:
    """Which of the two internets can be asked."""
    v4 = any(":" not in source for source in place.host.sources)
    if not v4 and not place.host.ipv6:
        text = "This computer has no way to the Internet: nothing can be measured."
        return Check(id="addresses", status=Status.FAIL, text=text, remedy="connect it to the network to be measured")
    if place.host.ipv6:
        return Check(id="addresses", status=Status.OK, text=f"{'IPv4 and ' if v4 else 'Only '}IPv6 up")
    text = "IPv4 up · no IPv6 here: IPv6 addresses will be left out, not counted as failures"
    return Check(id="addresses", status=Status.OK, text=text)


def vpn(place: Place) -> Check:
    """Whether this line would be measured, or a tunnel's exit."""
    if not place.host.vpn:
        return Check(id="vpn", status=Status.OK, text="No VPN seen")
    text = f"A VPN seems to be on ({place.host.interface}): a run would measure its exit, and is refused."
    return Check(id="vpn", status=Status.WARN, text=text, remedy="switch it off, or: hushmap run ... --allow-vpn")


def resolver(place: Place) -> Check:
    """Whose DNS server would be measured."""
    known = place.host.resolvers
    if not known:
        text = "No DNS server is set on this computer: names cannot be looked up."
        return Check(id="resolver", status=Status.FAIL, text=text, remedy="see /etc/resolv.conf")
    shown = f"DNS server {listed(known)}"
    if len(place.resolvers) > 1:
        return Check(id="resolver", status=Status.OK, text=f"{shown} · and yours: {listed(place.resolvers[1:])}")
    if all(_nearby(address) for address in known):
        text = f"{shown}: on this computer or its local network; whom it asks in turn is not known here."
        remedy = "if it does not ask your provider's, add that one: hushmap run ... --resolver ADDRESS"
        return Check(id="resolver", status=Status.OK, text=text, remedy=remedy)
    asn, own = place.vantage.resolver_asn, place.vantage.asn
    if asn is not None and asn == own:
        return Check(id="resolver", status=Status.OK, text=f"{shown}, in your provider's network")
    where = f"in AS{asn}, not in" if asn is not None and own is not None else "and may not be in"
    text = f"{shown} is {where} your provider's network: blocking by the provider's DNS would then not be seen."
    remedy = "add the provider's: hushmap run ... --resolver ADDRESS"
    return Check(id="resolver", status=Status.WARN, text=text, remedy=remedy)


def other_resolver(place: Place) -> Check:
    """Whether anybody else is asked for what the provider's DNS server denies."""
    if place.other_resolvers:
        text = f"Asked beside it for what it says of a name: {listed(place.other_resolvers)}"
        return Check(id="other_resolver", status=Status.OK, text=text)
    text = "No other DNS server to compare with: a name that your provider's denies will mostly stay Not decided."
    remedy = "add one that you trust with these names: hushmap run ... --other-resolver ADDRESS"
    return Check(id="other_resolver", status=Status.WARN, text=text, remedy=remedy)


def _nearby(address: str) -> bool:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return parsed.is_private or parsed.is_loopback or parsed.is_link_local


def network(place: Place) -> Check:
    """Whether results can say where they were made."""
    if place.vantage.asn is None and place.vantage.network is None:
        text = "Your network's name is unknown: results could not be compared with those of others."
        remedy = "say it: --network 'AS64501 Net-A' --country XE, or once in the settings file"
        return Check(id="network", status=Status.WARN, text=text, remedy=remedy)
    return Check(id="network", status=Status.OK, text=f"Network {network_words(place.vantage)}")


def helper(place: Place) -> Check:
    """Whether there is anything to compare with."""
    if place.helper is None:
        text = (
            'No helper: "blocked" cannot be told from "down everywhere"; most failures will end as Not decided, '
            "and words are not tested."
        )
        remedy = "a server of your own elsewhere: hushmap serve helper (docs/how-to/helper.md)"
        return Check(id="helper", status=Status.FAIL, text=text, remedy=remedy)
    spec = place.helper
    if isinstance(spec, OoniSpec):
        text = (
            f"{HelperPlace(url=spec.url).name} is set: sites are compared with elsewhere, but words are not tested."
        )
        remedy = "for words, a server of your own elsewhere: hushmap serve helper (docs/how-to/helper.md)"
        return Check(id="helper", status=Status.WARN, text=text[:1].upper() + text[1:], remedy=remedy)
    if None in {spec.http_port, spec.tls_port} or not spec.dark:
        text = f"Helper {spec.host}, without some of its echo ports or a silent port 53: some words cannot be tested."
        remedy = "on the helper: hushmap serve helper --http-port 80 --tls-port 443"
        return Check(id="helper", status=Status.WARN, text=text, remedy=remedy)
    return Check(id="helper", status=Status.OK, text=f"Helper {spec.host} is set, with echo ports")


def consent(place: Place) -> Check:
    """Whether a run would ask first."""
    known = ConsentRegister().find(current_text().version, network_key(place.network))
    asked = "is on record" if known is not None else "is not on record: hushmap run will ask first"
    return Check(id="consent", status=Status.OK, text=f"Consent for this network {asked}")


def probes() -> Check:
    """Whether what judging and excluding rest on can be read."""
    try:
        marks, excluded = len(fingerprints().fingerprints), sum(bool(table) for table in exclusions().tables)
    except CatalogError as error:
        remedy = "install hushmap again"
        return Check(id="probes", status=Status.FAIL, text=f"Shipped data cannot be read: {error}", remedy=remedy)
    text = f"{count(marks, 'block notice')} known · {count(excluded, 'list')} of what is never sent"
    return Check(id="probes", status=Status.OK if excluded else Status.FAIL, text=text)


def namespaces() -> Check:
    """Whether the lab runs here; tried by doing, inside this computer."""
    try:
        with Lab("demo"):
            return Check(id="lab", status=Status.OK, text="The lab runs here: hushmap lab demo")
    except LabRefusedError as error:
        text = f"{' '.join(str(error).split())} Measuring works; only the lab does not."
        return Check(id="lab", status=Status.FAIL, text=text, remedy="sudo make demo · or hushmap lab demo --replay")
    except (LabError, Fault) as error:
        text = f"The lab does not start: {' '.join(str(error).split())[:300]}"
        return Check(id="lab", status=Status.FAIL, text=text, remedy="this is a fault of hushmap: please report it")
