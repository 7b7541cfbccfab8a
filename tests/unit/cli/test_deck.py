"""`hushmap deck`: list, show, new."""

import json

import pytest

from hushmap.catalog import open_deck
from unit.cli.scene import NETWORK


def test_the_shipped_decks_are_listed(hushmap):
    """Each shipped deck has its line, and its object with --json."""
    text = hushmap("deck", "list").stdout
    objects = [json.loads(line) for line in hushmap("deck", "list", "--json").stdout.splitlines()]
    assert {"sites-global", "sites-china", "words-china", "lab-demo"} <= {one["name"] for one in objects}
    assert all(f"{one['name']} " in text for one in objects)


def test_one_deck_is_shown_with_source_and_reason(hushmap):
    """Every target has its state, category, reason and source."""
    text = hushmap("deck", "show", "sites-global").stdout
    deck = open_deck("sites-global")
    assert all(target.text in text for target in deck.targets)
    assert "  off " in text
    assert json.loads(hushmap("deck", "show", "sites-global", "--json").stdout)["sha256"] == deck.sha256


def test_a_new_deck_can_be_planned_by_its_name(hushmap, home):
    """What `new` writes is what `plan` reads, categories and all."""
    made = hushmap("deck", "new", "mine", "-f", "sites.csv", "-i", "https://more.example/", "--title", 'Mine "too"')
    assert (made.exit_code, made.stderr.split(".")[0]) == (0, "mine")
    deck = open_deck("./mine.toml")
    assert (deck.title, len(deck.targets)) == ('Mine "too"', 4)
    assert [target.category for target in deck.targets] == ["NEWS", "HUMR", "LGBT", None]
    assert hushmap("plan", "mine").stdout.splitlines()[1].startswith("mine · 2 sites")
    assert hushmap("deck", "show", "mine").exit_code == 0


def test_a_new_deck_elsewhere_with_baselines_of_its_own(hushmap, home):
    """-o names the folder, --baseline the harmless names."""
    words = ("-f", "sites.csv", "-o", home / "decks", "--baseline", "a.example.net", "--baseline", "b.example.net")
    assert hushmap("deck", "new", "mine", *words).exit_code == 0
    assert open_deck(str(home / "decks" / "mine.toml")).baselines == ("a.example.net", "b.example.net")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sites-global", "-f", "sites.csv"], "a deck of the name sites-global comes with hushmap"),
        (["Not_A_Name", "-f", "sites.csv"], "'Not_A_Name' is no name for a deck"),
        (["mine", "-f", "sites.csv", "--baseline", "a.example.net"], "1 baselines; name exactly two"),
        (["mine"], "nothing to measure was named"),
        (["mine", "-f", "sites.csv", "-o", "sites.csv/x"], "choose another folder"),
    ],
)
def test_a_deck_that_could_not_be_read_is_not_left_behind(hushmap, home, words, said):
    """A fault is one line, exit code 2, and no file."""
    before = sorted(home.rglob("*.toml"))
    done = hushmap("deck", "new", *words)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr
    assert sorted(home.rglob("*.toml")) == before


def test_nothing_is_overwritten(hushmap):
    """A deck that is there already stays as it is."""
    assert hushmap("deck", "new", "mine", "-f", "sites.csv").exit_code == 0
    again = hushmap("deck", "new", "mine", "-f", "sites.csv")
    assert again.exit_code == 2
    assert "mine.toml is there already" in again.stderr


def test_a_deck_is_exported_as_one_file_that_plan_takes(hushmap, home):
    """With its lists; exporting it again from the file gives the same bytes."""
    done = hushmap("deck", "export", "sites-global", "-o", "a.deck", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["targets"] > 0
    assert hushmap("deck", "export", "./a.deck", "-o", "b.deck").exit_code == 0
    assert (home / "a.deck").read_bytes() == (home / "b.deck").read_bytes()
    ours, theirs = (
        [
            target["text"]
            for part in json.loads(hushmap("deck", "show", name, "--json").stdout)["parts"]
            for target in part["targets"]
        ]
        for name in ("sites-global", "a.deck")
    )
    assert ours == theirs
    assert hushmap("plan", "a.deck", *NETWORK).exit_code == 0


def test_an_export_overwrites_nothing_and_leaves_nothing_half(hushmap, home):
    """A name that is taken, another ending, a folder that is not there, a deck that is none."""
    (home / "there.deck").write_text("mine")
    for words, said in (
        (("sites-global", "-o", "there.deck"), "is there already"),
        (("sites-global", "-o", "a.toml"), "end it in .deck"),
        (("sites-global", "-o", "no/a.deck"), "choose another file"),
        (("no-such-deck", "-o", "a.deck"), "there is no deck of this name"),
    ):
        done = hushmap("deck", "export", *words)
        assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert (home / "there.deck").read_text() == "mine"


def test_a_changed_deck_is_agreed_to_before_a_script_runs_it(hushmap, home, person):
    """At a terminal by its number."""
    assert hushmap("deck", "export", "sites-global", "-o", "a.deck").exit_code == 0
    assert hushmap("deck", "agree", "a.deck", answer="0\n").exit_code == 3
    total = len(
        [
            1
            for part in json.loads(hushmap("deck", "show", "a.deck", "--json").stdout)["parts"]
            for _ in part["targets"]
        ]
    )
    assert hushmap("deck", "agree", "a.deck", answer=f"{total}\n").exit_code == 0
    assert "is not the one that was agreed to" in hushmap("deck", "agree", "a.deck", answer="\n").stdout


def test_a_script_names_the_hash_that_a_person_has_read(hushmap, home):
    """Twelve digits of it at least."""
    assert hushmap("deck", "export", "sites-global", "-o", "a.deck").exit_code == 0
    sha256 = json.loads(hushmap("deck", "show", "a.deck", "--json").stdout)["sha256"]
    assert hushmap("deck", "agree", "a.deck").exit_code == 3
    assert hushmap("deck", "agree", "a.deck", "--i-have-read", sha256[:6]).exit_code == 3
    assert hushmap("deck", "agree", "a.deck", "--i-have-read", sha256[:12]).exit_code == 0
    assert hushmap("deck", "agree", "sites.csv").exit_code == 2
