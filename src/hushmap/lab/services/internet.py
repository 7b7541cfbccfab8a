"""The internet side: resolvers, web servers and the product's own helper, in one namespace."""

import asyncio
import datetime as dt
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hushmap.lab import tunnel
from hushmap.lab.addresses import (
    CLIENT,
    CLIENT6,
    HELPER,
    HONEST_RESOLVER,
    HONEST_RESOLVER6,
    ISP_RESOLVER,
)
from hushmap.lab.platform.serving import Platform
from hushmap.lab.scenario import Scenario
from hushmap.lab.scenario_sites import Site
from hushmap.lab.services.dns import Zone, serve_dns, synthesized
from hushmap.lab.services.doors import Doors
from hushmap.lab.services.doq import serve_doq
from hushmap.lab.services.encrypted import Inside
from hushmap.lab.services.pki import Authority
from hushmap.lab.services.quic import Quic
from hushmap.lab.services.web import Web
from hushmap.lab.truth import TruthLog

_HELPER_START_S = 20.0
"""The helper imports the measuring rooms and makes a key: 1 to 3 s on two busy cores."""
_SPEC = re.compile(rb"hushmap://\S+")
Ready = Callable[[str, str, str], None]
"""Told the roots file, the helper's settings string, and what went wrong."""
RESOLVERS = ((ISP_RESOLVER, True), (HONEST_RESOLVER, False), (HONEST_RESOLVER6, False))


def living_addresses(scenario: Scenario) -> list[str]:
    """Every address at which somebody is at home; packets to any other are lost, for everyone."""
    living = {HELPER, ISP_RESOLVER, HONEST_RESOLVER, HONEST_RESOLVER6, tunnel.SERVER}
    living |= {door.address for door in scenario.door}
    for site in scenario.site:
        living |= site.every_address - set(site.dead)
        living |= set(_translated(scenario, site))
    return sorted(living)


def _translated(scenario: Scenario, site: Site) -> tuple[str, ...]:
    """Where the translator of a NAT64 network answers for a site."""
    return synthesized(sorted(site.every_address - set(site.dead))) if scenario.client.nat64 else ()


def serve(
    scenario: Scenario,
    folder: Path,
    log: TruthLog,
    ready: Ready,
    *,
    helper: tuple[str, ...] = (),
    owner: tuple[int, int] | None = None,
) -> None:
    """Open every service, say so, and serve until killed."""
    asyncio.run(_serve(scenario, folder, log, ready, helper, owner))


async def _serve(
    scenario: Scenario,
    folder: Path,
    log: TruthLog,
    ready: Ready,
    helper: tuple[str, ...],
    owner: tuple[int, int] | None,
) -> None:
    world = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=scenario.client.clock_s)
    authority = Authority(folder, world)
    clients = frozenset({CLIENT, CLIENT6})
    zone = Zone(scenario, log, clients)
    await serve_dns(zone, RESOLVERS)
    inside = Inside(zone, clients)
    elsewhere = scenario.helper.state == "other-page"
    platforms = [Platform(one, time.time, scenario.scale) for one in scenario.platform]
    for platform in platforms:
        (folder / f"{platform.settings.site}.json").write_bytes(platform.truth())
    await Web(
        scenario.site,
        authority,
        elsewhere=elsewhere,
        translated=lambda site: _translated(scenario, site),
        inside=inside,
        platforms=platforms,
    ).serve()
    await serve_doq(scenario.site, authority, inside)
    await Quic(scenario.site, authority, clients=clients).serve()
    await Doors(scenario.door).serve()
    dark = _dark(HELPER)
    if any(change.kind == "vpn" for change in scenario.change):
        tunnel.serve()
    if not helper:
        ready(str(authority.roots), "", "")
        await asyncio.Event().wait()
    process, spec = await _start_helper(helper, owner, str(authority.roots))
    if scenario.helper.state == "down":
        process.kill()
        await process.wait()
    ready(str(authority.roots), spec, "" if spec else f"the helper did not start: {' '.join(helper)}")
    assert process.stdout is not None
    if scenario.helper.state == "down":
        await asyncio.Event().wait()
    while await process.stdout.readline():  # its output is read so that it never blocks
        continue
    dark.close()
    raise RuntimeError(f"the helper ended by itself with {await process.wait()}")


def _dark(address: str) -> socket.socket:
    """A port 53 at which nobody answers, not even the kernel: most hosts drop what they do not serve."""
    dark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    dark.bind((address, 53))
    return dark


async def _start_helper(
    command: tuple[str, ...], owner: tuple[int, int] | None, roots: str
) -> tuple[asyncio.subprocess.Process, str]:
    """Start the product's helper and read its settings string from what it prints."""
    drop: dict[str, Any] = {} if owner is None else {"user": owner[0], "group": owner[1], "extra_groups": []}
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={**os.environ, "HUSHMAP_ROOTS": roots}, **drop
    )
    assert process.stdout is not None
    spec = b""
    try:
        async with asyncio.timeout(_HELPER_START_S):
            while not spec and (line := await process.stdout.readline()):
                found = _SPEC.search(line)
                spec = found[0] if found else b""
    except TimeoutError:
        spec = b""
    return process, spec.decode()
