"""Consent before any packet: asked once for each text version, network and risk, and never given by a switch.

A network is known by what the person calls it, else by a keyed hash of its interface, route and resolvers; the key
lies beside the register and never leaves this computer, so that nobody else can tell from a record where it was made.
"""

import os
from collections.abc import Callable, Iterable

import msgspec

from hushmap.catalog import NONE, ConsentText, consent_languages, consent_text, consent_versions
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.wording import category, listed, shell, wrapped
from hushmap.net import Clock, fingerprint
from hushmap.runs import Consent, ConsentRegister, Settings, data_dir


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is asked to agree to."""

    network: str
    """What the consent will be kept by."""
    declared: str | None = None
    """The network as the person calls it."""
    risk: tuple[str, ...] = ()
    sites: int = 0
    words: int = 0

    @property
    def count(self) -> int:
        """The number to be typed."""
        return self.sites + self.words


def network_key(declared: str | None) -> str:
    """What tells this network from another, in the register."""
    if declared is not None:
        return declared
    path = data_dir() / "network.key"
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = f"{Clock().seed():016x}".encode()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(key)
        except OSError as error:
            raise Fault(f"{path}: {error.strerror}; check the permissions of its folder") from None
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; check its permissions") from None
    return f"fingerprint:{fingerprint(key[:64] or b'-')}"


def language() -> str:
    """The reader's language, as far as there is a text in it."""
    wanted = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    code = wanted.partition("_")[0].partition(".")[0].lower()
    return code if code in consent_languages(max(consent_versions())) else "en"


def current_text(lang: str | None = None) -> ConsentText:
    """The text that is asked for now."""
    return consent_text(max(consent_versions()), lang or language())


def text_lines(text: ConsentText, question: Question) -> list[str]:
    """The text as it is shown, filled in for this run; without a run, for N sites and words."""
    things = _things(text, question)
    fields = {"count": str(question.count or "N"), "things": things, "risky": risk_words(question.risk)}
    bullets = (*text.bullets, *((text.risky,) if question.risk else ()))
    return [text.heading, *(line for bullet in bullets for line in wrapped(_fill(bullet, fields), "  - ", "    "))]


def question_line(text: ConsentText, question: Question) -> str:
    """What is asked at the end."""
    return _fill(text.question, {"count": str(question.count), "things": _things(text, question)})


def _things(text: ConsentText, question: Question) -> str:
    if bool(question.sites) is bool(question.words):
        return text.both
    return text.words if question.words else text.sites


def _fill(text: str, fields: dict[str, str]) -> str:
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def risk_words(risk: Iterable[str]) -> str:
    """Risky categories in words, with the names that switch them on."""
    return listed(f"{category(code)} ({code})" for code in risk)


def agreed(question: Question, register: ConsentRegister, ask: Callable[[str], str] | None = None) -> str:
    """The reference of a consent that covers this run: one on record, or one that is given now.

    Args:
        question: what is to be agreed to.
        register: where consents are kept.
        ask: puts a question to the person and gives what was typed; `None`: nobody is there.

    Raises:
        Fault: There is none (exit code 3); nothing was sent.
    """
    text = current_text()
    known = register.find(text.version, question.network, question.risk)
    if known is not None:
        return known.ref
    _ask(text, question, ask)
    return register.give(consent(text, question))


def agreed_once(question: Question, register: ConsentRegister, ask: Callable[[str], str] | None) -> None:
    """The same for what is no run: what is agreed to here is not kept, since it was about less than a run.

    Raises:
        Fault: There is no consent (exit code 3); nothing was sent.
    """
    text = current_text()
    if register.find(text.version, question.network, question.risk) is None:
        _ask(text, question, ask)


def _ask(text: ConsentText, question: Question, ask: Callable[[str], str] | None) -> None:
    if ask is None:
        raise Fault(
            "no consent for this network is on record and nobody is here to ask: nothing was sent; read the text "
            f"(hushmap consent show), then: {command_for(text.version, question)}",
            Exit.CONSENT,
        )
    screen.notes(text_lines(text, question))
    if ask(question_line(text, question)).strip() != str(question.count):
        raise Fault(text.refused, Exit.CONSENT)


def said_once(settings: Settings, register: ConsentRegister) -> bool:
    """Whether the person has said before that rows without a category may be asked (METHOD 5: once)."""
    return settings.uncategorised or any(NONE in consent.risk for consent in register.valid())


def consent(text: ConsentText, question: Question) -> Consent:
    """An agreement as the register keeps it."""
    clock = Clock()
    return Consent(
        text=text.version,
        language=text.language,
        network=question.network,
        risk=question.risk,
        count=question.count,
        when=clock.iso(),
    )


def command_for(version: int, question: Question) -> str:
    """How the consent is given where nobody can be asked."""
    words = ["hushmap", "consent", "give", str(version)]
    if question.declared is not None:
        words += ["--network", question.declared]
    return shell(*words, *(word for code in question.risk for word in ("--risk", code)))


def may_lead(url: str, target: str) -> bool:
    """Whether the person lets an address lead to another host; where nobody can be asked, it may not."""
    if not screen.at_terminal():
        return False
    screen.note(f"{url} leads to another host: {target}")
    typed = typed_answer("Ask there? That host then sees this computer's address. (y, or Enter to stop) ")
    return typed.strip().lower() in {"y", "yes"}


def typed_answer(prompt: str) -> str:
    """What the person types; nothing at the end of input."""
    screen.note(prompt)
    try:
        return input()
    except EOFError:
        return ""
