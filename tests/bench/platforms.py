"""Whether all that a platform hides is found and nothing else; exit code 1 where a bar is missed.

    python tests/bench/platforms.py [--write] [--seeds N] [--words N] [--posts N] [--jobs N] [PART ...]

The lab's platform (hushmap.lab.platform) without a kernel: the product's own runner, inquiries and judge by packets
over the lab's own path, on a time that is not waited for. 200 words are searched once; 200 posts are visited 16 times
within 30 days, each visit a run of its own. 5 % of requests fail, 2 % are answered by a captcha, one replica lags by
two minutes, another loses half of the posts now and then. Beside it stands a control of the same contents, where
nothing is hidden but a canary.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "src")]

import msgspec
import table
from table import Row

from hushmap.catalog import read_list, read_platform
from hushmap.lab.platform import contents as lab_contents
from hushmap.lab.platform.contents import Contents, Post
from hushmap.lab.platform.network import NAME, network
from hushmap.lab.platform.serving import state
from hushmap.lab.pure.running import carried_out, plan_of, shipped
from hushmap.lab.pure.wires import EPOCH
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.model import Layer, Outcome, Platform, Reason, Record, Target, Verdict
from hushmap.runner import ordered

SEEDS, WORDS, POSTS = 5, 200, 200
VISITS = tuple(60.0 * m for m in (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960, 1920, 4320, 8640, 17280, 43200))
"""Seconds after a post was found: 16, each twice as far, to 30 days (refs/KEYWORDS 2.6)."""
LATEST_S = 12 * 86_400.0
"""Two visits follow whatever happens to a post."""
FAIL, CAPTCHA, LAG_S = 0.05, 0.02, 120.0
MANIFEST = Path(lab_contents.__file__).with_name("driftwood.toml")

RIGHT_WORDS: Mapping[str, tuple[frozenset[Outcome], str]] = {
    "open": (frozenset({Outcome.VISIBLE}), ""),
    "rare": (frozenset({Outcome.VISIBLE}), ""),
    "official": (frozenset({Outcome.VISIBLE}), ""),
    "notice": (frozenset({Outcome.SUPPRESSED}), "platform.notice"),
    "partial": (frozenset({Outcome.SUPPRESSED}), "platform.notice"),
    "empty": (frozenset({Outcome.SUPPRESSED}), "platform.empty"),
    "soft": (frozenset({Outcome.SUPPRESSED}), "platform.soft"),
    "legal": (frozenset({Outcome.SUPPRESSED}), "platform.notice"),
    "login": (frozenset({Outcome.INSUFFICIENT}), ""),
    "walled": (frozenset({Outcome.INSUFFICIENT}), ""),
}
"""By the fate of a word: what is right to say, and the mechanism that must be named."""
RIGHT_POSTS: Mapping[str, tuple[Outcome, str]] = {
    "visible": (Outcome.VISIBLE, ""),
    "removed": (Outcome.REMOVED, "platform.removed"),
    "author": (Outcome.WITHDRAWN, "platform.author_removed"),
    "account": (Outcome.WITHDRAWN, "platform.account_gone"),
    "private": (Outcome.SUPPRESSED, "platform.hidden"),
    "held": (Outcome.SUPPRESSED, "platform.held"),
    "login": (Outcome.INSUFFICIENT, ""),
}
"""By the state of a post: what is right to say of a visit."""


@dataclass(frozen=True)
class Said:
    """A verdict, and between which times what it rests on was seen."""

    outcome: Outcome
    mechanisms: tuple[str, ...] = ()
    start: float = 0.0
    end: float = 0.0
    order: tuple[str, str] = ("", "")
    """Number and day of the order that a notice names."""
    login: bool = False
    """Whether it is that only who is logged in may see."""


@dataclass
class Score:
    """What was found of so many truths, and each that was not, in a line."""

    truths: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    orders: list[bool] = field(default_factory=list)
    """Of each notice that was found: whether the order that it names was read."""
    visits: int = 0
    open_visits: int = 0
    """Of them such about which nothing could be said."""

    def add(self, other: "Score") -> None:
        """Count another's too."""
        self.truths += other.truths
        self.found += other.found
        self.missed += other.missed
        self.false += other.false
        self.orders += other.orders
        self.visits += other.visits
        self.open_visits += other.open_visits

    def tell(self, kind: str, name: str, *, right: bool, said: object) -> None:
        """One truth, and whether it was found."""
        self.truths[kind] += 1
        self.found[kind] += right
        if not right:
            self.missed.append(f"{kind} {name}: {said}")


def score_words(truth: Contents, said: Mapping[str, Said]) -> Score:
    """What was said of words beside what is true; whatever is called suppressed and is not is false."""
    score = Score()
    for word in truth.words:
        told = said.get(word.text)
        outcomes, mechanism = RIGHT_WORDS[word.fate]
        right = told is not None and told.outcome in outcomes and (not mechanism or mechanism in told.mechanisms)
        right = right and (word.fate != "login" or (told is not None and told.login))
        score.tell(word.fate, word.text, right=right, said=told)
        if right and told is not None and word.order is not None:
            score.orders.append(told.order == (word.order.number, f"{word.order.day:%Y-%m-%d}"))
        if told is not None and told.outcome is Outcome.SUPPRESSED and Outcome.SUPPRESSED not in outcomes:
            score.false.append(f"{word.fate} {word.text}: {told}")
    return score


def score_posts(truth: Contents, said: Mapping[str, Sequence[Said]]) -> Score:
    """What was said of each post at all visits: its end must be found, and nothing that never was be said."""
    score = Score()
    for post in truth.posts:
        visits = said.get(post.id, ())
        for visit in visits:
            score.visits += 1
            score.open_visits += visit.outcome is Outcome.INSUFFICIENT
            if not _true_at(post, visit):
                score.false.append(f"{post.fate} {post.id}, at {post.at}: {visit}")
        last = state(post, visits[-1].end if visits else float("inf"))
        decided = [visit for visit in visits if visit.outcome is not Outcome.INSUFFICIENT]
        outcome, mechanism = RIGHT_POSTS[last]
        if outcome is Outcome.INSUFFICIENT:
            right = not decided and any(visit.login for visit in visits)
        else:
            right = bool(decided) and decided[-1].outcome is outcome and mechanism in (*decided[-1].mechanisms, "")
        score.tell(post.fate, post.id, right=right, said=decided[-1:] or "never decided")
    return score


def _true_at(post: Post, visit: Said) -> bool:
    """Whether what is said was so at some time of the visit, by the slowest replica too."""
    if visit.outcome is Outcome.INSUFFICIENT:
        return True
    at = (visit.start - LAG_S, visit.start, post.at if post.at is not None else visit.start, visit.end)
    states = {state(post, now) for now in at if visit.start - LAG_S <= now <= visit.end}
    return any(RIGHT_POSTS[one][0] is visit.outcome for one in states - {"unknown"})


def settings(seed: int, words: int, posts: int, *, acts: bool = True) -> PlatformSettings:
    """The platform of a seed, with all that fails."""
    return PlatformSettings(
        site=NAME, acts=acts, words=words, posts=posts, seed=seed, began=EPOCH, latest_s=LATEST_S, fail=FAIL,
        captcha=CAPTCHA, lag_s=LAG_S, ghosts=True,
    )  # fmt: skip


def manifest() -> Platform:
    """How its pages are read."""
    return read_platform(MANIFEST)


def measured(
    given: PlatformSettings, targets: Iterable[Target], seed: int, after: float
) -> list[tuple[Record, Verdict]]:
    """One run, so many seconds after the platform's first moment."""
    scenario = network(given)
    plan = msgspec.structs.replace(plan_of(scenario, seed, shipped()), targets=ordered(targets, seed))
    return list(carried_out(scenario, seed, began=EPOCH + timedelta(seconds=after), plan=plan).judged)


def said_of(record: Record, verdict: Verdict, after: float) -> Said:
    """A verdict, and between which times since the platform's first moment its pages were read."""
    times = [t for trial in record.trials if trial.ask.layer is Layer.HTTP for t in (trial.t0, trial.t)]
    return Said(
        verdict.outcome,
        verdict.mechanisms,
        after + min(times, default=0.0),
        after + max(times, default=0.0),
        (verdict.facts.get("order", ""), verdict.facts.get("ordered", "")),
        login=verdict.reason is Reason.LOGIN_WALL,
    )


def searched(seed: int, words: int, *, acts: bool) -> Score:
    """One run over all words."""
    given, platform = settings(seed, words, 0, acts=acts), manifest()
    truth = lab_contents.contents(given)
    targets = [
        Target(experiment="search", text=word.text, category="MISC", platform=platform) for word in truth.words
    ]
    judged = measured(given, targets, seed, 0.0)
    return score_words(truth, {record.target: said_of(record, verdict, 0.0) for record, verdict in judged})


def watched(seed: int, posts: int, *, acts: bool) -> Score:
    """All visits to all posts; a tenth more of them stand beside."""
    given = settings(seed, 0, posts + posts // 10, acts=acts)
    truth = lab_contents.contents(given)
    targets = listed(truth, twins(lab_contents.contents(msgspec.structs.replace(given, acts=True))))
    chosen = {target.text for target in targets}
    said: dict[str, list[Said]] = {text: [] for text in chosen}
    for number, after in enumerate(VISITS):
        for record, verdict in measured(given, targets, seed * 100 + number, after):
            said[record.target].append(said_of(record, verdict, after))
    kept = tuple(post for post in truth.posts if post.id in chosen)
    return score_posts(msgspec.structs.replace(truth, posts=kept), said)


def twins(truth: Contents) -> frozenset[str]:
    """Every fourth of the posts that stay: more than one in twelve of all, and they are watched no more."""
    return frozenset([post.id for post in truth.posts if post.fate == "stays"][::4])


def listed(truth: Contents, beside: frozenset[str]) -> tuple[Target, ...]:
    """The posts as a list of them is read, by the product's own catalogue."""
    rows = [(post.id, post.account, "yes" if post.id in beside else "") for post in truth.posts]
    with TemporaryDirectory() as folder:
        copy(MANIFEST, folder)
        path = Path(folder) / "posts.csv"
        path.write_text(
            "platform,post,account,twin,category_code\n"
            + "".join(f"{MANIFEST.stem},{id_},{account},{twin},MISC\n" for id_, account, twin in rows)
        )
        return read_list(path, "watch").targets


PARTS = {"words": searched, "posts": watched}


def one(job: tuple[str, int, int, bool]) -> tuple[str, bool, Score]:
    """One part with one seed."""
    part, seed, number, acts = job
    return part, acts, PARTS[part](seed, number, acts=acts)


def rows(part: str, score: Score, control: Score) -> Iterable[Row]:
    """The bars of one part."""
    every, found = sum(score.truths.values()), sum(score.found.values())
    noun = "searches" if part == "words" else "visits"
    yield Row(f"{part}: truths found, {FAIL:.0%} of requests failing, flicker, captchas", f"all {every:,}", f"{found:,}",
              found == every)  # fmt: skip
    wrong = "called suppressed that are not" if part == "words" else "visits at which what is said was not so"
    yield Row(f"{part}: {wrong}", "0", f"{len(score.false)}", not score.false)
    every, found, false = sum(control.truths.values()), sum(control.found.values()), len(control.false)
    what = f"{part}: truths found where nothing is hidden, and false ones"
    yield Row(what, f"all {every:,}, 0", f"{found:,}, {false}", found == every and not false)
    if part == "words":
        every, found = len(score.orders), sum(score.orders)
        yield Row("words: orders read from notices, number and day", f"all {every:,}", f"{found:,}", found == every)
    if score.visits:
        share = score.open_visits / score.visits
        yield Row(f"{part}: {noun} of which nothing can be said, of {score.visits:,}", "-", f"{share:.1%}", met=True)


def main(argv: Sequence[str] | None = None) -> int:
    """All parts, or those that are named; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("parts", metavar="PART", nargs="*", help=", ".join(PARTS))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--words", type=int, default=WORDS)
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="keep the table for docs/reference")
    options = parser.parse_args(argv)
    parts = options.parts or list(PARTS)
    number = {"words": options.words, "posts": options.posts}
    jobs = [(part, seed, number[part], acts) for part in parts for acts in (True, False)
            for seed in range(1, options.seeds + 1) if acts or seed == 1]  # fmt: skip
    scores = {(part, acts): Score() for part in parts for acts in (True, False)}
    with ProcessPoolExecutor(options.jobs) as pool:
        for part, acts, score in pool.map(one, jobs):
            scores[part, acts].add(score)
    told = [row for part in parts for row in rows(part, scores[part, True], scores[part, False])]
    for (part, acts), score in scores.items():
        for line in (*score.missed, *(f"FALSE {each}" for each in score.false)):
            print(f"{part}{'' if acts else ', control'}: {line}")
    for row in told:
        print(f"{row.verdict:>7}  {row.what}: {row.figure} (bar: {row.bar})")
    if options.write:
        how = (
            f"`python tests/bench/platforms.py`: {options.seeds} seeds, {options.words} words, {options.posts} posts"
        )
        table.write("Platforms", how, told)
    return 0 if all(row.met for row in told) else 1


if __name__ == "__main__":
    sys.exit(main())
