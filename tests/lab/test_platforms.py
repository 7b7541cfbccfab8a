"""Platforms by real packets: what is hidden and removed there is found, and nothing beside it on one that hides nothing."""

import csv
import gzip
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count, product
from pathlib import Path

import msgspec
import pytest

from hushmap.catalog import read_platform
from hushmap.experiments.watch import extraction
from hushmap.lab import platform as lab_platform
from hushmap.lab.platform.contents import CANARY, contents
from hushmap.lab.platform.network import BASELINES, NAME, OTHER, network
from hushmap.lab.platform.serving import EVERY_S, REBUILDS, Platform, state
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

SCALE = 20.0
LAG_S = 3 * DAY.total_seconds()
"""Of one replica, in a lab that hurries; of the posts below one was hidden within it."""

STAYING = {post.id for post in [post for post in contents(SETTINGS).posts if post.fate == "stays"][::4]}
"""Posts by which a platform is known to be there."""
SEARCHED = ("bramble.test", "gorse.test")
"""A platform and its control where words are searched for; posts are visited on others, whose replicas disagree."""
BY_FORM = ("sedge.test", "bracken.test")
"""The same where a search is a form that is sent."""
FORM = '''/find"
method = "POST"
form = { q = "{query}", part = "posts" }
form_source = "hushmap.lab.platform.serving"'''
"""How such a one is searched, in place of the query of an address."""
FAULTS = {"fail": 0.05, "captcha": 0.02}
"""Requests that fail, and such that meet a captcha."""
BODY = "account-002"
"""Whose posts are taken for a public body's: one of those that stay, and others of every kind."""
SIGNS = {"author": "author_removed", "account": "account_gone", "private": "hidden"}
"""By which sign a state is known, where it has another name."""


def at(days, now):
    """A network with a platform that began so many days ago."""
    return network(msgspec.structs.replace(SETTINGS, began=now - days * DAY), scale=SCALE)


def flickering(now, ahead, **more):
    """A platform of five days that so many seconds from now makes an index anew, though not of the twins.

    One of its replicas lags.
    """
    settings = msgspec.structs.replace(SETTINGS, **FAULTS, lag_s=LAG_S * SCALE, ghosts=True, **more)
    drawn = Platform(settings, now.timestamp, SCALE)
    rebuilds = map(drawn.rebuild, count(5 * DAY.total_seconds() * SCALE // EVERY_S + 1))
    after = next(t for t in rebuilds if not any(drawn.rebuilds(post, REBUILDS, t + 1.0) for post in STAYING))
    return msgspec.structs.replace(settings, began=now + timedelta(seconds=ahead - after))


def asks(lab, asked):
    """What comes of asks by the product's own measuring room."""
    asker = [sys.executable, str(HERE / "net_asker.py")]
    process = lab.client(asker, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    said, _ = process.communicate(msgspec.json.encode(asked), timeout=120)
    assert process.returncode == 0
    return [one.steps[-1] for one in msgspec.json.decode(said, type=list[Outcome])]


def visit(scenario, post):
    """An ask for a post of the first platform."""
    (site,) = [site for site in scenario.site if site.name == NAME]
    return Ask(
        layer=Layer.HTTP, address=site.addresses[0], port=443, sni=NAME, url=PLATFORM.post.url.replace("{id}", post),
        extract=extraction(PLATFORM, PLATFORM.post),
    )  # fmt: skip


def visits(scenario, now):
    """An ask for each post, and the sign of what is true of it then and for some minutes."""
    (settings,) = scenario.platform
    since = (now - settings.began).total_seconds()
    for post in contents(settings).posts:
        ask = visit(scenario, post.id)
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
    posts.append(("platform", "post", "account", "author", "twin", "category_code", "source", "reason"))
    for name, held in sides.items():
        one = name.partition(".")[0]
        text = told.replace("driftwood.test", name).replace('id = "driftwood"', f'id = "{one}"')
        text = text.replace('/search?q={query}"', FORM) if name in BY_FORM else text
        (folder / f"{one}.toml").write_text(text, "utf-8")
        rest = ("MISC", "the lab", "a case")
        words += [(word.text, one, *rest) for word in held.words if word.text != CANARY]
        twins = {post.id for post in held.posts if post.fate == "stays"} & STAYING
        posts += [
            (one, post.id, post.account, "body" * (post.account == BODY), "yes" * (post.id in twins), *rest)
            for post in held.posts
        ]
    for name, rows in (("search", words), ("watch", posts)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    parts = "".join(f'\n[[part]]\nexperiment = "{name}"\nlist = "{name}.csv"\n' for name in ("search", "watch"))
    deck = folder / "deck.toml"
    deck.write_text(f'name = "platforms"\ntitle = "Platforms"\nbaselines = {json.dumps(BASELINES)}\n{parts}', "utf-8")
    return deck


@pytest.fixture(scope="module")
def ran(lab_of, tmp_path_factory):
    """One run over platforms and controls: its folder, the contents, how old they were, the pages of a lagging post."""
    now, folder = datetime.now(UTC), tmp_path_factory.mktemp("platforms")
    # When the first looks come depends on the computer; an index is being made anew at one of the two in any case.
    watched = [flickering(now, 2.0, site=NAME), flickering(now, 8.0, site=OTHER, acts=False)]
    searched = [
        msgspec.structs.replace(SETTINGS, **FAULTS, began=now - 5 * DAY, site=site, acts=acts)
        for site, acts in zip(SEARCHED, (True, False), strict=True)
    ]
    by_form = [
        msgspec.structs.replace(SETTINGS, **FAULTS, words=6, began=now - 5 * DAY, site=site, acts=acts)
        for site, acts in zip(BY_FORM, (True, False), strict=True)
    ]
    sides = {one.site: msgspec.structs.replace(contents(one), words=()) for one in watched}
    sides |= {one.site: msgspec.structs.replace(contents(one), posts=()) for one in (*searched, *by_form)}
    deck, since = write_deck(folder, sides), 5 * DAY.total_seconds()
    (lagging,) = [post.id for post in sides[NAME].posts if state(post, since) != state(post, since - LAG_S)]
    scenario = network(*watched, *searched, *by_form, scale=SCALE)
    with lab_of(scenario, helper=True) as lab:
        consent(lab, stdout=subprocess.DEVNULL)
        process = measure(lab, str(deck), folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        assert process.wait(timeout=400) == 0
        fetched = asks(lab, [visit(scenario, lagging)] * 60)  # one replica in three: (2/3)^60 is 3e-11
    (run,) = run_folders(folder)
    return run, sides, since, Counter(one.page.signs for one in fetched if getattr(one, "page", None))


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
    run, sides, *_ = ran
    found = {(platform, word): said for platform, word, said in verdicts(run, "search")}
    true = {
        (name.partition(".")[0], word.text): right(word.fate)
        for name, held in sides.items()
        for word in held.words
        if word.text != CANARY
    }
    assert found == true


def test_a_form_is_sent_where_a_manifest_says_so(ran):
    """Every search there is a POST that names nothing in its address, and nowhere else is anything sent."""
    run, *_ = ran
    records = [json.loads(line) for line in (run / "records.jsonl").read_bytes().splitlines()]
    sent = {
        (f"{record['platform']['id']}.test", trial["ask"].get("method", "GET"), "payload" in trial["ask"])
        for record in records
        if record.get("experiment") == "search"
        for trial in record["trials"]
        if trial["ask"]["layer"] == "http" and trial["ask"].get("extract")
    }
    assert sent == {(name, "GET", False) for name in SEARCHED} | {(name, "POST", True) for name in BY_FORM}


def test_visits_find_what_is_gone_and_why_and_nothing_on_the_control(ran):
    """As many posts of each end as there are; which post it is no run folder says.

    Of a post about which replicas disagree either is right; what one of them has lost for now is not gone.
    """
    run, sides, since, lagging = ran
    assert lagging.keys() >= {("visible",), ("hidden",)}
    for name, held in sides.items():
        found = Counter(said for platform, _, said in verdicts(run, "watch") if platform == name.partition(".")[0])
        true = [
            {right(state(post, since - lag)) for lag in (0.0, LAG_S)} for post in held.posts if post.id not in STAYING
        ]
        assert found in [Counter(way) for way in product(*true)]


def named(sides, data):
    """What bytes hold of the posts: ids, so addresses too, accounts, texts. A hash may begin as an account does."""
    texts = {text for held in sides.values() for post in held.posts for text in (post.id, post.account, post.text)}
    return [text for text in texts if re.search(re.escape(text.encode()) + rb"(?![0-9a-f])", data)]


def test_no_post_is_named_in_a_run(ran):
    """Neither its id nor its account nor its text, in no file of it."""
    run, sides, *_ = ran
    for path in run.rglob("*"):
        if path.is_file():
            assert named(sides, path.read_bytes()) == [], path


def test_no_post_is_named_in_a_published_copy(ran, tmp_path):
    """Of all its bytes, unpacked; of what a public body wrote there are records, of what persons wrote there are none."""
    run, sides, *_ = ran
    target = tmp_path / "copy.hush"
    typed = [sys.executable, "-m", "hushmap", "publish", str(run), "-o", str(target), "--yes-i-read-it"]
    subprocess.run(typed, check=True, capture_output=True, env=os.environ | {"XDG_DATA_HOME": str(tmp_path)})
    with zipfile.ZipFile(target) as packed:
        parts = [(one.filename.encode(), packed.read(one)) for one in packed.infolist()]
    whole = b"".join(name + (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data) for name, data in parts)
    assert named(sides, whole) == []
    kept = [one for one in map(json.loads, (run / "records.jsonl").read_bytes().splitlines()) if "post" in one]
    left = {one["target"] for one in kept if one["target"].encode() in whole}
    assert left == {one["target"] for one in kept if one["post"].get("public_body")}
    assert 0 < len(left) < len(kept)


@pytest.mark.parametrize("days", [0.5, 30])
def test_pages_are_the_same_by_packets_and_as_a_function(lab_of, days):
    """Each post bears the sign of what is true of it, on both ways; the lab keeps the truth in a file."""
    now = datetime.now(UTC)
    scenario = at(days, now)
    asked = list(visits(scenario, now))
    with lab_of(scenario) as lab:
        fetched = asks(lab, [ask for ask, _ in asked])
        truth = json.loads((lab.folder / f"{NAME}.json").read_bytes())
    signs = [(sign,) for _, sign in asked]
    assert [one.page.signs for one in fetched] == signs
    pure = act(at(days, EPOCH), [ask for ask, _ in visits(at(days, EPOCH), EPOCH)])
    assert [one.steps[-1].page.signs for one in pure.outcomes] == signs
    assert [post["id"] for post in truth["posts"]] == [post.id for post in contents(scenario.platform[0]).posts]
