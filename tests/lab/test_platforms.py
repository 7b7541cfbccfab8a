"""Platforms by real packets: what is hidden and removed there is found, and nothing beside it on one that hides nothing."""

import csv
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from hushmap.catalog import read_platform
from hushmap.experiments.watch import extraction
from hushmap.lab import platform as lab_platform
from hushmap.lab.platform.contents import CANARY, contents
from hushmap.lab.platform.network import BASELINES, NAME, OTHER, network
from hushmap.lab.platform.serving import state
from hushmap.lab.product import consent, measure, run_folders
from hushmap.lab.pure import act
from hushmap.lab.pure.wires import EPOCH
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.model import Ask, Layer
from hushmap.net import Outcome

HERE = Path(__file__).parent
MANIFEST = Path(lab_platform.__file__).with_name("driftwood.toml")
PLATFORM = read_platform(MANIFEST)
MECHANISMS = {
    "notice": "platform.notice",
    "partial": "platform.notice",
    "legal": "platform.notice",
    "empty": "platform.empty",
    "soft": "platform.soft",
    "removed": "platform.removed",
    "author": "platform.author_removed",
    "account": "platform.account_gone",
    "private": "platform.hidden",
    "held": "platform.held",
}
OUTCOMES = {"removed": "removed", "author": "withdrawn", "account": "withdrawn", "login": "insufficient"}
OPEN = {"open", "rare", "official", "visible"}
"""What is right to say of a word or a post, by its fate or state; of what has no outcome here, that it is suppressed."""
DAY = timedelta(days=1)
SETTINGS = PlatformSettings(site=NAME, latest_s=20 * DAY.total_seconds(), words=10, a_minute=1000)

STAYING = {post.id for post in [post for post in contents(SETTINGS).posts if post.fate == "stays"][::4]}
"""Posts by which a platform is known to be there."""
SIGNS = {"author": "author_removed", "account": "account_gone", "private": "hidden"}
"""By which sign a state is known, where it has another name."""


def at(days, now):
    """A network with a platform that began so many days ago."""
    return network(msgspec.structs.replace(SETTINGS, began=now - days * DAY), scale=20.0)


def visits(scenario, now):
    """An ask for each post, and the sign of what is true of it then and for some minutes."""
    page = PLATFORM.post
    (site,) = [site for site in scenario.site if site.name == NAME]
    (settings,) = scenario.platform
    since = (now - settings.began).total_seconds()
    for post in contents(settings).posts:
        ask = Ask(
            layer=Layer.HTTP, address=site.addresses[0], port=443, sni=NAME, url=page.url.replace("{id}", post.id),
            extract=extraction(PLATFORM, PLATFORM.post),
        )  # fmt: skip
        true = {state(post, since + later) for later in (0.0, 600.0)}
        if len(true) == 1:
            yield ask, SIGNS.get(*true, *true)


def right(fate):
    """Outcome and mechanisms that are right."""
    outcome = "visible" if fate in OPEN else OUTCOMES.get(fate, "suppressed")
    return outcome, (MECHANISMS[fate],) if fate in MECHANISMS else ()


def write_deck(folder, sides):
    """A deck with the words and posts of each platform, and its manifest beside the lists."""
    told = MANIFEST.read_text("utf-8")
    words, posts = [("word", "platform", "category_code", "source", "reason")], []
    posts.append(("platform", "post", "account", "twin", "category_code", "source", "reason"))
    for name, held in sides.items():
        one = name.partition(".")[0]
        text = told.replace("driftwood.test", name).replace('id = "driftwood"', f'id = "{one}"')
        (folder / f"{one}.toml").write_text(text, "utf-8")
        rest = ("MISC", "the lab", "a case")
        words += [(word.text, one, *rest) for word in held.words if word.text != CANARY]
        twins = {post.id for post in held.posts if post.fate == "stays"} & STAYING
        posts += [(one, post.id, post.account, "yes" if post.id in twins else "", *rest) for post in held.posts]
    for name, rows in (("search", words), ("watch", posts)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    parts = "".join(f'\n[[part]]\nexperiment = "{name}"\nlist = "{name}.csv"\n' for name in ("search", "watch"))
    deck = folder / "deck.toml"
    deck.write_text(f'name = "platforms"\ntitle = "Platforms"\nbaselines = {json.dumps(BASELINES)}\n{parts}', "utf-8")
    return deck


@pytest.fixture(scope="module")
def ran(lab_of, tmp_path_factory):
    """One run over a platform and its control, on which one request in twenty fails: its folder, and the contents."""
    now, folder = datetime.now(UTC), tmp_path_factory.mktemp("platforms")
    settings = [
        msgspec.structs.replace(SETTINGS, began=now - 5 * DAY, fail=0.05, captcha=0.02, site=site, acts=acts)
        for site, acts in ((NAME, True), (OTHER, False))
    ]
    sides = {one.site: contents(one) for one in settings}
    deck = write_deck(folder, sides)
    with lab_of(network(*settings, scale=20.0), helper=True) as lab:
        consent(lab, stdout=subprocess.DEVNULL)
        process = measure(lab, str(deck), folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        assert process.wait(timeout=400) == 0
    (run,) = run_folders(folder)
    return run, sides, 5 * DAY.total_seconds()


def verdicts(run, experiment):
    """Outcome and mechanisms of each record of an experiment, by platform and target."""
    records = [json.loads(line) for line in (run / "records.jsonl").read_bytes().splitlines()]
    said = [json.loads(line) for line in (run / "verdicts.jsonl").read_bytes().splitlines()]
    asked = {one["id"]: one for one in records if one.get("experiment") == experiment}
    for one in said:
        if one["record"] in asked:
            record = asked[one["record"]]
            platform = record.get("platform") or record["post"]["platform"]
            yield platform["id"], one["target"], (one["outcome"], tuple(one.get("mechanisms", ())))


def test_searches_find_what_is_hidden_and_nothing_on_the_control(ran):
    """Each word by its outcome and its mechanism."""
    run, sides, _ = ran
    found = {(platform, word): said for platform, word, said in verdicts(run, "search")}
    true = {
        (name.partition(".")[0], word.text): right(word.fate)
        for name, held in sides.items()
        for word in held.words
        if word.text != CANARY
    }
    assert found == true


def test_visits_find_what_is_gone_and_why_and_nothing_on_the_control(ran):
    """As many posts of each end as there are; which post it is no run folder says."""
    run, sides, since = ran
    for name, held in sides.items():
        found = Counter(said for platform, _, said in verdicts(run, "watch") if platform == name.partition(".")[0])
        assert found == Counter(right(state(post, since)) for post in held.posts if post.id not in STAYING)


def test_no_post_is_named_in_a_run(ran):
    """Neither its id nor its account, in no file of it."""
    run, sides, _ = ran
    names = {text for held in sides.values() for post in held.posts for text in (post.id, post.account)}
    for path in run.rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            assert [name for name in names if name.encode() in text] == [], path


@pytest.mark.parametrize("days", [0.5, 30])
def test_pages_are_the_same_by_packets_and_as_a_function(lab_of, days):
    """Each post bears the sign of what is true of it, on both ways; the lab keeps the truth in a file."""
    now = datetime.now(UTC)
    scenario = at(days, now)
    asked = list(visits(scenario, now))
    with lab_of(scenario) as lab:
        asker = [sys.executable, str(HERE / "net_asker.py")]
        process = lab.client(asker, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        said, _ = process.communicate(msgspec.json.encode([ask for ask, _ in asked]), timeout=120)
        assert process.returncode == 0
        truth = json.loads((lab.folder / f"{NAME}.json").read_bytes())
    signs = [(sign,) for _, sign in asked]
    assert [one.steps[-1].page.signs for one in msgspec.json.decode(said, type=list[Outcome])] == signs
    pure = act(at(days, EPOCH), [ask for ask, _ in visits(at(days, EPOCH), EPOCH)])
    assert [one.steps[-1].page.signs for one in pure.outcomes] == signs
    assert [post["id"] for post in truth["posts"]] == [post.id for post in contents(scenario.platform[0]).posts]
