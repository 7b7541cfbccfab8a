"""Builds the path and its boxes from a scenario."""

import random
from collections.abc import Iterable
from ipaddress import ip_address
from itertools import groupby

from hushmap.lab.censors.box import Box, Log
from hushmap.lab.censors.catalogue import RESOLVER_KINDS, SERVER_KINDS, build
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import Sighting
from hushmap.lab.gateway import gateway_boxes
from hushmap.lab.line import Line
from hushmap.lab.loss import Link
from hushmap.lab.packet import Packet
from hushmap.lab.path import Path
from hushmap.lab.routers import Routers
from hushmap.lab.scenario import PathSettings, Scenario
from hushmap.lab.truth import TruthLog


def build_path(scenario: Scenario, seed: int, log: TruthLog) -> Path:
    """The path of a scenario; equal seeds lose the same slots."""
    settings = scenario.path
    outages = tuple((outage.start, outage.to) for outage in scenario.outage)
    boxes = [*gateway_boxes(scenario, log), *build_boxes(scenario.censor, settings.hops, log, seed)]
    return Path(
        routers=Routers(settings.hops, per_s=settings.icmp_per_s, burst=settings.icmp_burst, odd=settings.router),
        delay=settings.delay_ms / 1000,
        boxes=boxes,
        out=_line(settings, outages, settings.up_kbit_s, f"{seed} out"),
        back=_line(settings, outages, settings.down_kbit_s, f"{seed} back"),
    )


def _line(settings: PathSettings, outages: tuple[tuple[float, float], ...], kbit_s: float, seed: str) -> Line:
    """One direction of the access line; what is lost does not hang on how uneven the line is."""
    link = Link(
        random.Random(seed),  # noqa: S311 (chance of a simulation)
        loss=settings.loss,
        burst=settings.burst,
        slots_per_s=settings.slots_per_s,
        outages=outages,
    )
    return Line(
        link,
        rate=kbit_s * 1000 / 8,
        queue=settings.queue_ms / 1000,
        jitter=settings.jitter_ms / 1000,
        reorders=settings.reorders,
        rng=random.Random(f"{seed} jitter"),  # noqa: S311 (as above)
    )


def build_boxes(censors: tuple[Censor, ...], hops: int, log: TruthLog, seed: int = 1) -> list[Box]:
    """Neighbouring entries of one place and manner are one box; a server's own refusals stand at the last hop."""

    def place(censor: Censor) -> tuple[int, bool, bool, str]:
        server = censor.kind in SERVER_KINDS
        return (hops if server else censor.at), censor.on_path, censor.fragments, "server" if server else "path"

    def box(at: int, tap: bool, fragments: bool, by: str, group: Iterable[Censor]) -> Box:
        rules = [build(censor, seed) for censor in group]
        return Box(rules, at=at, on_path=tap, log=_logger(log, by), hops=hops, seed=seed, fragments=fragments)

    on_path = [censor for censor in censors if censor.kind not in RESOLVER_KINDS]
    return [box(*key, group) for key, group in groupby(sorted(on_path, key=place), key=place)]


def _logger(log: TruthLog, by: str) -> Log:
    def write(kind: str, sighting: Sighting, packet: Packet) -> None:
        server = ip_address(packet.server)
        port = packet.dport if packet.outward else packet.sport
        to = f"{server}:{port}" if server.version == 4 else f"[{server}]:{port}"
        log.write(by=by, kind=kind, mechanism=sighting.mechanism, what=sighting.what, to=to)

    return write
