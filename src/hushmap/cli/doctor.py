"""`hushmap doctor`: what here changes what a result can mean, and how to put it right."""

import asyncio

import click

from hushmap.cli import screen
from hushmap.cli.asking import Question, agreed_once, network_key, typed_answer
from hushmap.cli.checks import offline
from hushmap.cli.choosing import BASELINES
from hushmap.cli.doctor_text import Check, Status, lines
from hushmap.cli.fault import Exit
from hushmap.cli.options import HELPER_HELP, RUNS, Wishes, examples, json_option
from hushmap.cli.place import Place, look_around
from hushmap.cli.starting import open_net
from hushmap.model import SYSTEM_RESOLVER, Ask, Layer
from hushmap.net import PUBLIC_HELPERS, Clock, Net, OoniSpec
from hushmap.runs import ConsentRegister, load_settings

NAME = BASELINES[0]
"""The one harmless name that --online asks about."""


@examples("hushmap doctor", "hushmap doctor --online --network 'AS64501 Net-A' --country XE")
@click.command("doctor")
@click.option("--online", is_flag=True, help="Send 3 requests, none to a listed site, to see whether all answers.")
@click.option("--network", metavar="'AS64501 Net-A'", help="The network that you are on.")
@click.option("--country", metavar="XE", help="The country that you are in, two letters.")
@click.option("--resolver", "resolvers", metavar="ADDRESS", multiple=True, help="Your provider's DNS server.")
@click.option(
    "--other-resolver", "other_resolvers", metavar="ADDRESS", multiple=True, help="A DNS server of somebody else."
)
@click.option("--helper", metavar="STRING", help=HELPER_HELP)
@click.option("--roots", metavar="FILE", envvar="HUSHMAP_ROOTS", help="PEM file of roots (tests, the lab).")
@json_option
def command(
    *,
    online: bool,
    network: str | None,
    country: str | None,
    resolvers: tuple[str, ...],
    other_resolvers: tuple[str, ...],
    helper: str | None,
    roots: str | None,
    as_json: bool,
) -> int:
    """Check this computer, its network and your settings; exit code 1 if a check fails.

    Nothing is sent without --online, which needs a consent for this network.
    """
    told = Wishes(
        network=network,
        country=country,
        resolvers=resolvers,
        other_resolvers=other_resolvers,
        helper=helper,
        roots=roots,
    )
    place = look_around(told, load_settings())
    checks = list(offline(place, RUNS))
    if online:
        agree(place)
        checks += asyncio.run(sent(place))
    if as_json:
        screen.out_json({"checks": checks})
    else:
        screen.out(lines(checks, online=online))
    return Exit.NO if any(check.status is Status.FAIL for check in checks) else Exit.DONE


def agree(place: Place) -> None:
    """Nothing is sent before a consent; one that is given here is for these three requests only."""
    question = Question(network=network_key(place.network), declared=place.network, sites=1)
    agreed_once(question, ConsentRegister(), typed_answer if screen.at_terminal() else None)


async def sent(place: Place) -> list[Check]:
    """The three requests: a name, its server, the helper."""
    net = open_net(place, Clock(), None)
    try:
        return [*await _site(net), *await _helper(net, place)]
    finally:
        net.close()


async def _site(net: Net) -> list[Check]:
    lookup = await net.ask(Ask(layer=Layer.DNS, name=NAME, qtype="A", resolver=SYSTEM_RESOLVER))
    found = [address for step in lookup.steps for address in getattr(step, "addresses", ())]
    if not found:
        text = f"The harmless name {NAME} was not found: the network or its DNS server does not work."
        remedy = "see whether other programs reach the Internet here"
        return [Check(id="lookup", status=Status.FAIL, text=text, remedy=remedy)]
    checks = [Check(id="lookup", status=Status.OK, text=f"{NAME} was found")]
    shaken = await net.ask(Ask(layer=Layer.TLS, address=found[0], port=443, sni=NAME))
    step = shaken.steps[-1] if shaken.steps else None
    if step is not None and step.failure is None:
        return [*checks, Check(id="tls", status=Status.OK, text=f"{NAME} answers with a valid certificate")]
    how = step.failure.value if step is not None and step.failure is not None else shaken.undone
    text = (
        f"{NAME} does not answer as it should ({how}): somebody may stand between, or this computer's clock is wrong."
    )
    return [*checks, Check(id="tls", status=Status.FAIL, text=text, remedy="see the date; try from another network")]


async def _helper(net: Net, place: Place) -> list[Check]:
    if place.helper is None:
        return []
    watch = await net.watch_helper()
    if watch is None:
        return [
            Check(id="helper_answers", status=Status.WARN, text="The helper answers; it has not yet looked around.")
        ]
    if watch.reached:
        offset = net.clock_offset
        clock = "" if offset is None or abs(offset) < 90 else f" · this computer's clock is {offset:+.0f} s from its"
        return [Check(id="helper_answers", status=Status.OK, text=f"The helper answers and is online{clock}")]
    text = "The helper does not answer, or is not online itself: nothing could be compared with elsewhere."
    remedy = "look at the server: hushmap serve helper; see whether its port is open"
    if isinstance(place.helper, OoniSpec):
        remedy = (
            f"give another one, e.g. --helper {next(url for url in PUBLIC_HELPERS if url not in place.helper.url)}"
        )
    return [Check(id="helper_answers", status=Status.FAIL, text=text, remedy=remedy)]
