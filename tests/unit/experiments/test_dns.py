"""Tests of hushmap.experiments.dns."""

from hushmap.model import Failure, Layer, Side, Target
from worlds import DARK, ISP, OTHER, SITE, World, conditions, converse

NAME = Target(experiment="dns", text="news.example")


def test_every_resolver_is_asked_and_each_answer_put_to_a_handshake():
    """Own, compared, dark and the helper's; here and there with a certificate that must hold."""
    _, record = converse(World(), NAME)
    asked = [(t.ask.layer, t.side, t.ask.resolver or t.ask.address) for t in record.trials]
    assert set(asked) == {
        (Layer.DNS, Side.HERE, "system"),
        (Layer.DNS, Side.HERE, ISP),
        (Layer.DNS, Side.HERE, OTHER),
        (Layer.DNS, Side.HERE, DARK),
        (Layer.DNS, Side.HELPER, "system"),
        (Layer.TLS, Side.HERE, SITE),
        (Layer.TLS, Side.HELPER, SITE),
    }
    assert all(trial.ask.verify and trial.ask.sni == "news.example" for trial in record.trials if trial.ask.address)
    assert record.target == "news.example"


def test_only_questions_about_lookups_are_settled():
    """A handshake that is cut is the business of another experiment."""
    _, record = converse(World(blocks=lambda ask: Failure.RESET if ask.layer is Layer.TLS else None), NAME)
    assert all(trial.pair is None for trial in record.trials)
    lie = World(blocks=lambda ask: Failure.NXDOMAIN if ask.resolver == ISP and ask.name == "news.example" else None)
    _, record = converse(lie, NAME, conditions())
    assert {trial.ask.layer for trial in record.trials if trial.pair is not None} == {Layer.DNS}
