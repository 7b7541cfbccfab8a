"""`hushmap consent`: read, give, withdraw."""

import json

import pytest

from hushmap.runs import ConsentRegister


def test_it_is_shown_given_and_withdrawn(hushmap):
    """A consent that is given is listed, and gone when it is withdrawn."""
    assert hushmap("consent").stdout.endswith("\nNo consent stands.\n")
    given = hushmap(
        "consent", "give", 1, "--i-have-read", 1, "--network", "AS64501  Net-A", "--risk", "LGBT", "--risk", "none"
    )
    assert (given.exit_code, given.stdout) == (0, "")
    assert "Agreed, for AS64501 Net-A." in given.stderr
    shown = hushmap("consent", "show").stdout
    assert "1 consent stands" in shown
    assert "text 1 (en) · AS64501 Net-A · with LGBT (LGBT) and without a category (none)" in shown
    assert (
        "1 consent ended." in hushmap("consent", "withdraw", "--network", "AS64501 Net-A", "--country", "XE").stderr
    )
    assert "There was none to end." in hushmap("consent", "withdraw", "--all").stderr


def test_a_network_without_a_name(hushmap):
    """A consent for the network that one is on is listed without its fingerprint."""
    hushmap("consent", "give", 1, "--i-have-read", 1)
    shown = hushmap("consent", "show").stdout
    assert "a network without a declared name" in shown
    assert "fingerprint" not in shown


def test_settings_name_the_network(hushmap, home):
    """What the settings call the network counts as typed."""
    folder = home / "xdg_config_home" / "hushmap"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('network = "AS64501 Net-A"\n')
    hushmap("consent", "give", 1, "--i-have-read", 1)
    assert ConsentRegister().valid()[0].network == "AS64501 Net-A"
    hushmap("consent", "withdraw")
    assert ConsentRegister().valid() == ()


def test_json(hushmap):
    """--json has the text and every consent."""
    hushmap("consent", "give", 1, "--i-have-read", 1, "--network", "AS64501 Net-A")
    shown = json.loads(hushmap("consent", "show", "--json").stdout)
    assert shown["text"]["version"] == 1
    assert [one["network"] for one in shown["consents"]] == ["AS64501 Net-A"]


def test_nobody_agrees_in_silence(hushmap):
    """Without a terminal the text that was read has to be named: else exit code 3, and nothing is on record."""
    for words in ([], ["--i-have-read", 2]):
        done = hushmap("consent", "give", 1, *words)
        assert (done.exit_code, ConsentRegister().valid()) == (3, ())
        assert "nobody is here to ask, so nothing was agreed to" in done.stderr


def test_at_a_terminal_the_number_of_the_text_is_typed(hushmap, person):
    """The text is shown and asked about, whatever options were given; anything but its number is no consent."""
    for answer in ("", "yes\n", "2\n"):
        done = hushmap("consent", "give", 1, "--i-have-read", 1, answer=answer)
        assert (done.exit_code, ConsentRegister().valid()) == (3, ())
        assert "Type the number of this text (1) to agree" in done.stderr
    done = hushmap("consent", "give", 1, "--network", "AS64501 Net-A", answer="1\n")
    assert (done.exit_code, len(ConsentRegister().valid())) == (0, 1)
    assert "End it: hushmap consent withdraw --network 'AS64501 Net-A'" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [(["2"], "there is no text 2; the current one is 1"), (["1", "--risk", "BAD"], "'BAD' is no category")],
)
def test_what_does_not_exist_cannot_be_agreed_to(hushmap, words, said):
    """Another text, or a category that there is not, is bad usage and gives nothing."""
    done = hushmap("consent", "give", *words)
    assert (done.exit_code, ConsentRegister().valid()) == (2, ())
    assert said in done.stderr
