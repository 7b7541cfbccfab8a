"""Builds the path and its boxes from a scenario."""

import random
from collections.abc import Callable
from ipaddress import ip_address
from itertools import groupby

from hushmap.lab.censors.box import Box, Log
from hushmap.lab.censors.dns import DnsInjection
from hushmap.lab.censors.http import BlockPage, HostReset, UrlReset
from hushmap.lab.censors.ip import AddressDrop, SynDrop
from hushmap.lab.censors.rule import Rule, Sighting
from hushmap.lab.censors.tcp import SynReset
from hushmap.lab.censors.tls import SniDrop, SniReset
from hushmap.lab.gateway import gateway_boxes
from hushmap.lab.loss import Link
from hushmap.lab.packet import Packet
from hushmap.lab.path import Path
from hushmap.lab.scenario import RESOLVER_KINDS, SERVER_KINDS, Censor, Scenario
from hushmap.lab.services.pages import NOTICE
from hushmap.lab.truth import TruthLog

RULES: dict[str, Callable[[Censor], Rule]] = {
    "dns-injection": lambda c: DnsInjection(c.names, c.words, c.addresses, answers=c.answers),
    "address-drop": lambda c: AddressDrop(c.addresses),
    "syn-reset": lambda c: SynReset(c.addresses),
    "geo-syn-drop": lambda c: SynDrop(c.addresses),
    "sni-reset": lambda c: SniReset(c.names, c.words, residual=c.residual_s),
    "sni-drop": lambda c: SniDrop(c.names, c.words),
    "host-reset": lambda c: HostReset(c.names, c.words),
    "url-reset": lambda c: UrlReset(c.words),
    "block-page": lambda c: BlockPage(c.names, c.words, page=NOTICE),
}
"""Every kind of rule on the path; those of `RESOLVER_KINDS` live in services/dns.py."""


def build_path(scenario: Scenario, seed: int, log: TruthLog) -> Path:
    """The path of a scenario; equal seeds lose the same slots."""
    settings = scenario.path
    outages = tuple((outage.start, outage.to) for outage in scenario.outage)
    out, back = (
        Link(
            random.Random(f"{seed} {direction}"),  # noqa: S311 (chance of a simulation)
            loss=settings.loss,
            burst=settings.burst,
            slots_per_s=settings.slots_per_s,
            outages=outages,
        )
        for direction in ("out", "back")
    )
    boxes = [*gateway_boxes(scenario, log), *build_boxes(scenario.censor, settings.hops, log)]
    return Path(hops=settings.hops, delay=settings.delay_ms / 1000, boxes=boxes, out=out, back=back)


def build_boxes(censors: tuple[Censor, ...], hops: int, log: TruthLog) -> list[Box]:
    """Neighbouring entries of one place and manner are one box; a server's own refusals stand at the last hop."""

    def place(censor: Censor) -> tuple[int, bool, str]:
        server = censor.kind in SERVER_KINDS
        return (hops if server else censor.at), censor.on_path, "server" if server else "path"

    on_path = [censor for censor in censors if censor.kind not in RESOLVER_KINDS]
    return [
        Box([RULES[censor.kind](censor) for censor in group], at=at, on_path=tap, log=_logger(log, by))
        for (at, tap, by), group in groupby(sorted(on_path, key=place), key=place)
    ]


def _logger(log: TruthLog, by: str) -> Log:
    def write(kind: str, sighting: Sighting, packet: Packet) -> None:
        server = ip_address(packet.server)
        port = packet.dport if packet.outward else packet.sport
        to = f"{server}:{port}" if server.version == 4 else f"[{server}]:{port}"
        log.write(by=by, kind=kind, mechanism=sighting.mechanism, what=sighting.what, to=to)

    return write
