"""Once more only what an earlier run left open or found cut off."""

import pytest

from hushmap.cli.again import meant
from hushmap.cli.fault import Exit
from hushmap.runs import RunFolder, all_runs
from unit.cli.scene import HELPER, NETWORK


def _again(hushmap, measured, *words):
    return hushmap("run", "--again", *words, "--helper", HELPER, "-o", measured.parent, "-q")


def test_what_was_blocked_is_asked_about_again(hushmap, measured, stage):
    """One of two sites, with the same deck and baselines, on the network of then; the manifest says what it repeats."""
    before = len(stage.log)
    done = _again(hushmap, measured, "blocked")
    assert done.exit_code == 0, done.output
    first, second = (info.manifest for info in all_runs(measured.parent))
    assert [target.text for target in second.targets] == ["https://site-0.example/"]
    assert (second.repeats.run, second.repeats.which, first.repeats) == (first.run, "blocked", None)
    same = ("deck", "deck_sha256", "baselines", "resolvers", "parts", "vantage")
    assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]
    assert len(stage.log) > before
    assert "    1  Blocked" in done.stdout


@pytest.mark.parametrize("named", ["site-1.example", "https://site-1.example/", "20261121T2233Z-0001-0001"])
def test_a_single_target_is_named_as_in_show(hushmap, measured, named):
    """By its host, its whole address, or its record."""
    folder = RunFolder.open(measured)
    targets = [target.text for target in meant(folder, named)]
    expected = folder.manifest.targets[1].text if named[-1] == "1" and named[0] == "2" else "https://site-1.example/"
    assert targets == [expected]


def test_nothing_of_that_kind_is_no_run(hushmap, measured, stage):
    """Exit code 4, one line, nothing sent."""
    before = len(stage.log)
    done = _again(hushmap, measured, "undecided")
    assert (done.exit_code, len(stage.log)) == (Exit.NOTHING, before)
    assert "nothing in the run 20261121T2233Z-0001 is undecided: see hushmap show --run" in done.stderr


def test_what_was_left_undecided_is_asked_about_again(hushmap, stage, home):
    """Without a helper a site that is silent is not decided; with one it alone is tried once more."""
    stage.world.dead.add(stage.world.address("site-0.example"))
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "-q").exit_code == 0
    assert "    1  Not decided" in hushmap("run", "--again", "undecided", "-q").stdout
    assert [len(info.manifest.targets) for info in all_runs(home / "results/runs")] == [2, 1]


def test_risky_categories_are_not_repeated_by_themselves(hushmap, stage, home):
    """Agreed to once, each is named anew all the same, or its target; without it nothing is sent there."""
    stage.world.cut_names |= {"site-0.example", "site-2.example"}
    assert hushmap("consent", "give", 1, "--i-have-read", 1, "--risk", "LGBT", *NETWORK).exit_code == 0
    ours = ("--helper", HELPER, "-o", home / "runs")
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "--with", "LGBT", *ours, "-q").exit_code == 0
    (first,) = (info.run for info in all_runs(home / "runs"))
    for words, expected in (
        (("blocked",), {"site-0"}),
        (("blocked", "--with", "LGBT"), {"site-0", "site-2"}),
        (("blocked", "--with", "LGBT", "--without", "site-0.example"), {"site-2"}),
        (("site-2.example",), {"site-2"}),
    ):
        done = hushmap("run", "--again", *words, "--run", first, *ours)
        assert done.exit_code == 0, done.output
        found = {target.text[8:14] for target in all_runs(home / "runs")[-1].manifest.targets}
        assert found == expected
        assert ("1 target left out: risky categories" in done.stderr) is (words == ("blocked",))


def test_an_unknown_name_is_told_with_the_nearest(hushmap, measured):
    """As show does."""
    done = _again(hushmap, measured, "sit-1.example")
    assert done.exit_code == Exit.USAGE
    assert "did you mean site-1.example" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sites-global"], "leave out DECK"),
        (["-i", "https://a.example/"], "leave out -i"),
        (["-f", "sites.csv"], "leave out -f"),
        (["--with", "LBGT"], "LBGT is no category and no target of this deck"),
        (["--canary", "kw"], "leave out --canary"),
        (["--baseline-word", "kw"], "leave out --baseline-word"),
    ],
)
def test_it_asks_what_was_asked(hushmap, measured, words, said):
    """Whatever says what to ask about is the earlier run's."""
    done = _again(hushmap, measured, "blocked", *words)
    assert done.exit_code == Exit.USAGE
    assert said in done.stderr


def test_words_are_asked_about_again_with_the_canaries_that_vouch_for_them(hushmap, stage, home):
    """A word is cleared by nothing else, so the calibration comes along; the harmless word stays the same."""
    stage.world.cut_words |= {"kw-canary", "kw-left"}
    ours = (*NETWORK, "--helper", HELPER)
    assert hushmap("consent", "give", 1, "--i-have-read", 1, "--risk", "none", *NETWORK).exit_code == 0
    (home / "words.txt").write_text("kw-left\nkw-other\n")
    words = ("--experiment", "keyword", "--canary", "kw-canary", "--baseline-word", "plain", "--with", "none")
    assert hushmap("run", "-f", "words.txt", *words, *ours, "-q").exit_code == 0
    done = hushmap("run", "--again", "kw-left", "--helper", HELPER, "-q")
    assert done.exit_code == 0, done.output
    first, second = (info.manifest for info in all_runs(home / "results/runs"))
    asked = [target for target in first.targets if "kw-left" in {target.text, *target.words}]
    vouching = [target for target in first.targets if target.experiment == "calibrate" or target.canary]
    assert vouching
    assert {target.key for target in second.targets} == {target.key for target in (*asked, *vouching)}
    assert second.baseline_word == "plain"


def test_consent_is_checked_anew(hushmap, measured, stage):
    """A consent that was withdrawn is asked for again; on another network the old name is not taken over."""
    assert hushmap("consent", "withdraw", "--all").exit_code == 0
    before = len(stage.log)
    done = _again(hushmap, measured, "blocked", "--run", measured.name)
    assert (done.exit_code, len(stage.log)) == (Exit.CONSENT, before)
    assert "--network 'AS64501 Net-A'" in done.stderr


def test_on_another_network_the_name_of_the_old_one_is_not_taken(hushmap, measured, monkeypatch):
    """The consent that is missing is one for a network without a name."""
    monkeypatch.setattr("hushmap.cli.asking.fingerprint", lambda _: "elsewhere")
    done = _again(hushmap, measured, "blocked")
    assert done.exit_code == Exit.CONSENT
    assert "Net-A" not in done.stderr
