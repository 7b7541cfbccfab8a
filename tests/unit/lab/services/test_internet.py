"""The internet side: who is at home there, and how the helper's words are read."""

import asyncio
import sys

from hushmap.lab.addresses import HELPER, HONEST_RESOLVER, ISP_RESOLVER
from hushmap.lab.scenario import load_scenario, parse_scenario
from hushmap.lab.services.internet import _start_helper, living_addresses

DEMO = load_scenario("demo")


def test_dead_addresses_have_nobody_at_home():
    """Resolvers, helper and sites live; a dead address, a dropped answer and a stranger do not."""
    living = living_addresses(DEMO)
    assert {HELPER, HONEST_RESOLVER, ISP_RESOLVER, "198.51.100.20", "198.51.100.32", "2001:db8:2::21"} <= set(living)
    assert not {"198.51.100.28", "198.51.100.34", "203.0.113.67", "2001:db8:66::1"} & set(living)


def test_the_translator_answers_for_every_site_that_lives():
    """In a NAT64 network a site lives at its synthesized address too, a dead one does not."""
    text = (
        'name = "x"\n[client]\nnat64 = true\n[[site]]\nname = "a.example"\naddresses = ["198.51.100.1"]\n'
        '[[site]]\nname = "b.example"\naddresses = ["198.51.100.2"]\ndead = ["198.51.100.2"]\n'
    )
    living = living_addresses(parse_scenario(text))
    assert "64:ff9b::c633:6401" in living
    assert "64:ff9b::c633:6402" not in living


def test_every_censored_address_is_alive():
    """Otherwise a drop could not be told from a dead server: the helper must reach it."""
    dropped = {address for censor in DEMO.censor if "dns" not in censor.kind for address in censor.addresses}
    assert dropped <= set(living_addresses(DEMO))


def started(script):
    """What a helper that is this script says of itself."""

    async def start():
        process, spec = await _start_helper((sys.executable, "-c", script), None, "roots.pem")
        await process.communicate()
        return process.returncode, spec

    return asyncio.run(start())


def test_the_settings_string_is_read_from_what_the_helper_prints():
    """Whatever stands around it; the roots are handed over in its environment."""
    script = "import os; print('Serving'); print('give this: hushmap://t@h:1#sha256=0 to clients', os.environ['HUSHMAP_ROOTS'])"
    assert started(script) == (0, "hushmap://t@h:1#sha256=0")


def test_a_helper_that_ends_has_no_settings_string():
    """Which the lab says as an error."""
    assert started("raise SystemExit(3)") == (3, "")
