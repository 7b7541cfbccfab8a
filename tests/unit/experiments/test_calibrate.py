"""Tests of hushmap.experiments.calibrate."""

import pytest

from hushmap.detect import Calibrated
from hushmap.detect import Planted as Why
from hushmap.experiments import echoes, in_line, open_inquiry, planting
from hushmap.experiments.calibrate import MOST_PLANTED
from hushmap.lab.censors.parameters import Censor
from hushmap.model import IDS_PER_TARGET, Outcome, Place, Role, Target, Void, trial_of
from planted import CANARY, Planted
from worded import Worded
from worlds import conditions

RESIDUAL = {"residual_s": 90.0, "residual_scope": "3-tuple"}


def planted(*censors, **more):
    """A run whose network has these censors."""
    return Planted(Worded(censors=censors, **more))


def found(record, run):
    """What the record shows."""
    return Calibrated(record, run.knowledge).calibration


@pytest.mark.parametrize(
    ("place", "kind", "separator"),
    [
        (Place.HTTP_PATH, "url-reset", "-"), (Place.HTTP_HOST, "host-reset", "."), (Place.TLS_SNI, "sni-reset", "."),
        (Place.QUIC_SNI, "quic-sni-drop", "."), (Place.TCP_PAYLOAD, "payload-reset", "-"),
        (Place.HTTP_RESPONSE, "response-reset", "-"),
    ],
)  # fmt: skip
def test_where_a_canary_fires_all_of_it_is_measured(place, kind, separator):
    """Ports (but the last, the sentinel's), positions, separators, noise, misses, what follows a hit, how long."""
    run = planted(Censor(kind=kind, words=(CANARY,), every_port=True, **RESIDUAL))
    record = run.calibrate(place)
    known = found(record, run)
    assert known.fired
    assert known.packs
    assert (known.separator, known.positions, known.ports) == (separator, (3, 3), tuple(range(7)))
    assert known.false_hits[0] == known.misses[0] == 0
    assert known.false_hits[1] >= 114
    assert known.misses[1] >= 10
    assert known.residual.scope == "3-tuple"
    hit = next(trial for trial in record.trials if trial.changed == Why.CANARY)
    assert known.residual.low <= 90 <= known.residual.high + hit.t - hit.t0  # what is dropped ends with a time-out
    assert len(record.trials) <= MOST_PLANTED
    (echo,) = echoes(run.given)
    assert echo.apart


def test_without_a_filter_it_takes_a_dozen_attempts():
    """Eight passes say that the canary does not fire; nothing is packed, and no port known."""
    run = planted()
    record = run.calibrate(Place.HTTP_PATH)
    known = found(record, run)
    assert (known.fired, known.packs, known.ports, known.residual) == (False, False, (), None)
    assert known.misses == (0, 0)
    assert len(record.trials) <= 12
    assert echoes(run.given) == ()


def test_a_filter_of_beginnings_is_not_packed():
    """The canary fires alone and at the first position only: a word behind others would pass unseen."""
    run = planted(Censor(kind="payload-reset", words=(CANARY,), every_port=True, first_bytes=40))
    known = found(run.calibrate(Place.TCP_PAYLOAD), run)
    assert known.fired
    assert not known.packs
    assert known.positions == (1, 3)


def test_what_is_held_against_the_whole_address_leaves_one_port():
    """Other ports are cut too after a hit: they are no servers of their own."""
    run = planted(
        Censor(kind="url-reset", words=(CANARY,), every_port=True, residual_s=20.0, residual_scope="2-tuple")
    )
    known = found(run.calibrate(Place.HTTP_PATH), run)
    assert (known.residual.scope, known.ports) == ("2-tuple", (0,))
    assert not echoes(run.given)[0].apart


def test_what_is_forgotten_at_once_holds_nothing_back():
    """No residual: a port is asked again as soon as one likes."""
    run = planted(Censor(kind="url-reset", words=(CANARY,), every_port=True))
    record = run.calibrate(Place.HTTP_PATH)
    assert found(record, run).residual.scope == "none"


def test_a_filter_on_the_usual_port_alone_is_known_to_look_there_only():
    """A port on which the canary does not fire is never used for words."""
    run = planted(Censor(kind="url-reset", words=(CANARY,), ports=(8080, 8082)))
    assert found(run.calibrate(Place.HTTP_PATH), run).ports == (0, 2)


def test_one_port_is_enough():
    """A helper of before has no more; what is held against others is then not known."""
    run = Planted(
        Worded(censors=(Censor(kind="url-reset", words=(CANARY,), every_port=True, **RESIDUAL),)), conditions()
    )
    known = found(run.calibrate(Place.HTTP_PATH), run)
    assert (known.fired, known.ports) == (True, (0,))
    assert not echoes(run.given)[0].apart


def test_lookups_have_no_connection_that_could_be_held_against_them():
    """No follow-ups are planted, and no port is told from others."""
    run = planted(Censor(kind="dns-injection", names=(CANARY,), matching="label", addresses=("198.51.100.99",)))
    record = run.calibrate(Place.DNS_NAME)
    assert not [trial for trial in record.trials if trial.changed in {Why.SAME, Why.OTHER}]
    assert found(record, run).residual is None


def test_a_noisy_line_needs_more_hits_before_a_canary_fired():
    """Misses and false hits are counted, and enter as such."""
    run = planted(Censor(kind="url-reset", words=(CANARY,), every_port=True, misses=0.25), false=0.04)
    known = found(run.calibrate(Place.HTTP_PATH), run)
    assert known.fired
    assert known.misses[0] > 0
    assert known.false_hits[0] > 0


def test_nothing_is_planted_where_harmless_text_is_cut():
    """The canary is not sent at all: what fails here is no filter of words."""
    run = planted(Censor(kind="port-reset", ports=(8080,)))
    record = run.calibrate(Place.HTTP_PATH)
    assert all(trial.role is Role.BASELINE for trial in record.trials)
    assert not found(record, run).fired


@pytest.mark.parametrize("lacking", [{"helper_address": None}, {"echo_http": None}, {"baselines": ()}])
def test_without_an_address_of_ours_nothing_is_asked(lacking):
    """A stranger's server is no place to plant words."""
    run = Planted(Worded(), conditions(**lacking))
    verdict, record = run.judged(Target(experiment="calibrate", text=CANARY, place=Place.HTTP_PATH, canary=True))
    assert record.trials == ()
    assert verdict.outcome is Outcome.INSUFFICIENT


@pytest.mark.parametrize("canary", ["测试词甲", "kw-known"])
def test_a_canary_of_any_script_fits_into_names(canary):
    """Forty labels of punycode are no name, nor is one label of 116 letters: fewer are taken, or none."""
    run = planted(Censor(kind="sni-reset", words=(canary,), every_port=True, punycode=True))
    record = run.calibrate(Place.TLS_SNI, canary)
    assert found(record, run).fired
    words = ("kw-plain", "词乙", "kw-calm")
    _, screened = run.judged(Target(experiment="screen", text="words", place=Place.TLS_SNI, words=words))
    assert len([trial for trial in screened.trials if trial.changed == "question"]) >= 3


def test_packs_are_planted_where_the_canary_fires():
    """A filter of one port among several does not keep words from being packed there."""
    run = planted(Censor(kind="url-reset", words=(CANARY,), ports=(8080,)))
    record = run.calibrate(Place.HTTP_PATH)
    known = found(record, run)
    assert (known.ports, known.packs, known.positions) == ((0,), True, (3, 3))
    assert {trial.ask.port for trial in record.trials if trial.changed in {Why.HARMLESS, Why.POSITION}} == {8080}


def test_a_filter_that_cuts_half_of_what_follows_is_found_to_linger():
    """Two flows pass by chance after many a hit: what follows is looked at twice each time, and on several ports."""
    lingering = Censor(kind="url-reset", words=(CANARY,), every_port=True, misses=0.25, follow_ups=0.6, **RESIDUAL)
    for seed in range(12):
        run = Planted(Worded(censors=(lingering,), seed=seed))
        residual = found(run.calibrate(Place.HTTP_PATH), run).residual
        assert residual.scope == "3-tuple"
        assert residual.high >= 90


def test_what_is_held_against_half_of_all_flows_to_the_address_is_known_to_be_held_against_all():
    """One look at one other port would pass by chance in four of ten."""
    lingering = Censor(
        kind="url-reset", words=(CANARY,), every_port=True, residual_s=60.0, residual_scope="2-tuple", follow_ups=0.6
    )
    for seed in range(12):
        run = Planted(Worded(censors=(lingering,), seed=seed))
        assert found(run.calibrate(Place.HTTP_PATH), run).residual.scope == "2-tuple"


@pytest.mark.parametrize(("scope", "apart"), [("3-tuple", True), ("2-tuple", False)])
def test_ports_are_known_as_soon_as_it_is_seen_what_a_hit_is_held_against(scope, apart):
    """A calibration that is not through yet tells of them; one that has seen no hit, and other inquiries, do not."""
    lingering = Censor(kind="url-reset", words=(CANARY,), every_port=True, residual_s=20.0, residual_scope=scope)
    run = planted(lingering)
    told = run.calibrate(Place.HTTP_PATH).trials
    planter = open_inquiry(
        Target(experiment="calibrate", text=CANARY, place=Place.HTTP_PATH, canary=True), run.given, told[0].id
    )
    assert planting((planter, object())) == ()
    for trial in told:
        planter.ask(0.05)
        planter.tell(trial)
    planter.ask(0.05)
    (echo,) = planting((planter,))
    assert (echo.apart, len(echo.ports)) == (apart, 7)


def test_a_port_of_which_all_was_void_ends_no_calibration():
    """It is not one of those that words are sent to; the rest is planted as ever."""
    run = planted(Censor(kind="url-reset", words=(CANARY,), every_port=True))
    canary = Target(experiment="calibrate", text=CANARY, place=Place.HTTP_PATH, canary=True)
    inquiry = open_inquiry(canary, run.given, IDS_PER_TARGET)
    waiting = list(inquiry.ask(0.05))
    while waiting:
        attempt = waiting.pop(0)
        steps = run.world.steps(attempt.ask, attempt.side)
        t0, run.world.now = max(run.world.now, attempt.not_before), max(run.world.now, attempt.not_before) + 1.0
        trial = trial_of(attempt, steps, t0=t0, t=t0 + 0.1)
        inquiry.tell(trial)
        if attempt.changed == Why.PORT and attempt.ask.port == 8082:
            inquiry.void((Void(trial=trial.id, reason="residual"),))
        waiting += inquiry.ask(0.05)
    known = Calibrated(inquiry.record(), run.knowledge).calibration
    assert 2 not in known.ports
    assert known.packs
    assert known.false_hits[1] >= 114


def test_the_last_hit_is_left_alone_to_see_whether_looking_makes_it_last():
    """A block that nothing begins anew is still there when it is first looked at as late as others were held."""
    run = planted(Censor(kind="url-reset", words=(CANARY,), every_port=True, residual_renewed="no", **RESIDUAL))
    record = run.calibrate(Place.HTTP_PATH)
    assert found(record, run).residual.prolonged is False
    last = [trial for trial in record.trials if trial.changed == Why.SAME and trial.round // 10 == 2]
    assert min(trial.round % 10 for trial in last) == 5  # 64 s


def test_of_a_block_that_lets_flows_pass_by_chance_it_is_not_said_that_looking_makes_it_last():
    """Two flows that pass may have had luck, where not all were cut before."""
    lingering = Censor(kind="url-reset", words=(CANARY,), every_port=True, follow_ups=0.6, **RESIDUAL)
    for seed in range(12):
        run = Planted(Worded(censors=(lingering,), seed=seed))
        assert found(run.calibrate(Place.HTTP_PATH), run).residual.prolonged is not True


def _through(run, inquiry, waiting, until):
    """Carries an inquiry on until something is true of it; what is then still to be made."""
    while waiting and not until(inquiry):
        attempt = waiting.pop(0)
        t0 = max(run.world.now, attempt.not_before)
        run.world.now = t0 + 1.0
        inquiry.tell(trial_of(attempt, steps=run.world.steps(attempt.ask, attempt.side), t0=t0, t=t0 + 0.1))
        waiting += inquiry.ask(0.05)
    return waiting


@pytest.mark.parametrize(("scope", "waits"), [("3-tuple", False), ("2-tuple", True)])
def test_two_calibrations_do_not_begin_at_one_port_side_by_side(scope, waits):
    """The second waits while hits of the first may be held against it: to the end, where ports are not apart."""
    censor = Censor(kind="url-reset", words=(CANARY,), every_port=True, residual_s=20.0, residual_scope=scope)
    run = planted(censor)
    told = {"experiment": "calibrate", "canary": True}
    one, host, sni, lookup = (
        open_inquiry(Target(text=text, place=place, **told), run.given, IDS_PER_TARGET * at)
        for at, (text, place) in enumerate(
            [(CANARY, Place.HTTP_PATH), ("kw-known", Place.HTTP_HOST), ("kw-known", Place.TLS_SNI),
             ("kw-known", Place.DNS_NAME)], 1
        )
    )  # fmt: skip
    every = (one, host, sni, lookup, object())
    assert [in_line(each, every) for each in every] == [False] * 5
    waiting = list(one.ask(0.05))
    assert [in_line(each, every) for each in every] == [False, True, False, False, False]
    waiting = _through(run, one, waiting, lambda inquiry: inquiry.echo is not None)
    assert in_line(host, every) == waits
    assert _through(run, one, waiting, lambda inquiry: False) == []
    assert not in_line(host, every)
