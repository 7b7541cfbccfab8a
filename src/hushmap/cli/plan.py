"""`hushmap plan`: what a run would send, to whom, and who sees it. Sends nothing."""

from typing import Any

import click
import msgspec

from hushmap.cli import screen
from hushmap.cli.asking import said_once
from hushmap.cli.choosing import choose
from hushmap.cli.follow_text import following_lines
from hushmap.cli.options import RUNS, Wishes, asked, examples, json_option, wishes
from hushmap.cli.ordering import order
from hushmap.cli.place import helper_words, look_around
from hushmap.cli.plan_text import PlanText, lines, request_lines, ways
from hushmap.cli.seeing import named, planned, sendable, server
from hushmap.runner import RunPlan, asks
from hushmap.runs import ConsentRegister, load_settings


@examples("hushmap plan sites-global", "hushmap plan -f sites.txt --with none --all")
@click.command("plan")
@asked
@click.option("--all", "everything", is_flag=True, help="Print every first request, one a line, and what may follow.")
@json_option
def command(*, everything: bool, as_json: bool, **options: Any) -> None:
    """Show what a run would send, to whom, and who sees it. Sends nothing.

    DECK is the name of a question (hushmap deck list) or the path of one.
    """
    show(wishes(options), everything=everything, as_json=as_json)


def show(told: Wishes, *, everything: bool = False, as_json: bool = False, verb: tuple[str, ...] = ()) -> None:
    """Print what would be sent; `verb` is what was typed after `hushmap`, where that was not `plan`."""
    settings = load_settings()
    seed = told.seed or 0
    chosen = choose(told, uncategorised=said_once(settings, ConsentRegister()), seed=seed)
    place = look_around(told, settings)
    run = order(chosen, place, told, seed=seed)
    plan = planned(run, place)
    if as_json:
        more: dict[str, Any] = {"words": words} if (words := ways(chosen.on)) else {}
        more |= {"asks": _every(run), "then": list(following_lines(sendable(run)))} if everything else {}
        screen.out_json({**msgspec.to_builtins(plan), **more})
        return
    if everything:
        screen.out(named(line, place) for line in request_lines(asks(run)))
        screen.out(["", *following_lines(sendable(run))])
        return
    text = PlanText(
        plan=plan,
        on=chosen.on,
        off=chosen.off,
        parts=chosen.sources,
        vantage=place.vantage,
        resolvers=tuple(dict.fromkeys((*place.host.resolvers, *map(server, place.resolvers[1:])))),
        where=str(RUNS),
        command=typed(msgspec.structs.replace(told, experiment=None) if verb else told),
        verb=verb,
        toward=None if run.helper is None or run.own_address is None else named(run.helper.name, place),
    )
    screen.out(lines(text))


def _every(run: RunPlan) -> list[dict[str, Any]]:
    return [
        {"target": target.text if target else None, **msgspec.to_builtins(attempt)} for target, attempt in asks(run)
    ]


def typed(told: Wishes) -> tuple[str, ...]:
    """What was typed, to be typed again; a helper's string is a secret and is left to the settings."""
    words = [told.deck] if told.deck else []
    for option, values in (
        ("-i", told.urls),
        ("-f", told.files),
        ("--with", told.with_),
        ("--without", told.without),
        ("--resolver", told.resolvers),
        ("--other-resolver", told.other_resolvers),
    ):
        words += [word for value in values for word in (option, value)]
    words += [word for canary in told.canaries for word in ("--canary", canary)]
    single = (
        ("--experiment", told.experiment),
        ("--place", told.place),
        ("--encoding", told.encoding),
        ("--read-as", told.read_as),
        ("--baseline-word", told.baseline_word),
        ("--address", told.address),
        ("--network", told.network),
        ("--country", told.country),
        ("--max-data", told.max_data),
    )
    words += [word for option, value in single if value is not None for word in (option, str(value))]
    return (*words, *helper_words(told.helper))
