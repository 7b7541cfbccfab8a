"""Which of our own ports a question goes to."""

from types import SimpleNamespace

from hushmap.experiments import Echo
from hushmap.model import Ask, Attempt, Calibration, Layer, Place, Residual, Target
from hushmap.runner.easing import Easing
from hushmap.runner.schedule import Lane, Rates

OURS = "192.0.2.9"
WORDS = Target(experiment="screen", text="w#1", place=Place.HTTP_PATH, words=("kw",))


def easing(scope):
    """A run that has calibrated three ports, and its desk."""
    echo = Echo(key="http-path", address=OURS, ports=(8080, 8081, 8082), residual=Residual(scope=scope))
    lane = Lane(Rates(), lambda attempt: 9.0 if attempt.ask.port == 8080 else 0.0)
    looks = []
    book = SimpleNamespace(know=lambda desk: looks.append(desk) or (echo,))
    known = {"http-path": Calibration(place="http-path", fired=True)}
    given = SimpleNamespace(calibrations=known)
    desk = SimpleNamespace(target=lambda index: WORDS, conditions=given, planting=(echo,))
    return Easing(book, lane, lambda: 1.0), desk, looks


def asked(changed="question", **more):
    """A question toward the first port."""
    return Attempt(id=20_001, ask=Ask(layer=Layer.HTTP, address=OURS, port=8080), changed=changed, **more)


def test_a_question_goes_where_nothing_rests():
    """Whichever port says the same; what belongs to a pair stays where it is, and what is no target's too."""
    ports, desk, looks = easing("3-tuple")
    assert ports.eased(desk, asked()) == asked(), "nothing is known yet"
    ports.look(desk)
    ports.look(desk)
    assert len(looks) == 1
    assert ports.eased(desk, asked()).ask.port == 8081
    assert ports.eased(desk, asked("control")).ask.port == 8081
    for other in (asked("path", pair=1), asked("question", pair=1)):
        assert ports.eased(desk, other) == other
    watch = Attempt(id=3, ask=asked().ask, changed="question")
    assert ports.eased(desk, watch) == watch
    desk.target = lambda index: Target(experiment="web", text="https://a.example/")
    assert ports.eased(desk, asked()) == asked()


def test_an_address_that_is_held_as_a_whole_is_asked_at_the_port_that_was_wanted():
    """No other port would be any freer."""
    ports, desk, _ = easing("2-tuple")
    ports.look(desk)
    assert ports.eased(desk, asked()) == asked()


def test_what_is_left_of_a_calibration_need_not_stand_in_one_line():
    """As soon as it is known what a hit is held against, each port takes an attempt of its own."""
    for scope, together in (("3-tuple", 2), ("2-tuple", 1)):
        echo = Echo(key="http-path", address=OURS, ports=(8080, 8081), residual=Residual(scope=scope))
        lane = Lane(Rates(flows=1000.0), lambda attempt: 0.0)
        desk = SimpleNamespace(conditions=SimpleNamespace(calibrations={}), planting=(echo,))
        ports = Easing(SimpleNamespace(know=lambda desk: ()), lane, lambda: 1.0)
        for _ in range(2):
            ports.look(desk)
        for number, port in enumerate(echo.ports):
            lane.add(Attempt(id=20_000 + number, ask=Ask(layer=Layer.HTTP, address=OURS, port=port)))
        assert len(lane.start(1.0)) + len(lane.start(1.01)) == together


def test_few_attempts_start_at_once_where_that_is_wished():
    """The others are due as before."""
    lane = Lane(Rates(flows=1e6), lambda attempt: 0.0)
    for number in range(3):
        lane.add(Attempt(id=20_000 + number, ask=Ask(layer=Layer.DNS, name="a.example")))
    assert [len(lane.start(1.0, 2)), len(lane.start(1.0, 2))] == [2, 1]
