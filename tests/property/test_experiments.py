"""Properties of inquiries and of the table of burned addresses, in worlds that keep no promise.

A chaotic world answers each question by a whim that may hold (a broken server, a lying resolver) or change from one
attempt to the next; nothing in it has to make sense. What is drawn is the seed of its whims.
"""

import random
from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.detect import host_of
from hushmap.experiments import CONTACTS_A_DAY, Cooldown
from hushmap.experiments.conversation import MAX_ATTEMPTS
from hushmap.experiments.cooldown import BURN_SECONDS, suspicious
from hushmap.model import Ask, Attempt, Failure, Layer, Outcome, Page, Place, Role, Side, Target
from strategies import trials as any_trials
from trials import SITE, shaken
from worlds import DARK, HELPER, World, conditions, converse

TARGETS = {
    "https": Target(experiment="web", text="https://news.example/"),
    "http": Target(experiment="web", text="http://news.example/"),
    "path": Target(experiment="web", text="http://news.example/a?b"),
    "dns": Target(experiment="dns", text="news.example"),
    "sni": Target(experiment="sni", text="news.example"),
    "word": Target(experiment="keyword", text="kw-alpha", place=Place.HTTP_PATH),
    "word in DNS": Target(experiment="keyword", text="kw-alpha", place=Place.DNS_NAME),
}
ADDRESSES = (SITE, "198.51.100.8", "198.51.100.9", "10.0.0.1", "203.0.113.99", "2001:db8::7")
PAGES = (
    Page(status=200, title="News", body_length=9, body_sha256="aa"),
    Page(status=301, location="https://www.news.example/"),
    Page(status=403),
)
LIES = (None, Failure.NXDOMAIN, Failure.SERVFAIL, Failure.TIMEOUT)
CENSORS = (
    None, None, None, Failure.RESET, Failure.TIMEOUT, Failure.EOF, Failure.TLS_ALERT, Failure.REFUSED,
    Failure.INVALID_HOSTNAME, Failure.NETWORK_DOWN, Failure.HTTP_INVALID,
)  # fmt: skip
SERVERS = (None, None, Failure.RESET, Failure.REFUSED, Failure.TIMEOUT)
LONGEST = 12 * 3600.0
"""Seconds on the world's clock in which any one conversation ends; the worst of the first 250 seeds took 6,500."""


def chaotic(seed):
    """A world of whims; how long one lasts is a whim too."""
    rng = random.Random(seed)
    steady, whims = rng.choice([0.0, 0.8, 0.95, 1.0]), {}

    def whim(key, options):
        if key not in whims or rng.random() > steady:
            whims[key] = rng.choice(options)
        return whims[key]

    def resolves(ask, side):
        if "baseline" in ask.name:
            return whim((ask.resolver, side), (None, None, Failure.TIMEOUT))
        some = tuple(rng.sample(ADDRESSES, rng.randint(1, 6)))
        return whim((ask.name, ask.resolver, side), (*LIES, some))

    def blocks(ask):
        if ask.layer is Layer.DNS:
            return None
        harmless = "baseline" in f"{ask.sni}{ask.url}"
        key = (ask.layer, ask.sni, ask.url, ask.address)
        return whim(key, (None, None, None, Failure.RESET) if harmless else CENSORS)

    def server(ask, side):
        options = (None, None, None, *PAGES) if ask.layer is Layer.HTTP else SERVERS
        return whim((ask.layer, ask.url, ask.sni, ask.address, side, 0), options)

    addresses = tuple(rng.sample(ADDRESSES, rng.randint(1, 4)))
    return World(addresses=addresses, blocks=blocks, server=server, resolves=resolves, rng=rng)


@pytest.mark.parametrize("kind", TARGETS)
@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_every_conversation_ends_in_a_verdict(kind, seed):
    """In bounded attempts and time; each attempt has an id of its own, each pair one subject, each trial was wanted."""
    world = chaotic(seed)
    given_ = conditions(ipv6=seed % 2 == 0)
    verdict, record = converse(world, TARGETS[kind], given_)
    assert isinstance(verdict.outcome, Outcome)
    assert len(record.trials) <= MAX_ATTEMPTS
    assert world.now <= LONGEST
    assert len({trial.id for trial in record.trials}) == len(record.trials)
    subjects = Counter(trial.pair for trial in record.trials if trial.pair is not None and trial.role is Role.SUBJECT)
    assert max(subjects.values(), default=0) <= 1
    shown = Counter(
        host_of(trial.ask)
        for trial in record.trials
        if trial.side is Side.HERE and trial.role is Role.SUBJECT and trial.ask.layer is not Layer.TCP
        if trial.ask.address != HELPER and trial.ask.resolver != DARK
    )
    assert max(shown.values(), default=0) <= CONTACTS_A_DAY, (
        "no name is shown to others more often than the plan says"
    )
    if kind in {"sni", "word", "word in DNS"}:
        sent = [t for t in record.trials if t.role is Role.SUBJECT]
        assert len(sent) <= CONTACTS_A_DAY
        assert {trial.ask.address or trial.ask.resolver for trial in sent} <= {HELPER, DARK}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 400), st.booleans(), st.booleans())),
    st.sampled_from([1.0, 5.0]),
)
def test_an_address_is_ready_again_180_s_after_the_last_suspicion_at_the_latest(told, scale):
    """By scale; and voids name only trials that were told."""
    cooldown, seen, last = Cooldown(scale), set(), 0.0
    next_one = Attempt(id=90_000, ask=Ask(layer=Layer.TLS, address=SITE))
    for number, (owner, start, cut, cooling) in enumerate(sorted(told, key=lambda entry: entry[1])):
        role = Role.BASELINE if cooling else Role.SUBJECT
        trial = shaken(owner * 10_000 + number, Failure.RESET if cut else None, role=role, cooling=cooling)
        trial = msgspec.structs.replace(trial, t0=float(start), t=start + 0.5)
        seen.add(trial.id)
        assert {void.trial for void in cooldown.tell(trial)} <= seen
        if suspicious(trial):
            last = trial.t
        assert cooldown.ready(next_one) <= (last + BURN_SECONDS / scale if last else 0.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(any_trials(), max_size=5))
def test_the_table_of_burned_addresses_takes_any_trial(told):
    """Whatever it is about; the helper's trials and lookups hold nothing back."""
    cooldown = Cooldown()
    for trial in told:
        voids = cooldown.tell(trial)
        assert {void.trial for void in voids} <= {known.id for known in told}
        if trial.side is not Side.HERE or trial.ask.address is None:
            assert voids == ()
            assert cooldown.ready(trial) == 0.0
