"""What must be refused is refused before the first packet."""

import json
from types import SimpleNamespace

import pytest

from hushmap.cli import starting
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import Wishes
from hushmap.cli.place import look_around
from hushmap.model import Side
from hushmap.net import Clock, Net
from hushmap.runs import RunFolder, Settings
from unit.cli.scene import HELPER, HOST, NETWORK, changed
from unit.runner.fakes import Outcome


def test_everything_off_is_a_fault(hushmap, stage):
    """A list in which nothing is on asks for nothing, not even a consent."""
    done = hushmap("run", "-f", "sites.csv", "--without", "NEWS", "--without", "HUMR")
    assert done.exit_code == Exit.USAGE
    assert "every target is off (HUMR, LGBT, NEWS); switch on what you want" in done.stderr


def test_the_run_is_found_by_nothing_by_folder_and_by_id(measured):
    """Without a name the last run is meant; a folder and a part of an id are taken as well."""
    base = measured.parent
    assert [starting.which(base, name) for name in (None, str(measured), "0001")] == [measured] * 3


def test_a_plain_list_of_words_that_is_off_is_told_how_it_is_switched_on(hushmap, stage, home):
    """Rows without a category have one remedy, and it is named."""
    (home / "words.txt").write_text("kw-alpha\n")
    done = hushmap("run", "-f", "words.txt", "--experiment", "keyword", "--helper", HELPER)
    assert (done.exit_code, stage.log) == (Exit.USAGE, [])
    assert "every target is off (none); " in done.stderr
    assert done.stderr.endswith("--with none\n")


@pytest.mark.parametrize("signed", [False, True])
def test_a_resumed_run_is_asked_of_a_platform_s_own_country_only_if_its_deck_meant_it(
    hushmap, measured, monkeypatch, signed
):
    """What the deck's author did not sign is not signed by going on."""
    if signed:
        manifest = measured / "manifest.json"
        told = json.loads(manifest.read_text())
        told["options"]["own_vantage"] = True
        manifest.write_text(json.dumps(told))
    asked = []
    monkeypatch.setattr(starting, "admit", lambda *_, own_vantage, **__: asked.append(own_vantage))
    assert hushmap("run", "--resume", "--helper", HELPER, "-o", measured.parent).exit_code == 0
    assert asked == [signed]


@pytest.mark.parametrize("words", [["-i", "https://a.example/"], ["-f", "sites.csv"], ["--with", "GMB"]])
def test_resume_takes_no_other_targets(hushmap, measured, words):
    """What was begun is what goes on."""
    done = hushmap("run", "--resume", *words, "-o", measured.parent)
    assert done.exit_code == Exit.USAGE
    assert "--resume goes on with what was begun" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--seed", "8"],
        ["--label", "other"],
        ["--country", "XF"],
        ["--resolver", "192.0.2.9"],
        ["--other-resolver", "192.0.2.9"],
        ["--max-data", "900M"],
    ],
)
def test_resume_ignores_no_option(hushmap, measured, words):
    """What a run was begun with may be repeated; anything else is refused, never passed over."""
    done = hushmap("run", "--resume", *words, "-o", measured.parent)
    assert (done.exit_code, len(done.stderr.splitlines())) == (Exit.USAGE, 1)
    assert f"{words[0]}" in done.stderr
    same = ["--seed", 7, "--country", "XE", "--max-data", "1M"]
    assert hushmap("run", "--resume", *same, "--helper", HELPER, "-o", measured.parent).exit_code == 0


def test_a_lower_limit_is_heard(hushmap, measured, home):
    """--max-data of a resumed run is its limit."""
    told = Wishes(max_data=5_000_000, helper=HELPER)
    job = starting.go_on(told, Settings(), measured.parent, ask=None, interface=None, allow_vpn=True)
    assert job.plan.limits.max_bytes == 5_000_000
    assert job.again == ("--helper", "…", "--allow-vpn")
    job.folder.close()


def test_a_finished_run_can_be_resumed_and_is_only_judged_again(hushmap, measured):
    """Nothing more is sent about its targets, and the block is printed again."""
    before = (measured / "records.jsonl").read_bytes()
    done = hushmap("run", "--resume", "--helper", HELPER, "-o", measured.parent)
    assert done.exit_code == 0, done.output
    assert (measured / "records.jsonl").read_bytes() == before
    assert "    1  Blocked" in done.stdout


def test_another_network_is_another_run(hushmap, measured):
    """A run does not go on under another network's name."""
    done = hushmap("run", "--resume", "--helper", HELPER, "--network", "AS64502 Net-B", "-o", measured.parent)
    assert done.exit_code == Exit.NOTHING
    assert "was begun on another network (AS64501 Net-A)" in done.stderr


def test_a_network_without_a_name_is_known_by_its_fingerprint(hushmap, stage, monkeypatch):
    """An unnamed network whose fingerprint is another is another network."""
    hushmap("consent", "give", 1, "--i-have-read", 1)
    assert hushmap("run", "-f", "sites.csv").exit_code == 0
    assert hushmap("run", "--resume").exit_code == 0
    monkeypatch.setattr("hushmap.cli.asking.fingerprint", lambda key: "elsewhere")
    done = hushmap("run", "--resume")
    assert done.exit_code == Exit.NOTHING
    assert "one without a declared name" in done.stderr


def test_a_withdrawn_consent_stops_a_resume_too(hushmap, measured, stage):
    """Withdrawing is heard before the next packet, whatever was begun."""
    hushmap("consent", "withdraw", "--all")
    sent = len(stage.log)
    done = hushmap("run", "--resume", "--helper", HELPER, "-o", measured.parent)
    assert (done.exit_code, len(stage.log)) == (Exit.CONSENT, sent)
    RunFolder.open(measured, resume=True).close()  # its lock was given back


def test_a_run_in_work_is_left_alone(hushmap, measured):
    """Two processes never share a run: one line, exit code 2."""
    with RunFolder.open(measured, resume=True):
        done = hushmap("run", "--resume", "--helper", HELPER, "-o", measured.parent)
    assert done.exit_code == Exit.USAGE
    assert "another hushmap is working in this run" in done.stderr


def test_a_helper_with_a_name_is_looked_up_after_the_consent(hushmap, stage, home):
    """Its address is what the manifest keeps; one that is not found ends the run before it begins."""
    named = HELPER.replace("203.0.113.10", "helper.example.net")
    elsewhere = stage.world.address  # the world has one echo, at the helper's address
    stage.world.address = lambda name: "203.0.113.10" if name == "helper.example.net" else elsewhere(name)
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", named).exit_code == Exit.CONSENT
    assert stage.log == []
    hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK)
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", named)
    assert done.exit_code == 0, done.output
    manifest = json.loads(next((home / "results" / "runs").glob("*/manifest.json")).read_text())
    assert manifest["helper"] == "203.0.113.10"
    stage.world.lying.add("helper.example.net")
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", named)
    assert done.exit_code == Exit.NOTHING
    assert "the helper helper.example.net was not found" in done.stderr


@pytest.fixture
def forged(hushmap, stage, home, monkeypatch):
    """A network whose resolver says that the helper is somewhere else; where its key answers can be set."""
    found = SimpleNamespace(opened=[], at="198.51.100.66", true={"203.0.113.10", "helper.example.net"})
    given = starting.open_net

    def net(place, clock, interface, posts=None):
        found.opened.append(place.helper)
        made = given(place, clock, interface, posts)
        asked = made.ask

        async def ask(ask, side=Side.HERE, **more):
            silent = side is Side.HELPER and place.helper.host not in found.true
            return Outcome(undone="helper_silent") if silent else await asked(ask, side, **more)

        made.ask = ask
        return made

    monkeypatch.setattr(starting, "open_net", net)
    elsewhere = stage.world.address
    stage.world.address = lambda name: found.at if name == "helper.example.net" else elsewhere(name)
    assert hushmap("consent", "give", 1, "--i-have-read", 1, "--risk", "none", *NETWORK).exit_code == 0
    (home / "words.txt").write_text("kw-alpha\nkw-bravo\n")
    return found


NAMED = HELPER.replace("203.0.113.10", "helper.example.net")
WORDS = ("-f", "words.txt", "--experiment", "keyword", "--with", "none", *NETWORK)


def test_no_word_goes_where_the_helpers_key_did_not_answer(forged, hushmap, stage, home):
    """A forged lookup of the helper's name ends a run of words before its first: one line, exit code 4, no run."""
    done = hushmap("run", *WORDS, "--helper", NAMED)
    assert done.exit_code == Exit.NOTHING
    assert done.stderr.splitlines() == [
        "hushmap: the helper at 198.51.100.66 did not answer with its key: words are sent nowhere else"
    ]
    assert not any("kw-" in str(ask) for ask in stage.log)
    assert not list((home / "results" / "runs").glob("*"))
    pinned = forged.opened[-1]
    assert (pinned.host, pinned.pin, pinned.port) == ("198.51.100.66", "ab" * 32, 8443)


def test_words_go_where_the_helpers_key_answered(forged, hushmap, stage):
    """One request to the address that was found, and then the words go there and nowhere else."""
    forged.at = "203.0.113.10"
    done = hushmap("run", *WORDS, "--helper", NAMED)
    assert done.exit_code == 0, done.output
    assert {ask.address for ask in stage.log if "kw-" in str(ask)} == {"203.0.113.10"}
    assert sorted(one.host for one in forged.opened if one) == ["203.0.113.10", "helper.example.net"]


def test_sites_are_measured_where_words_cannot_be(forged, hushmap, stage, home):
    """Words are left out, which is said and counted in the manifest; a run of sites alone asks for no key."""
    listed = "word,place,category_code\nkw-alpha,http-path,NEWS\nkw-bravo,http-path,NEWS\n"
    (home / "words.csv").write_text(listed)
    forged.at = "203.0.113.10"  # what is there echoes, so that nobody takes it for a sign-in page
    forged.true.clear()
    done = hushmap("run", "-f", "sites.csv", "-f", "words.csv", *NETWORK, "--helper", NAMED)
    assert done.exit_code == 0, done.output
    assert "words are sent nowhere else; 2 words are left out" in done.stderr
    assert not any("kw-" in str(ask) for ask in stage.log)
    manifest = json.loads(next((home / "results" / "runs").glob("*/manifest.json")).read_text())
    assert ({one["experiment"] for one in manifest["targets"]}, manifest["off"]) == ({"web"}, {"LGBT": 1, "NEWS": 2})
    forged.opened.clear()
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", NAMED).exit_code == 0
    assert [one.host for one in forged.opened if one] == ["helper.example.net"]


def test_a_run_of_words_goes_on_only_where_the_helpers_key_answers(forged, hushmap, stage, home):
    """It can be gone on with later; one whose words are all asked about is only judged again."""
    stage.stop_at = 2.0
    first = hushmap("run", *WORDS, "--helper", HELPER)
    assert first.exit_code == Exit.INTERRUPTED, first.output
    stage.stop_at = None
    forged.true.clear()
    sent = len(stage.log)
    done = hushmap("run", "--resume", *NETWORK, "--helper", HELPER)
    assert (done.exit_code, len(stage.log)) == (Exit.NOTHING, sent)
    assert "the helper at 203.0.113.10 did not answer with its key: words are sent nowhere else; go on" in done.stderr
    forged.true.add("203.0.113.10")
    assert hushmap("run", "--resume", *NETWORK, "--helper", HELPER).exit_code == 0
    forged.true.clear()
    assert hushmap("run", "--resume", *NETWORK, "--helper", HELPER).exit_code == 0


def test_a_folder_that_cannot_be_made_is_one_line(hushmap, stage, home):
    """-o on a place where nothing can be written is bad input."""
    hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK)
    (home / "file").write_text("")
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "-o", "file/x")
    assert (done.exit_code, len(done.stderr.splitlines())) == (Exit.USAGE, 1)


def test_the_clock_of_a_run_begins_at_a_whole_second():
    """The manifest's start, which has no fraction, is the zero of the run's clock."""
    assert starting.whole_second().origin.microsecond == 0


def test_the_net_is_made_of_the_place(home):
    """Time-outs are divided by the lab's factor; roots that are none are one line."""
    place = changed(look_around(Wishes(), Settings()), scale=5.0)
    net = starting.open_net(place, Clock(), None)
    assert isinstance(net, Net)
    assert net.limits.connect == pytest.approx(1.6)
    net.close()
    (home / "bad.pem").write_text("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")
    with pytest.raises(Fault, match=r"--roots: bad.pem: "):
        starting.open_net(changed(place, roots="bad.pem"), Clock(), None)


def test_vpn():
    """A tunnel that nobody spoke of is refused."""
    place = changed(look_around(Wishes(), Settings()), host=changed(HOST, vpn=True))
    starting.refuse_vpn(place, allow_vpn=True)
    with pytest.raises(Fault, match="a VPN seems to be on"):
        starting.refuse_vpn(place, allow_vpn=False)


def test_oonis_helper_is_asked_only_after_the_consent(hushmap, stage, home):
    """Nothing is opened before; then its URL is in the manifest, and no address of it is looked up by the run."""
    words = ("run", "-f", "sites.csv", *NETWORK, "--helper", "ooni")
    assert hushmap(*words).exit_code == Exit.CONSENT
    assert stage.nets == []
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    assert hushmap(*words).exit_code == 0
    manifest = json.loads(next((home / "results" / "runs").glob("*/manifest.json")).read_text())
    assert manifest["helper"] == "https://0.th.ooni.org/"
    assert all("ooni" not in (ask.name or "") for ask in stage.log)


def test_what_asks_the_same_again_leaves_out_risky_categories():
    """A risk is taken anew each time; a helper of one's own is a secret and is not printed."""
    told = Wishes(deck="my-deck", with_=("LGBT",), without=("GMB",), canaries=("a", "b"), helper=HELPER, scale=5.0)
    assert starting.repeat_words(told, allow_vpn=True) == (
        *("my-deck", "--without", "GMB", "--canary", "a", "--canary", "b", "--helper", "…", "--allow-vpn"),
    )
