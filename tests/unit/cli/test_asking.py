"""Consent: asked once for each text, network and risk; never given by a switch."""

import pytest

from hushmap.catalog import NONE
from hushmap.cli import asking
from hushmap.cli.asking import (
    Question,
    agreed,
    agreed_once,
    command_for,
    current_text,
    may_lead,
    network_key,
    said_once,
)
from hushmap.cli.fault import Exit, Fault
from hushmap.runs import ConsentRegister, Settings
from unit.cli.scene import changed

QUESTION = Question(network="AS64501 Net-A", declared="AS64501 Net-A", sites=2)


def _typing(answer):
    return lambda prompt: answer


def test_what_was_agreed_to_is_not_asked_again():
    """A consent on record covers the same network with no more risk, and nothing else."""
    register = ConsentRegister()
    given = agreed(changed(QUESTION, risk=("LGBT",)), register, _typing("2"))
    assert agreed(QUESTION, register, None) == given
    for other in (changed(QUESTION, network="AS64502 Net-B"), changed(QUESTION, risk=("LGBT", "GMB"))):
        with pytest.raises(Fault, match="nothing was sent") as fault:
            agreed(other, register, None)
        assert fault.value.exit_code == Exit.CONSENT


def test_a_consent_for_less_than_a_run_is_not_kept():
    """What is agreed to for three harmless requests does not let a run start."""
    register = ConsentRegister()
    agreed_once(changed(QUESTION, sites=1), register, _typing("1"))
    assert register.valid() == ()
    with pytest.raises(Fault, match="nothing was sent"):
        agreed_once(QUESTION, register, None)
    agreed(QUESTION, register, _typing(" 2 "))
    agreed_once(QUESTION, register, None)


def test_the_text_is_filled_in(capsys):
    """The person reads how many of what, and which risky categories."""
    with pytest.raises(Fault, match="Stopped"):
        agreed(changed(QUESTION, risk=("GMB", NONE)), ConsentRegister(), _typing(""))
    text = capsys.readouterr().err
    assert "these 2 sites were asked for" in text
    assert "You switched on gambling (GMB) and without a category (none)." in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("sites", "words", "things"), [(1, 0, "1 sites"), (0, 3, "3 words"), (2, 3, "5 sites and words")]
)
def test_sites_and_words_are_named(sites, words, things):
    """What is counted has its name."""
    question = changed(QUESTION, sites=sites, words=words)
    assert f"these {things} were" in "\n".join(asking.text_lines(current_text(), question)).replace("\n    ", " ")


def test_without_a_run_it_is_n_of_both():
    """The text can be read before there is a run."""
    lines = asking.text_lines(current_text(), Question(network=""))
    assert "these N sites and words" in " ".join(lines)


def test_a_network_without_a_name_is_known_by_a_keyed_fingerprint(home):
    """The key is made once, for this person's eyes, and stays."""
    first = network_key(None)
    path = home / "xdg_data_home" / "hushmap" / "network.key"
    assert first == network_key(None) == "fingerprint:here-16"
    assert path.stat().st_mode & 0o777 == 0o600
    assert network_key("AS64501 Net-A") == "AS64501 Net-A"


def test_a_key_that_cannot_be_used_is_a_fault(home):
    """Where the key cannot be read or made the reason is told."""
    folder = home / "xdg_data_home" / "hushmap"
    (folder / "network.key").mkdir(parents=True)
    with pytest.raises(Fault, match=r"network\.key"):
        network_key(None)
    (folder / "network.key").rmdir()
    folder.rmdir()
    folder.write_text("")
    with pytest.raises(Fault, match=r"network\.key: "):
        network_key(None)


@pytest.mark.parametrize(
    ("variable", "value", "language"),
    [("LANG", "zh_CN.UTF-8", "zh"), ("LC_ALL", "C", "en"), ("LANG", "fr_FR", "en"), ("LC_MESSAGES", "zh", "zh")],
)
def test_the_text_is_in_the_readers_language(monkeypatch, variable, value, language):
    """The locale decides, as far as there is a text in it."""
    monkeypatch.setenv(variable, value)
    assert (asking.language(), current_text().language) == (language, language)


def test_rows_without_a_category_are_agreed_to_once():
    """The settings, or one consent that held them, say so."""
    register = ConsentRegister()
    assert not said_once(Settings(), register)
    assert said_once(Settings(uncategorised=True), register)
    agreed(changed(QUESTION, risk=(NONE,)), register, _typing("2"))
    assert said_once(Settings(), register)


def test_the_command_that_gives_it():
    """What a script has to type."""
    assert command_for(1, Question(network="x")) == "hushmap consent give 1"


def test_no_answer_is_an_answer(monkeypatch):
    """At the end of input nothing was typed."""
    monkeypatch.setattr("builtins.input", lambda: (_ for _ in ()).throw(EOFError()))
    assert asking.typed_answer("?") == ""


@pytest.mark.parametrize(("typed", "may"), [("y", True), (" Yes", True), ("", False), ("no", False)])
def test_a_person_is_asked_where_an_address_may_lead(person, monkeypatch, capsys, typed, may):
    """Both addresses are shown before anything is sent."""
    monkeypatch.setattr("builtins.input", lambda: typed)
    assert may_lead("https://a.example/x", "https://b.example/y") is may
    assert capsys.readouterr().err.startswith("https://a.example/x leads to another host: https://b.example/y\n")


def test_where_nobody_is_asked_no_address_leads_elsewhere(monkeypatch):
    """A script names the second address itself."""
    monkeypatch.setattr("hushmap.cli.screen.at_terminal", lambda: False)
    assert not may_lead("https://a.example/x", "https://b.example/y")
