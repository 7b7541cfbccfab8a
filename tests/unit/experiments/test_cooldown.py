"""Tests of hushmap.experiments.cooldown."""

import msgspec
import pytest

from hushmap.experiments.cooldown import BURN_SECONDS, Cooldown, suspicious
from hushmap.model import Ask, Attempt, Failure, Layer, Residual, Role, Side
from trials import OTHER, SITE, connected, loaded, lookup, shaken

MINE, THEIRS = 10_001, 20_001


def at(trial, t0, t=None):
    """The same trial at another time."""
    return msgspec.structs.replace(trial, t0=t0, t=t0 + 1.0 if t is None else t)


def cut(number=MINE, t0=0.0, **more):
    """A handshake that may have triggered something, over a second later."""
    return at(shaken(number, Failure.RESET, **more), t0)


def cooled(number, t0, failure=None):
    """A baseline that measures how long it lasts."""
    return at(shaken(number, failure, role=Role.BASELINE, cooling=True), t0)


def ready(cooldown, **more):
    """When the next attempt on the site's address may start."""
    return cooldown.ready(Attempt(id=30_000, ask=Ask(layer=Layer.TLS, address=SITE), **more))


def nameless(number):
    """A handshake without a server name that was cut."""
    trial = shaken(number, Failure.RESET)
    return msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, sni=None))


@pytest.mark.parametrize(
    ("trial", "may"),
    [
        (shaken(1, Failure.RESET), True),
        (shaken(1, Failure.TLS_ALERT), True),
        (loaded(1, Failure.TIMEOUT), True),
        (shaken(1), False),
        (nameless(1), False),
        (shaken(1, Failure.INVALID_HOSTNAME), False),
        (loaded(1, Failure.TIMEOUT, at="connect"), False),
        (connected(1, Failure.RESET), False),
        (lookup(1, Failure.TIMEOUT), False),
        (shaken(1, Failure.RESET, side=Side.HELPER), False),
        (shaken(1, Failure.RESET, undone="budget"), False),
        (shaken(1, Failure.RESET, role=Role.BASELINE), False),
        (shaken(1, Failure.RESET, role=Role.SENTINEL), False),
        (shaken(1, Failure.RESET, role=Role.CANARY), True),
    ],
)
def test_only_a_named_exchange_that_was_cut_may_have_triggered_something(trial, may):
    """After the connection stood, from here, and about no harmless name."""
    assert suspicious(trial) is may


def test_a_suspicion_burns_its_address_for_180_s_by_scale():
    """Cooling baselines, other sides and attempts without an address are not held."""
    for scale in (1.0, 5.0):
        cooldown = Cooldown(scale)
        assert ready(cooldown) == 0.0
        assert cooldown.tell(cut()) == ()
        assert ready(cooldown) == 1.0 + BURN_SECONDS / scale
        assert ready(cooldown, cooling=True) == ready(cooldown, side=Side.HELPER) == 0.0
        assert cooldown.ready(Attempt(id=1, ask=Ask(layer=Layer.DNS, resolver=OTHER))) == 0.0


def test_a_failure_on_a_burned_address_is_nobodys_and_a_pass_is_fine():
    """Of this target or another; before the burn and after it failures count."""
    cooldown = Cooldown()
    cooldown.tell(cut())
    assert [void.trial for void in cooldown.tell(at(connected(THEIRS, Failure.TIMEOUT), 5.0))] == [THEIRS]
    assert cooldown.tell(at(connected(THEIRS + 1), 6.0)) == ()
    assert cooldown.tell(at(connected(THEIRS + 2, Failure.TIMEOUT), 500.0)) == ()
    assert cooldown.tell(at(connected(THEIRS + 3, Failure.TIMEOUT, address="198.51.100.9"), 5.0)) == ()


def test_failures_that_were_under_way_are_void_in_retrospect():
    """Those that ended before it began, or began after it ended, were no victims of it."""
    cooldown = Cooldown()
    for number, t0, t in ((1, 0.0, 3.0), (2, 0.0, 9.0), (3, 7.0, 8.0)):
        cooldown.tell(at(connected(THEIRS + number, Failure.TIMEOUT), t0, t))
    voids = cooldown.tell(at(shaken(MINE, Failure.RESET), 4.0, 6.0))
    assert [void.trial for void in voids] == [THEIRS + 2]


def test_two_passes_in_a_row_free_the_address_and_measure():
    """The next suspicion of the same target burns for as long as was measured, with a margin."""
    cooldown = Cooldown()
    cooldown.tell(cut())
    for number, (t0, failure) in enumerate([(3.0, None), (5.0, Failure.RESET), (9.0, None)]):
        cooldown.tell(cooled(MINE + 10 + number, t0, failure))
    assert ready(cooldown) > 0.0
    cooldown.tell(cooled(MINE + 20, 17.0))
    assert ready(cooldown) == 18.0, "when the second pass had ended"
    assert cooldown.measured == {(SITE, 1): 12.0}
    cooldown.tell(cooled(MINE + 21, 33.0))
    cooldown.tell(cut(MINE + 30, 100.0))
    assert ready(cooldown) == 101.0 + 12.0


@pytest.mark.parametrize(
    ("trial", "refutes"),
    [
        (shaken(THEIRS, Failure.RESET, role=Role.BASELINE), True),
        (connected(THEIRS, Failure.REFUSED), True),
        (connected(THEIRS, Failure.TIMEOUT), False),
        (cut(THEIRS), False),
        (connected(THEIRS), False),
    ],
)
def test_a_cut_that_no_name_made_shows_that_two_passes_were_luck(trial, refutes):
    """The address rests twice as long then; a silence, a name that is cut again, and a pass show nothing."""
    cooldown = Cooldown()
    cooldown.tell(cut())
    cooldown.tell(cooled(MINE + 1, 3.0))
    cooldown.tell(cooled(MINE + 2, 5.0))
    voids = cooldown.tell(at(trial, 21.0))
    assert [void.trial for void in voids] == ([THEIRS] if refutes else [])
    assert cooldown.measured[SITE, 1] == (40.0 if refutes else 3.0)
    if refutes:
        assert ready(cooldown) == 41.0
        assert cooldown.tell(at(connected(THEIRS + 1, Failure.REFUSED), 500.0)) == ()


def test_a_cut_where_nothing_was_held_against_us_refutes_nothing():
    """A server that refuses is a server that refuses."""
    cooldown = Cooldown()
    assert cooldown.tell(connected(THEIRS, Failure.REFUSED)) == ()
    assert ready(cooldown) == 0.0


def test_one_targets_measure_does_not_free_what_anothers_censor_holds():
    """Two names at one address may meet two censors."""
    cooldown = Cooldown()
    cooldown.tell(cut())
    cooldown.tell(cut(THEIRS, 0.5))
    cooldown.tell(cooled(MINE + 1, 3.0))
    cooldown.tell(cooled(MINE + 2, 5.0))
    assert ready(cooldown) == 1.5 + BURN_SECONDS


def test_a_baseline_that_came_late_measures_nothing():
    """A run that slept for an hour must not let an address rest for an hour and a half."""
    cooldown = Cooldown()
    cooldown.tell(cut())
    cooldown.tell(cooled(MINE + 1, 3600.0))
    cooldown.tell(cooled(MINE + 2, 3602.0))
    assert cooldown.measured == {}
    cooldown.tell(cut(MINE + 3, 4000.0))
    assert ready(cooldown) == 4001.0 + BURN_SECONDS


@pytest.mark.parametrize(
    "trial",
    [
        lookup(1, Failure.TIMEOUT),
        shaken(1, Failure.RESET, side=Side.HELPER),
        shaken(1, Failure.RESET, undone="budget"),
    ],
)
def test_what_touched_no_address_from_here_teaches_nothing(trial):
    """A lookup, the helper's attempt, one that was not carried out."""
    cooldown = Cooldown()
    assert cooldown.tell(trial) == ()
    assert ready(cooldown) == 0.0


def test_a_transfer_that_was_flowing_burns_nothing():
    """Who lets bytes arrive and then slows or stops them counts bytes; the same silence before any byte may hold on."""
    trial = loaded(MINE, Failure.TIMEOUT)
    (*before, fetch) = trial.steps
    flowing = msgspec.structs.replace(fetch, curve=((0.1, 1448), (0.3, 16_000)))
    assert suspicious(trial)
    assert not suspicious(msgspec.structs.replace(trial, steps=(*before, flowing)))


def beside(number, t0, shared, failure=None, **more):
    """A flow of the `residual` experiment: both ports of the trigger, the server's, or another."""
    trial = at(shaken(number, failure, role=Role.BASELINE, cooling=True, pair=1), t0)
    ask = msgspec.structs.replace(trial.ask, port=80 if shared == 2 else 443, source_port=9 if shared == 0 else None)
    return msgspec.structs.replace(trial, ask=ask, **more)


def triggered(t0=0.0):
    """A trigger from a port of its own."""
    trial = cut(t0=t0)
    return msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, port=443, source_port=9))


def waits(cooldown, port=443, source_port=None):
    """Whether another target's attempt from and to these ports is held."""
    ask = Ask(layer=Layer.TLS, address=SITE, port=port, source_port=source_port)
    return cooldown.ready(Attempt(id=THEIRS, ask=ask)) > 0


@pytest.mark.parametrize(
    ("cut_at", "held"), [((), (True, False, False)), ((1,), (True, True, False)), ((1, 2), (True, True, True))]
)
def test_a_burn_covers_no_more_than_what_was_cut(cut_at, held):
    """Three passes beside it, and never a cut, free what shares less with the trigger."""
    cooldown = Cooldown()
    cooldown.tell(triggered())
    for number in range(3):
        for shared in (1, 2):
            failure = Failure.RESET if shared in cut_at else None
            assert cooldown.tell(beside(MINE + number, 5.0 + number, shared, failure)) == ()
    assert (waits(cooldown, source_port=9), waits(cooldown), waits(cooldown, port=80)) == held


def test_passes_beside_a_burn_do_not_free_it():
    """Only what shares as much as what was cut tells of the burn itself."""
    cooldown = Cooldown()
    cooldown.tell(triggered())
    for number in range(2):
        cooldown.tell(beside(MINE + number, 5.0 + number, 1))
    assert waits(cooldown, source_port=9)
    cooldown.tell(beside(MINE + 3, 8.0, 0))
    cooldown.tell(beside(MINE + 4, 9.0, 0))
    assert cooldown.measured == {(SITE, MINE // 10_000): pytest.approx(10.5)}


def test_the_trigger_once_more_begins_the_burn_anew():
    """While it lasts, as the experiment sends it to see whether that prolongs it."""
    cooldown = Cooldown()
    cooldown.tell(triggered())
    once_more = msgspec.structs.replace(triggered(50.0), cooling=True, pair=1)
    assert cooldown.tell(once_more) == ()
    assert ready(cooldown) == 51.0 + BURN_SECONDS


def test_a_look_that_met_anothers_burn_is_void():
    """Its own is what it is there for; what passed is fine."""
    cooldown = Cooldown()
    cooldown.tell(triggered())
    assert cooldown.tell(beside(MINE + 1, 5.0, 1, Failure.RESET)) == ()
    assert cooldown.tell(beside(THEIRS, 6.0, 1)) == ()
    (void,) = cooldown.tell(beside(THEIRS + 1, 7.0, 1, Failure.RESET))
    assert (void.trial, void.reason) == (THEIRS + 1, "residual")


def test_ports_of_our_own_that_are_servers_of_their_own_void_nothing_of_each_other():
    """Two words that are cut at the same moment on two ports are two words."""
    cooldown = Cooldown()
    cooldown.know(SITE, (443, 444), Residual(scope="3-tuple", low=60.0, high=90.0))
    one, other = cut(MINE, 0.0), cut(THEIRS, 0.5)
    other = msgspec.structs.replace(other, ask=msgspec.structs.replace(other.ask, port=444))
    assert cooldown.tell(one) == cooldown.tell(other) == ()
    same = cut(THEIRS + 1, 0.6)
    assert [void.trial for void in cooldown.tell(same)]


def test_of_two_places_that_share_a_port_the_wider_and_longer_rest_counts():
    """Each has a filter of its own."""
    cooldown = Cooldown()
    cooldown.know(SITE, (443,), Residual(scope="3-tuple", low=60.0, high=90.0))
    cooldown.know(SITE, (443,), Residual(scope="none"))
    cooldown.tell(cut(MINE, 0.0))
    attempt = Attempt(id=30_000, ask=Ask(layer=Layer.TLS, address=SITE, port=443))
    assert cooldown.ready(attempt) > 90.0


def test_burns_of_long_ago_are_forgotten_where_there_are_many():
    """A run of thousands of words would else look through all of them for every attempt."""
    cooldown = Cooldown()
    for number in range(80):
        cooldown.tell(cut(MINE + 10_000 * number, 400.0 * number))
    assert sum(map(len, cooldown._burns[SITE].values())) <= 17


def test_failures_of_long_ago_are_forgotten_where_there_are_many():
    """None of them was under way with what is asked now."""
    cooldown = Cooldown()
    for number in range(300):
        cooldown.tell(at(shaken(MINE + number, Failure.TIMEOUT, role=Role.BASELINE), 10.0 * number))
    assert len(cooldown._failures[SITE]) < 257


def test_a_port_that_was_freed_too_soon_tells_of_all_that_its_target_burned():
    """The same filter holds them, by the same rule; what others burned it says nothing of."""
    cooldown = Cooldown()
    cooldown.know(SITE, (443, 444, 445), Residual(scope="none"))

    def toward(port, trial):
        return msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, port=port))

    for port, number, t0 in ((443, MINE, 0.0), (444, MINE + 1, 2.0), (445, THEIRS, 3.0)):
        cooldown.tell(toward(port, cut(number, t0)))
    (void,) = cooldown.tell(toward(443, at(shaken(MINE + 2, Failure.REFUSED, role=Role.BASELINE), 11.0)))
    assert void.reason == "residual"
    rests = [
        cooldown.ready(Attempt(id=30_000, ask=Ask(layer=Layer.TLS, address=SITE, port=port)))
        for port in (443, 444, 445)
    ]
    assert rests == [21.0, 23.0, 4.0]


def test_what_is_planted_in_plenty_counts_the_noise():
    """A line that resets connections is known by it, and would never be if each reset were laid to the last hit."""
    cooldown = Cooldown()
    cooldown.know(SITE, (443,), Residual(scope="none"))
    cooldown.tell(cut(MINE, 0.0))
    harmless = at(shaken(MINE + 1, Failure.RESET, role=Role.BASELINE, changed="harmless"), 9.0)
    assert cooldown.tell(harmless) == ()


def test_a_second_look_at_the_same_moment_frees_nothing():
    """Two passes in a row are two moments."""
    cooldown = Cooldown()
    cooldown.tell(cut(MINE, 0.0))
    for number, why in enumerate(("source_port", "source_port_again")):
        look = cooled(MINE + 1 + number, 3.0 + 0.1 * number)
        cooldown.tell(msgspec.structs.replace(look, changed=why))
    assert cooldown.measured == {}
    cooldown.tell(cooled(MINE + 3, 5.0))
    assert cooldown.measured


def test_hits_at_ports_that_were_seen_to_be_apart_void_nothing_of_each_other():
    """What passed three times beside a hit has shown it, before any calibration is through."""
    cooldown = Cooldown()
    cooldown.tell(cut(MINE, 0.0))
    for number in range(3):
        cooldown.tell(beside(MINE + 1 + number, 3.0 + number, 2))
    one, other = cut(MINE + 4, 9.0), cut(MINE + 5, 9.5)
    cooldown.tell(msgspec.structs.replace(one, ask=msgspec.structs.replace(one.ask, port=444)))
    assert cooldown.tell(msgspec.structs.replace(other, ask=msgspec.structs.replace(other.ask, port=445))) == ()
