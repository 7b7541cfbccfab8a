"""Posts as they may be written down: hashes that nobody else can make, and on the disk nobody's post."""

import gzip
import re
import zipfile
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from hushmap.cli.fault import Exit, Fault
from hushmap.cli.veiling import secrets_of, veiled
from hushmap.model import Connect, Fetch, Handshake, Layer, Page, Platform, Post, Record, Side, Target
from hushmap.net import Outcome
from hushmap.net.discreet import POST
from hushmap.runs import RunFolder, all_series, data_dir
from unit.cli.hours import HourClock
from unit.cli.scene import NETWORK, RunNet

PLATFORM = Platform(id="driftwood", name="Driftwood")
SITE = Target(experiment="web", text="https://news.example/")


def post(text, account="alice", platform=PLATFORM):
    """A post of an account, with a twin."""
    told = Post(platform=platform, account=account, public_body=account == "", twins=("t1",))
    return Target(experiment="watch", text=text, post=told, category="GRP", line="posts.csv:2")


@pytest.mark.usefixtures("home")
def test_ids_and_accounts_become_hashes():
    """What each stands for is given beside; the rest of a target stays."""
    (site, one, two), known = veiled([SITE, post("p1"), post("p2")])
    assert site is SITE
    assert re.fullmatch(r"post-[0-9a-f]{32}", one.text)
    assert one.text != two.text
    assert one.post.account == two.post.account != ""
    assert known == {one.text: "p1", two.text: "p2", one.post.twins[0]: "t1"}
    assert (one.line, one.category) == ("posts.csv:2", "GRP")
    assert not re.search(r"alice|\bp1\b|\bt1\b", repr(one))


@pytest.mark.usefixtures("home")
def test_a_post_is_called_the_same_every_time_and_by_nobody_else():
    """The key is made once, for its person alone; another platform's post of the same id is another one."""
    first, _ = veiled([post("p1")])
    assert veiled([post("p1")])[0] == first
    other = Platform(id="saltmarsh", name="Saltmarsh")
    assert veiled([post("p1", platform=other)])[0][0].text != first[0].text
    path = data_dir() / "posts.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 70
    path.unlink()
    assert veiled([post("p1")])[0] != first


@pytest.mark.usefixtures("home")
def test_of_two_processes_that_make_a_key_the_first_one_s_counts(monkeypatch):
    """The second takes what is there, and leaves nothing of its own."""
    path, first = data_dir() / "posts.key", b"0" * 70

    def late(made, there):
        there.write_bytes(first)
        raise FileExistsError

    with monkeypatch.context() as patched:
        patched.setattr("os.link", late)
        told = veiled([post("p1")])
    assert veiled([post("p1")]) == told
    assert [one.name for one in path.parent.iterdir()] == ["posts.key"]
    assert path.read_bytes() == first


@pytest.mark.usefixtures("home")
def test_a_post_without_an_account_has_none():
    """And stays without one."""
    ((one,), _) = veiled([post("p1", account="")])
    assert one.post.account == ""
    assert one.post.public_body


@pytest.mark.usefixtures("home")
def test_results_of_searches_are_hashed_under_the_person_s_own_key():
    """The same in every run, so that two can be held against each other, and another key than that of posts."""
    word = Target(experiment="search", text="kw-a", platform=PLATFORM)
    told = secrets_of([SITE, word], {"post-0a": "p1"})
    assert told == secrets_of([word], {"post-0a": "p1"})
    assert told.posts == {"post-0a": "p1"}
    assert len(told.results) == 32
    assert told.results not in (data_dir() / "posts.key").read_bytes()


@pytest.mark.usefixtures("home")
def test_without_posts_no_key_is_made():
    """Nothing to hide."""
    assert veiled([SITE]) == ((SITE,), {})
    assert secrets_of([SITE]).results is None
    assert not (data_dir() / "posts.key").exists()


@pytest.mark.usefixtures("home")
def test_a_key_that_cannot_be_had_is_an_error_of_one_line():
    """A folder in its place; a file in the place of its folder."""
    path = data_dir() / "posts.key"
    path.mkdir(parents=True)
    with pytest.raises(Fault, match=r"posts\.key: "):
        veiled([post("p1")])
    path.rmdir()
    path.parent.rmdir()
    path.parent.write_text("")
    with pytest.raises(Fault, match=r"posts\.key: "):
        veiled([post("p1")])


@pytest.mark.usefixtures("home")
def test_a_key_that_was_not_written_to_its_end_is_refused():
    """With an empty one anybody could find out which post a hash stands for."""
    veiled([post("p1")])
    (data_dir() / "posts.key").write_bytes(b"")
    with pytest.raises(Fault, match=r"posts\.key: is no whole key"):
        veiled([post("p1")])


# --- a list of posts from its file to its runs

HEAD = "platform,post,account,author,twin,category_code\n"
ROWS = [f"driftwood,secret{n:02d},account{n % 3},,,GRP\n" for n in range(12)]
TWINS = "driftwood,evergreen1,staff,,yes,GRP\ndriftwood,evergreen2,account1,,yes,GRP\n"
RUN = ("run", "-f", "posts.csv", "--experiment", "watch", *NETWORK)
DAYS = ("--every", "doubling", "--for", "1d")
GONE = {"secret01": 1000.0, "secret02": 20_000.0, "secret03": 20_000.0}
"""When some of them are removed, in seconds of the stage."""
NOBODYS = "qzxvkwjwpqhz"
"""An id that no post has."""


class PostNet(RunNet):
    """A platform of posts; which one a hash stands for it is told."""

    def __init__(self, clock, world, posts, loop):
        super().__init__(clock, world)
        self.posts, self.loop = posts, loop

    async def ask(self, ask, side=Side.HERE, *, keep_body=False):
        """As `net.Discreet` would."""
        if ask.layer is not Layer.HTTP or "/post/" not in (ask.url or ""):
            return await super().ask(ask, side, keep_body=keep_body)
        post = self.posts[POST.search(ask.url)[0]]
        gone = self.loop.time() >= GONE.get(post, float("inf"))
        page = Page(status=404, signs=("removed",)) if gone else Page(status=200, signs=("visible",))
        if post == NOBODYS and post not in GONE:
            page = Page(status=404)
        t = self.clock.now()
        where = {"address": ask.address, "port": 443}
        return Outcome(steps=(
            Connect(t0=t, t=t, **where), Handshake(t0=t, t=t, valid=True, **where),
            Fetch(t0=t, t=t, url=ask.url, page=page),
        ))  # fmt: skip


@pytest.fixture
def posts(home, hours, monkeypatch):
    """A list of posts with its platform's manifest beside, and a network that has it."""
    manifest = files("hushmap.lab.platform").joinpath("driftwood.toml").read_text("utf-8")
    (home / "driftwood.toml").write_text(manifest)
    (home / "posts.csv").write_text(HEAD + "".join(ROWS) + TWINS)
    made = []

    def net(place, clock, interface, secrets):
        made.append(PostNet(clock, hours.world, secrets.posts, hours.loop))
        return made[-1]

    monkeypatch.setattr("hushmap.cli.starting.open_net", net)
    monkeypatch.setattr("hushmap.cli.veiling.Clock", lambda: HourClock(hours))
    return made


@pytest.fixture
def agreed(hushmap, posts):
    """A consent for this network is on record."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0


def records():
    """Every record of every run, by run."""
    return [
        [one for one in RunFolder.open(path).records() if isinstance(one, Record)]
        for path in sorted(Path("results/runs").iterdir())
        if (path / "manifest.json").is_file()
    ]


def written():
    """All that lies beneath the home and the folder of runs, but for the person's own list."""
    every = (path for path in Path().rglob("*") if path.is_file() and path.name != "posts.csv")
    return b"\n".join(path.read_bytes() for path in every)


def test_the_plan_says_what_the_platform_sees(hushmap, posts):
    """How many posts, and no contacts of a name."""
    done = hushmap("plan", "-f", "posts.csv", "--experiment", "watch", *NETWORK)
    assert "12 posts · experiment watch" in done.stdout
    assert "Driftwood" in done.stdout
    assert "the 12 posts that you look at" in " ".join(done.stdout.split())
    assert "times a day" not in done.stdout


def test_a_series_of_visits_is_told_as_survival(hushmap, posts, agreed):
    """At once, then at gaps of 15 minutes, each twice the one before, and at the end; each visit is a run."""
    done = hushmap(*RUN, *DAYS, "-q")
    assert done.exit_code == 0, done.output
    (series,) = all_series(Path("results/runs"))
    assert (series.plan.doubling, series.plan.every, series.plan.cycles) == (True, 900.0, 9)
    assert [cycle.state for cycle in series.cycles] == ["done"] * 9
    runs = records()
    assert [len(run) for run in runs] == [12] * 9
    text = hushmap("campaign", "survival", "results/runs").stdout
    assert "12 posts of 3 accounts, 108 visits that decided something, followed for 24 hours." in text
    assert "Removed, as the platform says: 3 of 12." in text
    last = next(path for path in sorted(Path("results/runs").iterdir(), reverse=True) if path.is_dir())
    assert hushmap("campaign", "survival", last).exit_code == 2


def test_nothing_on_the_disk_says_which_posts(hushmap, posts, agreed):
    """Neither journal, nor record, nor page, nor series; the accounts neither, nor whoever stands beside."""
    assert hushmap(*RUN).exit_code == 0
    assert hushmap(*RUN, "--every", "doubling", "--for", "30m", "-q").exit_code == 0
    told = written()
    assert b"post-" in told
    for secret in (b"secret", b"account1", b"evergreen", b"staff"):
        assert secret not in told, secret
    posts_known = set(posts[0].posts.values())
    assert {"secret00", "evergreen1"} <= posts_known


def test_a_published_copy_names_no_post(hushmap, posts, agreed):
    """Of all its bytes, unpacked: of what a public body wrote there is a record by its hash, of the rest nothing."""
    body = "driftwood,secret12,account9,body,,GRP\ndriftwood,evergreen3,account9,body,yes,GRP\n"
    Path("posts.csv").write_text(HEAD + "".join(ROWS) + TWINS + body)
    assert hushmap(*RUN).exit_code == 0
    (run,) = (path.parent for path in Path("results/runs").glob("*/manifest.json"))
    done = hushmap("publish", run, "-o", "a.hush", "--yes-i-read-it")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile("a.hush") as packed:
        parts = [(one.filename.encode(), packed.read(one)) for one in packed.infolist()]
    told = b"".join(name + (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data) for name, data in parts)
    for secret in (b"secret", b"evergreen", b"staff", *(b"account%d" % number for number in (0, 1, 2, 9))):
        assert secret not in told, secret
    ((*every,),) = records()
    left = [one for one in every if one.target.encode() in told]
    assert (len(every), [posts[0].posts[one.target] for one in left]) == (13, ["secret12"])


def test_a_visit_is_not_gone_on_with(hushmap, posts, agreed):
    """Which posts they were is written nowhere; a series is gone on with by its list."""
    assert hushmap(*RUN).exit_code == 0
    refused = hushmap("run", "--resume")
    assert refused.exit_code == Exit.USAGE
    assert "begin the next one" in refused.stderr


def test_only_posts_are_visited_so(hushmap, posts, agreed):
    """Sites are not; a list that is too long for the time is refused, too."""
    refused = hushmap("run", "-f", "sites.csv", *NETWORK, *DAYS)
    assert refused.exit_code == Exit.USAGE
    assert "--every doubling is for posts" in refused.stderr
    Path("posts.csv").write_text(HEAD + "".join(f"driftwood,s{n},,,,GRP\n" for n in range(400)) + TWINS)
    refused = hushmap(*RUN, "--every", "doubling", "--for", "30m")
    assert "--for has to be 1 hour at least for 400 posts" in refused.stderr
    short = hushmap(*RUN, "--every", "doubling", "--for", "10m")
    assert "--for has to be as long as --every (15 minutes)" in short.stderr


def test_the_plan_of_the_whole_tells_the_gaps(hushmap, posts, person):
    """Before anybody agrees."""
    done = hushmap(*RUN, *DAYS, answer="\n")
    assert done.exit_code == Exit.CONSENT
    assert "9 runs, the first gap 15 minutes, each twice the one before, for 1 day" in " ".join(done.stderr.split())


@pytest.fixture
def unverified(home):
    """The manifest as of a live platform."""
    text = (home / "driftwood.toml").read_text().replace('state = "lab"', 'state = "unverified"')
    (home / "driftwood.toml").write_text(text.replace("driftwood.test", "driftwood.example"))
    return "platform", "check", "./driftwood.toml", "--post", "secret01", *NETWORK


def test_posts_are_on_once_one_that_is_public_was_read(hushmap, posts, agreed, unverified, monkeypatch, hours):
    """The check is of posts alone; it names nobody's post on the disk, not even by a hash of its id alone."""
    monkeypatch.setattr("hushmap.cli.platform.Clock", lambda: HourClock(hours))
    assert hushmap(*RUN).exit_code == Exit.USAGE
    done = hushmap(*unverified)
    assert done.exit_code == 0, done.output
    assert "the manifest reads posts on Driftwood today; they may be watched until midnight, UTC" in done.stdout
    assert hushmap(*RUN).exit_code == 0
    Path("words.csv").write_text("word,platform,category_code\nkw-a,driftwood,MISC\n")
    assert "nobody has seen today" in hushmap("run", "-f", "words.csv", "--experiment", "search", *NETWORK).stderr
    told = written()
    for secret in ("secret01", sha256(b"secret01").hexdigest()):
        assert secret.encode() not in told, secret
    (checked, *_) = [run for run in records() if len(run) == 1]
    assert (checked[0].personal, checked[0].post.nonsense[:5]) == (True, "post-")


def test_posts_stay_off_where_the_one_that_was_named_is_gone(hushmap, posts, agreed, unverified, monkeypatch, hours):
    """Or any page would be one."""
    monkeypatch.setattr("hushmap.cli.platform.Clock", lambda: HourClock(hours))
    monkeypatch.setitem(GONE, "secret01", 0.0)
    monkeypatch.setitem(GONE, NOBODYS, float("inf"))
    done = hushmap(*unverified)
    assert done.exit_code == Exit.NO, done.output
    assert "posts on Driftwood stay off" in done.stdout
    assert "the post that you named is not shown" in done.stdout
    assert "the page of an id that no post has bears a sign of a post" in done.stdout
    assert hushmap(*RUN).exit_code == Exit.USAGE


def test_a_platform_that_must_not_be_asked_is_not_asked_in_a_series_either(hushmap, posts, agreed, unverified):
    """An unverified manifest without its check of the day."""
    refused = hushmap(*RUN, *DAYS, "-q")
    assert refused.exit_code == Exit.USAGE
    assert "hushmap platform check driftwood" in refused.stderr
    assert posts == []
