"""Properties of judging that hold for any record whatever, however hostile or torn.

Two kinds of records are drawn: of arbitrary trials (any value of the right type anywhere), which find what breaks; and
of plausible ones (few names, addresses and outcomes, many coincidences), which find what convinces.
"""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.detect import RULES, TABLES, PairState, doubts, judge, legs, proxied, read_tests
from hushmap.model import (
    Ask,
    Context,
    Evidence,
    Failure,
    Fingerprint,
    HelperWatch,
    Knowledge,
    Layer,
    Outcome,
    Page,
    Record,
    Role,
    Side,
    Trial,
    Void,
    mechanism_known,
)
from hushmap.sampling import Decision
from strategies import SECONDS, structs, trials
from trials import (
    CONTEXT,
    DARK,
    HARMLESS,
    ISP,
    NAME,
    NOTHING,
    OTHER,
    OURS,
    SITE,
    connected,
    loaded,
    lookup,
    record,
    shaken,
)

EDGE, FAR, NOTICE = (
    "198.51.100.8",
    "203.0.113.81",
    Page(status=200, title="Blocked by law", body_sha256="bb", body_length=5),
)
MARKS = Knowledge(
    fingerprints=(
        Fingerprint(id="law", where="title", pattern="Blocked by law"),
        Fingerprint(id="sink", where="dns", pattern="198.51.100.98", kind="full"),
    )
)
KNOWLEDGE = st.sampled_from([NOTHING, MARKS])
TARGETS = st.sampled_from(
    [f"https://{NAME}/", f"http://{NAME}/", f"http://{NAME}/a?b", NAME, "http://[", ""]
) | st.text(max_size=12)
EXPERIMENTS = st.sampled_from(sorted(TABLES))
CUTS = st.sampled_from([None, *sorted(Failure)]) | st.sampled_from([None, Failure.RESET, Failure.TIMEOUT])
WHEN = st.integers(0, 600).map(float)


def arbitrary_records():
    """A record of one of our experiments with any trials and any context."""
    return st.builds(
        lambda base, experiment, target, told: msgspec.structs.replace(
            base, experiment=experiment, target=target, trials=tuple(told)
        ),
        structs(Record), EXPERIMENTS, TARGETS, st.lists(trials(), max_size=4),
    )  # fmt: skip


@st.composite
def plausible_trials(draw, number):
    """One of the attempts that an inquiry makes, ending in any way, in any role."""
    fields = {
        "role": draw(st.sampled_from([Role.SUBJECT, Role.BASELINE])),
        "side": draw(st.sampled_from([Side.HERE, Side.HERE, Side.HELPER])),
        "undone": draw(st.sampled_from([None] * 9 + ["no_ipv6"])),
        "in_flight": draw(st.integers(0, 1)),
        "changed": draw(
            st.sampled_from([None, "sni", "host", "path", "name", "address", "site", "notice", "resolver"])
        ),
        "cooling": draw(st.sampled_from([False] * 5 + [True])),
    }
    pair = draw(st.sampled_from([None, None, 1, 2]))
    if pair is not None:
        fields |= {"pair": pair, "bystander": draw(st.booleans())}
    address = draw(st.sampled_from([SITE, EDGE, OURS, FAR, "10.0.0.1", "198.51.100.98", "2001:db8::7"]))
    name, failure = draw(st.sampled_from([NAME, NAME, HARMLESS])), draw(CUTS)
    kind = draw(st.sampled_from(["dns", "tcp", "tls", "http"]))
    if kind == "dns":
        resolver = draw(st.sampled_from(["system", ISP, OTHER, DARK]))
        trial = lookup(number, failure or (address,), resolver=resolver, name=name, **fields)
    elif kind == "tcp":
        trial = connected(number, failure, address, host=name, **fields)
    elif kind == "tls":
        trial = shaken(number, failure, address, name, **fields)
    else:
        url = draw(st.sampled_from([f"https://{name}/", f"http://{name}/", f"http://{name}/a?b"]))
        page = draw(
            st.sampled_from([NOTICE, Page(status=200, title="News"), Page(status=301, location="http://x.example/")])
        )
        at = draw(st.sampled_from(["connect", "handshake", "fetch"]))
        trial = loaded(number, failure or page, address, url, at=at, **fields)
    t0 = draw(WHEN)
    return msgspec.structs.replace(trial, t0=t0, t=t0 + 1.0)


@st.composite
def plausible_records(draw):
    """A handful of such attempts, and pairs of which the same subject was hit again and again."""
    count = draw(st.integers(0, 10))
    told = [draw(plausible_trials(number)) for number in range(1, count + 1)]
    for block in range(draw(st.integers(0, 2))):
        told += draw(paired(1000 * (block + 1)))
    context = Context(
        f0=draw(st.sampled_from([0.05, 0.1, 0.3])), helper=draw(st.sampled_from([OURS, None])),
        dark=draw(st.sampled_from([DARK, None])), baseline_names=(HARMLESS,),
        helper_watch=draw(st.sampled_from([(), (HelperWatch(t=0.0, reached=True),)])),
        portal=draw(st.sampled_from([False] * 9 + [True])), intercepted=draw(st.sampled_from([False] * 9 + [True])),
        canaries={"tls-sni": True},
    )  # fmt: skip
    return record(
        *told, experiment=draw(EXPERIMENTS), target=draw(st.sampled_from([f"https://{NAME}/", f"http://{NAME}/", NAME])),
        layer=draw(st.sampled_from([None, "tls-sni"])), context=context,
    )  # fmt: skip


@st.composite
def paired(draw, first):
    """Pairs about one subject, each baseline and subject ending as it likes."""
    kind = draw(st.sampled_from(["sni", "name", "dark", "address", "host"]))
    spread = draw(st.sampled_from([1.0, 20.0]))
    address = draw(st.sampled_from([SITE, OURS]))
    usual = draw(st.sampled_from([None, Failure.RESET, Failure.TIMEOUT, Failure.NXDOMAIN, Failure.SERVFAIL]))
    made = []
    for number in range(draw(st.integers(1, 7))):
        fields = {"round": 1, "pair": first + number, "changed": {"dark": "name"}.get(kind, kind)}
        hit = usual if draw(st.integers(0, 5)) else None
        lost = Failure.TIMEOUT if not draw(st.integers(0, 7)) else None
        for step in range(3):
            about = {**fields, "bystander": step == 2}
            if step != 1:
                about["role"] = Role.BASELINE
            ends, name = (hit, NAME) if step == 1 else (lost, HARMLESS)
            identity = first + 3 * number + step
            if kind in {"name", "dark"}:
                where = OTHER if step == 2 else DARK if kind == "dark" else ISP
                told = ends or (Failure.TIMEOUT if kind == "dark" and step == 0 else (SITE,))
                trial = lookup(identity, told, resolver=where, name=name, **about)
            elif kind == "address":
                trial = connected(
                    identity, ends, FAR if step != 1 else SITE, host=NAME if step == 1 else None, **about
                )
            elif kind == "host":
                trial = loaded(identity, ends or Page(status=200), address, f"http://{name}/", **about)
            else:
                trial = shaken(identity, ends, FAR if step == 2 else address, name, **about)
            made.append(msgspec.structs.replace(trial, t0=number * spread, t=number * spread + 0.5))
    return made


RULES_BY_ID = {rule.id: rule for rule in RULES}
DIRECT = {"dns.dark-answer", "dns.two-answers", "dns.notice-address", "http.notice"}
WITHIN = {"dns.other-answer"}
"""METHOD 1: a record that holds the pair itself."""
PARTIAL = {"pair.partial", "sni.partial", "word.partial"}


def holds(made, knowledge):
    """What every verdict must satisfy; the verdict."""
    verdict = judge(made, knowledge)
    assert all(mechanism_known(name) for name in verdict.mechanisms)
    assert verdict.rule in RULES_BY_ID
    assert (verdict.reason is not None) == (verdict.outcome is Outcome.INSUFFICIENT)
    failed, tried = verdict.counts.subject
    assert 0 <= failed <= tried
    if verdict.error_bound is not None:
        assert verdict.outcome in {Outcome.BLOCKED, Outcome.UNREACHABLE}
    if verdict.outcome is Outcome.BLOCKED:
        assert verdict.evidence in {Evidence.DIRECT, Evidence.CONTROLLED}
        assert verdict.mechanisms
        assert verdict.proof
        decided = [
            test for test in read_tests(made.counted, made.context, knowledge) if test.decision is Decision.INTERFERED
        ]
        assert decided or verdict.rule in DIRECT | WITHIN | PARTIAL
        assert verdict.rule not in PARTIAL or verdict.extent.low > 0
    if verdict.outcome is Outcome.UNREACHABLE and verdict.rule != "dns.resolver-fails":
        assert made.context.helper is not None or any(trial.side is Side.HELPER for trial in made.counted)
    return verdict


@settings(max_examples=150, deadline=None)
@given(arbitrary_records(), KNOWLEDGE)
def test_no_record_whatever_breaks_judging_or_convinces_it_without_evidence(made, knowledge):
    """Any values of the right types: a verdict comes of it, and `blocked` only by a direct sign or a controlled pair."""
    holds(made, knowledge)


@settings(max_examples=400, deadline=None)
@given(plausible_records(), KNOWLEDGE)
def test_blocked_has_a_decided_test_or_a_direct_sign(made, knowledge):
    """Whatever trials coincide, with known mechanisms, a proof, and counts that can be."""
    holds(made, knowledge)
    for leg in legs(made, knowledge):
        doubts(leg)


@settings(max_examples=100, deadline=None)
@given(plausible_records(), KNOWLEDGE, st.data())
def test_judging_is_deterministic_and_what_is_void_or_undone_may_stand_anywhere(made, knowledge, data):
    """The same verdict twice, and with those lines moved to any place among the others."""
    void = data.draw(st.sets(st.sampled_from([trial.id for trial in made.trials]) if made.trials else st.nothing()))
    context = msgspec.structs.replace(
        made.context, voids=tuple(Void(trial=n, reason="residual") for n in sorted(void))
    )
    made = msgspec.structs.replace(made, context=context)
    kept = [trial for trial in made.trials if trial.undone is None and trial.id not in void]
    gone = [trial for trial in made.trials if trial not in kept]
    order = list(kept)
    for trial in data.draw(st.permutations(gone)):
        order.insert(data.draw(st.integers(0, len(order))), trial)
    verdict = judge(made, knowledge)
    assert judge(made, knowledge) == verdict
    assert judge(msgspec.structs.replace(made, trials=tuple(order)), knowledge) == verdict


@settings(max_examples=100, deadline=None)
@given(plausible_records(), KNOWLEDGE, st.data())
def test_what_a_void_trial_holds_is_irrelevant(made, knowledge, data):
    """Other steps, another ask, another role in its place leave the verdict as it is."""
    if not made.trials:
        return
    place = data.draw(st.integers(0, len(made.trials) - 1))
    old = made.trials[place]
    context = msgspec.structs.replace(made.context, voids=(Void(trial=old.id, reason="network_lost"),))
    new = msgspec.structs.replace(data.draw(plausible_trials(old.id)), id=old.id)
    told = (*made.trials[:place], new, *made.trials[place + 1 :])
    before = judge(msgspec.structs.replace(made, context=context), knowledge)
    assert judge(msgspec.structs.replace(made, context=context, trials=told), knowledge) == before


@settings(max_examples=150, deadline=None)
@given(paired(1000), st.data())
def test_a_baseline_that_is_dropped_never_makes_interference(made, data):
    """Fewer baselines, or ones that failed, make no new hits, and decide nothing against the line that was open.

    A subject that passed between them is no longer counted either: only where none did is the decision bound to stay.
    """
    before = {test.subject: test for test in read_tests(made, CONTEXT, NOTHING)}
    bad = data.draw(st.sets(st.sampled_from([trial.id for trial in made if trial.role is Role.BASELINE])))
    fewer = [trial for trial in made if trial.id not in bad]
    worse = [msgspec.structs.replace(trial, steps=()) if trial.id in bad else trial for trial in made]
    lost = {trial.pair for trial in made if trial.id in bad and not trial.bystander}
    for changed in (fewer, worse):
        if proxied(made, CONTEXT) != proxied(changed, CONTEXT):
            continue  # the answer that showed a proxy was itself dropped
        for test in read_tests(changed, CONTEXT, NOTHING):
            was = before[test.subject]
            hit = {pair.number for pair in test.pairs if pair.state is PairState.HIT}
            assert hit <= {pair.number for pair in was.pairs if pair.state is PairState.HIT}
            assert not hit & lost
            kept = not lost & {pair.number for pair in was.pairs if pair.state is PairState.PASSED}
            if test.decision is Decision.INTERFERED and kept:
                assert was.decision is Decision.INTERFERED


@settings(max_examples=60, deadline=None)
@given(st.lists(SECONDS, max_size=3), structs(Context), KNOWLEDGE)
def test_no_context_breaks_the_reading_of_pairs(times, context, knowledge):
    """Rates, budgets and scales of any size: a file may say anything."""
    ask = Ask(layer=Layer.TLS, address=SITE, sni=NAME)
    made = [Trial(id=n, ask=ask, pair=n, t0=t) for n, t in enumerate(times)]
    for test in read_tests(made, context, knowledge):
        assert test.decision is not Decision.INTERFERED
