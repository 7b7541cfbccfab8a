"""What the `ech` inquiry asks, where the playbooks do not tell."""

from hushmap.experiments.ech import Ech
from hushmap.model import Connect, Failure, Handshake, Target, trial_of
from worlds import conditions

TARGET = Target(experiment="ech", text="M\u00fcller.example")


def told(inquiry, *said):
    """Tell one thing after another of whatever is asked first; what was asked."""
    asked = []
    for how in said:
        (attempt, *_) = inquiry.ask(0.05)
        asked.append(attempt)
        address, port = attempt.ask.address, attempt.ask.port
        steps = (Connect(t0=0, t=1, address=address, port=port, failure=how if how is Failure.REFUSED else None),)
        if how is not Failure.REFUSED:
            steps += (Handshake(t0=0, t=1, address=address, port=port, failure=how),)
        inquiry.tell(trial_of(attempt, steps, t=1.0))
    return asked


def test_a_name_in_another_script_goes_out_in_ascii():
    """As a browser sends it."""
    (attempt,) = Ech(TARGET, conditions(), 10_000).ask(0.05)
    assert attempt.ask.sni == "xn--mller-kva.example"


def test_a_twin_changes_one_thing():
    """The extension, or the name."""
    inquiry = Ech(TARGET, conditions(), 10_000)
    (attempt,) = inquiry.ask(0.05)
    bare, named = (inquiry.twin(attempt.ask, changed, 0) for changed in ("ech", "sni"))
    assert (bare.sni, bare.hello) == (attempt.ask.sni, "browser-plain")
    assert (named.sni, named.hello) == ("www.baseline-a.example", "browser")


def test_what_was_hit_is_asked_once_without_the_extension_before_any_pair():
    """That tells whether the pairs are to be about the extension or about the name; without a word from it, the first."""
    inquiry = Ech(TARGET, conditions(), 10_000)
    told(inquiry, Failure.TIMEOUT)
    wanted = inquiry.ask(0.05)
    assert [attempt.cooling for attempt in wanted] == [True, False]
    assert (wanted[1].ask.hello, wanted[1].pair, wanted[1].role) == ("browser-plain", None, "subject")
    for attempt in wanted:
        step = Connect(t0=0, t=1, address=attempt.ask.address, port=1, failure=Failure.REFUSED)
        inquiry.tell(trial_of(attempt, (step,), t=1.0))
    again = [attempt for attempt in inquiry.ask(0.05) if not attempt.cooling]
    assert [attempt.round for attempt in again] == [1]
