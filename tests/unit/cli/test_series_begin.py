"""What a series needs before it begins, and what it needs to go on."""

from pathlib import Path

import pytest

from hushmap.cli import series_begin
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.series_begin import LONGEST, SHORTEST, Rhythm, rhythm
from hushmap.model import Service, Target
from hushmap.runs import ConsentRegister, all_runs, all_series
from unit.cli.scene import HELPER, HOST, NETWORK, changed

RUN = ("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER)
DAY = ("--every", "6h", "--for", "1d")


@pytest.fixture
def agreed(hushmap, hours):
    """A consent for this network is on record."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0


@pytest.fixture
def stopped(hushmap, hours, agreed):
    """A series of which two cycles are done; its id."""
    hours.stops(8 * 3600.0)
    assert hushmap(*RUN, *DAY, "-q").exit_code == Exit.INTERRUPTED
    return next(all_series(Path("results/runs"))).plan.series


def test_other_words_or_addresses_under_the_same_names_are_another_question():
    """A pack is named by its list and a service by its name: a list changed meanwhile is not what was agreed to."""
    pack = Target(experiment="screen", text="words.txt#0-0", words=("one", "two"))
    service = Target(
        experiment="service",
        text="chat",
        service=Service(name="chat", title="Chat", category="COMT", groups=(), endpoints=()),
    )
    digests = {
        series_begin._digest(targets)
        for targets in (
            (pack, service),
            (changed(pack, words=("one", "three")), service),
            (pack, changed(service, service=changed(service.service, title="Chat 2"))),
        )
    }
    assert len(digests) == 3
    assert series_begin._digest((service, pack)) in digests


def test_a_rhythm_has_an_end_and_leaves_others_time():
    """Both options or neither; not too often, not longer than results are kept."""
    assert rhythm(None, None) is None
    assert rhythm(SHORTEST, LONGEST) == Rhythm(every=SHORTEST, lasting=LONGEST)
    for every, lasting, said in (
        (None, 3600.0, "say how often"),
        (3600.0, None, "a series without an end is not begun: say for how long, e.g. --for 7d"),
        (SHORTEST - 60, 3600.0, "--every 9 minutes is too often"),
        (7200.0, 3600.0, "--for has to be as long as --every (2 hours), and 90 days at most"),
        (7200.0, LONGEST + 1, "90 days at most"),
    ):
        with pytest.raises(Fault) as caught:
            rhythm(every, lasting)
        assert said in caught.value.message


@pytest.mark.parametrize("text", ["6", "6 h", "0h", "h", "-6h", "6w", "1e3h", "9999999m"])
def test_a_stretch_of_time_is_a_number_and_a_unit(hushmap, text):
    """Anything else is one line with what to write."""
    done = hushmap(*RUN, "--every", text, "--for", "7d")
    assert done.exit_code == Exit.USAGE
    assert "is no stretch of time; write e.g. 30m, 6h or 7d" in done.stderr


def test_the_plan_of_the_whole_is_shown_before_anything_is_sent(hushmap, hours, person):
    """Runs, requests, data, who sees it; then the consent is asked for, and the number of runs: once for all."""
    done = hushmap(*RUN, *DAY, answer="2\n4\n")
    assert done.exit_code == 0, done.output
    shown = " ".join(done.stderr.partition("Cycle 1 of 4")[0].split())
    for said in (
        "Nothing has been sent. This is what the whole series would do.",
        "4 runs, one every 6 hours for 1 day: the first now, the last at about 22 Nov 2026",
        "Each run 18 requests if all is well, at most 390",
        "In all 72 requests if all is well, at most 1,560",
        "one name is sent from this line at most 24 times a day, by all runs together",
        "helper 203.0.113.10: the 2 names and your address",
        "Before anything is sent",
        "Type the number of runs you agree to (4)",
    ):
        assert said in shown, shown
    assert done.stderr.count("Type the number of") == 2
    assert len(ConsentRegister().valid()) == 1


@pytest.mark.parametrize("answer", ["", "2\n\n", "2\n2\n", "2\nyes\n"])
def test_another_number_begins_nothing(hushmap, hours, person, answer):
    """Whoever does not type both numbers has not agreed; nothing was sent, and no series is there."""
    done = hushmap(*RUN, *DAY, answer=answer)
    assert done.exit_code == Exit.CONSENT
    assert done.stderr.endswith("Stopped. Nothing was sent.\n")
    assert (hours.log, list(all_series(Path("results/runs")))) == ([], [])


def test_nobody_there_and_no_consent_is_no_series(hushmap, hours):
    """A script needs the consent on record, as for a run."""
    done = hushmap(*RUN, *DAY)
    assert (done.exit_code, hours.log) == (Exit.CONSENT, [])
    assert "no consent for this network is on record" in done.stderr


def test_risky_categories_are_not_repeated_by_themselves(hushmap, hours, agreed):
    """METHOD 5: switched on one by one, and never by a clock."""
    done = hushmap(*RUN, "--with", "LGBT", *DAY)
    assert (done.exit_code, hours.log) == (Exit.USAGE, [])
    assert "risky categories are not repeated by themselves, as a series would (LGBT)" in done.stderr


def test_rows_that_nobody_put_into_a_category_may_be_repeated(hushmap, hours, home):
    """Once their person has said so they are no risk by that alone."""
    give = ("consent", "give", 1, "--i-have-read", 1, "--risk", "none", *NETWORK)
    assert hushmap(*give).exit_code == 0
    done = hushmap("run", "-i", "https://site-5.example/", *NETWORK, "--helper", HELPER, *DAY, "-q")
    assert done.exit_code == 0, done.output


def test_a_vpn_refuses_a_series_as_it_refuses_a_run(hushmap, hours, agreed):
    """Before anything is asked."""
    hours.host = changed(HOST, vpn=True, interface="wg0")
    assert hushmap(*RUN, *DAY).exit_code == Exit.NOTHING
    assert hours.log == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--resume", *DAY], "three different things"),
        (["--resume", "--again", "blocked"], "three different things"),
        (["--run", "0001"], "--run says whose targets are asked about again"),
    ],
)
def test_what_excludes_each_other_is_said(hushmap, hours, words, said):
    """One of them at a time."""
    done = hushmap("run", *words)
    assert done.exit_code == Exit.USAGE
    assert said in done.stderr


def test_a_series_goes_on_by_its_path_too(hushmap, hours, stopped):
    """Wherever its file lies, its runs lie beside it."""
    done = hushmap("run", "--resume", f"results/runs/{stopped}.log", "--helper", HELPER, "-q")
    assert done.exit_code == 0, done.output
    assert [one.state for one in next(all_series(Path("results/runs"))).cycles] == ["done"] * 4


def test_a_series_goes_on_as_it_was_agreed_to(hushmap, hours, stopped, home):
    """Other targets, other options, a changed list, another network: each is refused in one line, and nothing sent."""
    before = len(hours.nets)
    for words, said in (
        (("-i", "https://a.example/"), "leave out -i"),
        (("--canary", "kw"), "leave out --canary"),
        (("--country", "XF"), "leave out --country"),
        (("--max-data", "1M"), "leave out --max-data"),
        (("--network", "AS64502 Net-B"), "leave out --network"),
    ):
        done = hushmap("run", "--resume", stopped, *words, "--helper", HELPER)
        assert (done.exit_code, len(done.stderr.splitlines())) == (Exit.USAGE, 1), done.output
        assert f"{stopped} goes on as it was agreed to: {said}" in done.stderr
    (home / "sites.csv").write_text("url,category_code\nhttps://site-9.example/,NEWS\n")
    done = hushmap("run", "--resume", stopped, "--helper", HELPER)
    assert (done.exit_code, len(hours.nets)) == (Exit.USAGE, before)
    assert "has changed since it was agreed to: begin a new series" in done.stderr


def test_an_undeclared_network_has_to_be_the_same(hushmap, hours, monkeypatch):
    """A series without a name for its network goes on where its fingerprint is the same."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1).exit_code == 0
    hours.stops(8 * 3600.0)
    assert hushmap("run", "-f", "sites.csv", *DAY, "-q").exit_code == Exit.INTERRUPTED
    monkeypatch.setattr("hushmap.cli.asking.fingerprint", lambda _: "elsewhere")
    done = hushmap("run", "--resume", "-q")
    assert done.exit_code == Exit.NOTHING
    assert "was begun on another network (one without a declared name)" in done.stderr


def test_a_series_goes_on_by_the_interface_that_was_said(hushmap, hours, agreed):
    """What was sent by one interface is not sent by another because nobody typed it again."""
    hours.stops(8 * 3600.0)
    assert hushmap(*RUN, *DAY, "--interface", "eth0", "-q").exit_code == Exit.INTERRUPTED
    assert hushmap("run", "--resume", "--helper", HELPER, "-q").exit_code == 0
    manifests = [info.manifest for info in all_runs(Path("results/runs"))]
    assert [manifest.options["interface"] for manifest in manifests] == ["eth0"] * 4


def test_no_secret_is_kept(hushmap, hours, stopped):
    """The helper's string is typed again; the file of a series does not hold it."""
    text = Path(f"results/runs/{stopped}.log").read_text()
    assert "a-token-of-the-test" not in text
    assert '"network":"AS64501 Net-A"' in text


def test_a_series_that_is_over_is_told_and_not_begun_again(hushmap, hours, agreed):
    """--resume of a finished series says what became of it; without a name it then means the last run."""
    assert hushmap(*RUN, *DAY, "-q").exit_code == 0
    sent = len(hours.log)
    name = next(all_series(Path("results/runs"))).plan.series
    done = hushmap("run", "--resume", name, "--helper", HELPER, "-q")
    assert (done.exit_code, len(hours.log)) == (0, sent)
    assert "4 runs planned: 4 done" in done.stdout
    assert hushmap("run", "--resume", "--helper", HELPER, "-q").stdout.startswith("Done in ")
