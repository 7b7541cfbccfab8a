"""`hushmap consent`: read what is asked, see what you agreed to, give it for a script, withdraw it.

No switch alone says yes where a person can be asked: at a terminal the text is shown and its number typed.
"""

import click

from hushmap.catalog import NONE, consent_text, consent_versions
from hushmap.cli import screen
from hushmap.cli.asking import (
    Question,
    consent,
    current_text,
    language,
    network_key,
    risk_words,
    text_lines,
    typed_answer,
)
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import examples, json_option
from hushmap.cli.wording import count, shell
from hushmap.model import CATEGORIES
from hushmap.net import Clock
from hushmap.runs import ConsentRegister, load_settings

_NETWORK = click.option("--network", metavar="'AS64501 Net-A'", help="The network; by default the one you are on.")
_COUNTRY = click.option(
    "--country", hidden=True, help="Taken so that a run's own options can be repeated; not looked at."
)


@examples("hushmap consent show", "hushmap consent withdraw --network 'AS64501 Net-A'")
@click.group("consent", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """What you agreed to, for which network; nothing is sent by any of this."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(show, as_json=False)


@examples("hushmap consent show", "hushmap consent show --json")
@command.command("show")
@json_option
def show(*, as_json: bool) -> None:
    """Show the text that is asked for now, and every consent that stands."""
    text, standing = current_text(), ConsentRegister().valid()
    if as_json:
        screen.out_json({"text": text, "consents": standing})
        return
    screen.out(text_lines(text, Question(network="", sites=0)))
    screen.out(["", count(len(standing), "consent stands", "consents stand") if standing else "No consent stands."])
    for one in standing:
        where = "a network without a declared name" if one.network.startswith("fingerprint:") else one.network
        risk = f" · with {risk_words(one.risk)}" if one.risk else ""
        screen.out([f"  {one.when}  text {one.text} ({one.language}) · {where}{risk}"])


@examples(
    "hushmap consent give 1 --network 'AS64501 Net-A'", "hushmap consent give 1 --network 'AS64501 Net-A' --risk LGBT"
)
@command.command("give")
@click.argument("version", metavar="TEXT-VERSION", type=int)
@_NETWORK
@click.option(
    "--risk", metavar="CAT", multiple=True, help="A risky category that you agree to, or none (repeatable)."
)
@click.option(
    "--i-have-read",
    "read",
    metavar="TEXT-VERSION",
    type=int,
    help="Where there is no terminal to ask at: the text that you have read and agree to.",
)
@_COUNTRY
def give(
    version: int,
    network: str | None,
    risk: tuple[str, ...],
    read: int | None,
    country: str | None,  # noqa: ARG001
) -> None:
    """Agree to a text, for a network, before `hushmap run` is called where it cannot ask (a script, a service).

    At a terminal the text is shown and its number has to be typed. Elsewhere --i-have-read must say which text a
    person has read: hushmap consent show.
    """
    versions = consent_versions()
    if version not in versions:
        raise Fault(f"there is no text {version}; the current one is {max(versions)} (hushmap consent show)")
    unknown = [code for code in risk if code not in {*CATEGORIES, NONE}]
    if unknown:
        raise Fault(f"{unknown[0][:40]!r} is no category; write e.g. --risk LGBT, or --risk none")
    declared = " ".join((network or load_settings().network or "").split()) or None
    question = Question(network=network_key(declared), declared=declared, risk=tuple(sorted(set(risk))))
    text = consent_text(version, language())
    screen.notes(text_lines(text, question))
    where = declared or "the network that you are on"
    if screen.at_terminal():
        typed = typed_answer(
            f"Type the number of this text ({version}) to agree, for {where}, or press Enter to stop: "
        )
        if typed.strip() != str(version):
            raise Fault(text.refused, Exit.CONSENT)
    elif read != version:
        raise Fault(
            "nobody is here to ask, so nothing was agreed to; at a terminal you are asked, elsewhere add: "
            f"--i-have-read {version}, if a person has read that text (hushmap consent show)",
            Exit.CONSENT,
        )
    ConsentRegister().give(consent(text, question))
    end = shell("hushmap", "consent", "withdraw", *(("--network", network) if network else ()))
    screen.note(f"Agreed, for {where}. End it: {end}")


@examples("hushmap consent withdraw", "hushmap consent withdraw --all")
@command.command("withdraw")
@_NETWORK
@click.option("--all", "everything", is_flag=True, help="End every consent, whatever the network.")
@_COUNTRY
def withdraw(network: str | None, country: str | None, *, everything: bool) -> int:  # noqa: ARG001
    """End the consents for a network; `hushmap run` asks again before anything is sent there."""
    declared = " ".join((network or load_settings().network or "").split()) or None
    ended = ConsentRegister().withdraw(Clock().iso(), None if everything else network_key(declared))
    screen.note(f"{count(ended, 'consent')} ended." if ended else "There was none to end.")
    return Exit.DONE
