"""Tests of hushmap.experiments.conversation."""

import msgspec
import pytest

from hushmap.experiments.conversation import (
    CONTACTS_A_DAY,
    MAX_ATTEMPTS,
    MAX_VOID_REPEATS,
    Conversation,
    Want,
    key_of,
)
from hushmap.model import Ask, Connect, Failure, Layer, Place, Role, Target, Trial, Void, trial_of
from worlds import conditions

SITE = Target(experiment="web", text="https://news.example/")
ASK = Ask(layer=Layer.DNS, name="news.example", resolver="system")
OTHER = msgspec.structs.replace(ASK, resolver="udp://198.51.100.53:53")


class Fixed(Conversation):
    """Wants what it is given."""

    experiment = "web"
    wants: tuple[Want, ...] = (Want(ask=ASK),)

    def wanted(self):
        return self.wants


def talk(*wants, target=SITE, **given):
    """A conversation about these wants."""
    made = Fixed(target, conditions(**given), 10_000)
    made.wants = wants or made.wants
    return made


def test_the_base_wants_nothing_of_its_own():
    """A concrete inquiry says what it wants."""
    with pytest.raises(NotImplementedError):
        Conversation(SITE, conditions(), 1).wanted()


def test_equal_wants_are_asked_once_and_ids_count_up():
    """Why and when do not make a want another one."""
    late = Want(ask=ASK, not_before=9.0, causes=(1,))
    inquiry = talk(Want(ask=ASK), Want(ask=ASK), Want(ask=OTHER))
    assert [(attempt.id, attempt.ask) for attempt in inquiry.ask(0.05)] == [(10_000, ASK), (10_001, OTHER)]
    assert inquiry.ask(0.05) == ()
    assert not inquiry.done
    assert late.key == Want(ask=ASK).key == key_of(inquiry.pending[0])


def test_when_all_is_told_it_is_done_and_asks_no_more():
    """Until the line turns out noisier, or a trial is void."""
    inquiry = talk()
    (attempt,) = inquiry.ask(0.05)
    inquiry.tell(trial_of(attempt))
    assert inquiry.ask(0.05) == ()
    assert inquiry.done
    assert inquiry.ask(0.05) == ()
    inquiry.wants = (Want(ask=OTHER),)
    assert inquiry.ask(0.05) == (), "nothing new was learnt"
    assert [attempt.ask for attempt in inquiry.ask(0.06)] == [OTHER]
    assert not inquiry.done


def test_a_trial_is_told_once_and_may_come_from_another_process():
    """Ids go on after the largest that was told."""
    inquiry = talk()
    old = trial_of(Fixed(SITE, conditions(), 10_070).ask(0.05)[0])
    inquiry.tell(old)
    inquiry.tell(old)
    assert inquiry.trials == (old,)
    inquiry.wants = (Want(ask=OTHER),)
    assert inquiry.ask(0.05)[0].id == 10_071


def test_a_void_trial_is_asked_again_a_bounded_number_of_times():
    """Voids of strangers' trials and voids told twice change nothing."""
    inquiry = talk()
    for repeat in range(MAX_VOID_REPEATS + 1):
        (attempt,) = inquiry.ask(0.05)
        inquiry.tell(trial_of(attempt))
        void = Void(trial=attempt.id, reason="network_lost")
        inquiry.void((void, Void(trial=1, reason="residual")))
        inquiry.void((void,))
        assert len(inquiry.voids) == repeat + 1
        assert inquiry.counted == ()
    assert inquiry.ask(0.05) == ()
    assert inquiry.done
    assert inquiry.context.voids == inquiry.voids


def test_what_cannot_be_carried_out_is_not_asked_again():
    """It is no evidence either."""
    inquiry = talk()
    inquiry.tell(trial_of(inquiry.ask(0.05)[0], undone="no_ipv6"))
    assert inquiry.ask(0.05) == ()
    assert inquiry.counted == ()


def test_it_is_suspicious_once_a_pair_is_under_way():
    """Asked, or told."""
    inquiry = talk()
    assert not inquiry.suspicious()
    inquiry.wants = (Want(ask=ASK, pair=1),)
    (attempt,) = inquiry.ask(0.05)
    assert inquiry.suspicious()
    inquiry.tell(trial_of(attempt))
    assert inquiry.suspicious()


@pytest.mark.parametrize(
    ("subject", "changed", "twin"),
    [
        (Ask(layer=Layer.TLS, sni="a.example"), "sni", {"sni": "www.baseline-b.example", "verify": False}),
        (ASK, "name", {"name": "www.baseline-b.example"}),
        (
            Ask(layer=Layer.HTTP, url="http://a.example/x?y"),
            "host",
            {"url": "http://www.baseline-b.example/x?y"},
        ),
        (Ask(layer=Layer.HTTP, url="http://a.example/x?y"), "path", {"url": "http://a.example/"}),
    ],
)
def test_a_twin_differs_in_one_thing(subject, changed, twin):
    """And in nothing else; without a baseline name there is none."""
    assert talk().twin(subject, changed, 1) == msgspec.structs.replace(subject, **twin)
    assert talk(baselines=()).twin(subject, changed, 1) is None


def test_a_draft_says_what_a_sealed_record_would():
    """The place of a word, and whether it is a canary, whose attempts have a role of their own."""
    word = Target(experiment="keyword", text="w", place=Place.TLS_SNI, canary=True)
    inquiry = talk(target=word)
    assert (inquiry.record().layer, inquiry.record().canary, inquiry.role) == ("tls-sni", True, Role.CANARY)
    assert (talk().record().layer, talk().role) == (None, Role.SUBJECT)


def test_a_name_that_was_never_said_leaves_room_for_another_contact():
    """Where no connection stood no packet carried it; as many as a day allows are made that did."""
    named = Ask(layer=Layer.TLS, address="198.51.100.9", port=443, sni="news.example")
    refused = Connect(t0=0.0, t=0.1, address="198.51.100.9", port=443, failure=Failure.REFUSED)
    inquiry = talk(Want(ask=named, round=99))
    for number in range(CONTACTS_A_DAY):
        inquiry.tell(Trial(id=10_000 + number, ask=named, round=number, steps=(refused,) if number == 0 else ()))
    assert len(inquiry.ask(0.05)) == 1
    full = talk(Want(ask=named, round=99))
    for number in range(CONTACTS_A_DAY):
        full.tell(Trial(id=10_000 + number, ask=named, round=number))
    assert full.ask(0.05) == ()


def test_an_inquiry_never_asks_for_more_than_the_plan_said():
    """With as many attempts told as the plan's worst case has, nothing more is wanted, and the conversation is over."""
    inquiry = talk(Want(ask=ASK), Want(ask=OTHER))
    harmless = Ask(layer=Layer.TCP, address="203.0.113.81", port=443)
    for number in range(MAX_ATTEMPTS - 1):
        inquiry.tell(Trial(id=10_000 + number, ask=harmless, role=Role.BASELINE, round=number))
    (last,) = inquiry.ask(0.05)
    inquiry.tell(trial_of(last))
    assert inquiry.ask(0.06) == ()
    assert inquiry.done
