"""An exported deck that changed is shown as a difference, and agreed to anew."""

import pytest

from hushmap.catalog import exported, open_deck
from hushmap.cli.deck_changes import agree_to_changes, change_lines, keep, kept_at, last_agreed
from hushmap.cli.fault import Exit, Fault

TOML = 'name = "ours"\ntitle = "{}"\nbaselines = ["www.example.com", "www.example.org"]\n[[part]]\nexperiment = "web"\nlist = "s.csv"\n'
OLD = "url,category_code\nhttps://news.example/,NEWS\nhttps://wiki.example/,CULTR\n"
NEW = "url,category_code\nhttps://news.example/,LGBT\nhttps://other.example/,NEWS\n"


def deck(path, rows=OLD, title="T"):
    """An exported deck."""
    path.write_bytes(exported("ours", TOML.format(title), {"s.csv": rows}))
    return open_deck(str(path))


def test_a_deck_that_is_run_first_is_remembered(home):
    """Then the same one starts without a question."""
    one = deck(home / "a.deck")
    agree_to_changes(one, None)
    agree_to_changes(one, None)
    assert kept_at("ours").read_bytes() == (home / "a.deck").read_bytes()


def test_a_changed_deck_starts_only_after_its_number_was_typed(home, capsys):
    """What is gone, new and changed is shown; where nobody is there nothing is sent: exit code 3."""
    agree_to_changes(deck(home / "a.deck"), None)
    changed = deck(home / "b.deck", NEW, "U")
    for ask in (None, lambda _: "1", lambda _: ""):
        with pytest.raises(Fault) as caught:
            agree_to_changes(changed, ask)
        assert caught.value.exit_code == Exit.CONSENT
    said = capsys.readouterr().err
    for line in ("- title T", "+ title U", "- web https://wiki.example/ (CULTR)", "+ web https://other.example/ (NEWS)",
                 "- web https://news.example/ (NEWS)", "+ web https://news.example/ (LGBT, off)",
                 "1 target new, 1 gone, 1 changed, 0 as before"):  # fmt: skip
        assert line in said, line
    agree_to_changes(changed, lambda _: "2")
    assert last_agreed("ours") == open_deck(str(kept_at("ours")))
    assert last_agreed("ours").sha256 == changed.sha256


def test_other_decks_are_not_asked_about(home):
    """A deck with its lists beside it is a file of the person's own."""
    agree_to_changes(open_deck("sites-global"), None)
    assert last_agreed("sites-global") is None


def test_what_was_kept_and_is_damaged_was_never_agreed_to(home):
    """And a folder that cannot be written is one line."""
    one = deck(home / "a.deck")
    keep(one)
    kept_at("ours").write_bytes(b"x")
    assert last_agreed("ours") is None
    kept_at("ours").unlink()
    kept_at("ours").mkdir()
    with pytest.raises(Fault, match="check the permissions"):
        keep(one)


def test_baselines_that_are_others_are_shown(home):
    """They are asked for in every pair."""
    before = deck(home / "a.deck")
    (home / "b.deck").write_bytes(
        exported("ours", TOML.format("T").replace("www.example.org", "www.iana.org"), {"s.csv": OLD})
    )
    said = "\n".join(change_lines(before, open_deck(str(home / "b.deck"))))
    assert "+ baselines www.example.com, www.iana.org" in said
    assert "2 as before" in said
