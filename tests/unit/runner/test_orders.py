"""What a run is told, and what its inquiries and sentinel are told of that."""

import msgspec

from hushmap.model import Place, Target
from hushmap.runner.orders import HelperPlace, conditions, ordered, risky, watched
from unit.runner.fakes import BASELINES, HELPER, plan_of, sites


def test_the_order_is_fixed_by_the_seed():
    """One seed, one order; another seed, another; the list's own order does not matter; doubles are asked once."""
    targets = sites(*(f"site-{number}.example" for number in range(30)))
    assert ordered(targets, 7) == ordered((*reversed(targets), *targets), 7)
    assert ordered(targets, 7) != ordered(targets, 8)
    assert set(ordered(targets, 7)) == set(targets)


def test_canaries_come_first():
    """Words wait for their canaries, so these are asked first."""
    words = tuple(
        Target(experiment="keyword", text=f"word {number}", place=Place.HTTP_PATH, canary=number % 4 == 0)
        for number in range(12)
    )
    assert [target.canary for target in ordered(words, 1)] == [True] * 3 + [False] * 9


def test_risky_is_what_may_endanger():
    """Marked rows, risky categories and rows without a category."""
    target = sites("a.example")[0]
    assert not risky(target)
    assert risky(msgspec.structs.replace(target, risky=True))
    assert risky(msgspec.structs.replace(target, category="LGBT"))
    assert risky(msgspec.structs.replace(target, category=None))


def test_conditions_hold_what_was_found():
    """Baselines that the sentinel found, the helper's ports, and the address that runs no resolver."""
    plan = plan_of(*sites("a.example"), helper=HELPER, scale=5.0)
    known = conditions(plan, {BASELINES[1]: ("192.0.2.2",)})
    assert [(one.name, one.addresses) for one in known.baselines] == [(BASELINES[1], ("192.0.2.2",))]
    assert (known.helper, known.helper_address, known.echo_http) == (True, HELPER.address, HELPER.http)
    assert (known.echo_quic, known.echo_span) == (None, 1)
    rows = msgspec.structs.replace(plan, helper=msgspec.structs.replace(HELPER, quic=443, span=16))
    known = conditions(rows, {})
    assert (known.echo_quic, known.echo_span) == (443, 16)
    assert known.dark == "udp://203.0.113.10:53"
    assert (known.scale, known.targets) == (5.0, 1)
    alone = conditions(plan_of(), {})
    assert (alone.helper, alone.helper_address, alone.dark, alone.targets) == (False, None, None, 1)


def test_the_echo_holds_a_word_of_this_run():
    """The sentinel's echo asks for a word that another run would not ask for."""
    plan = plan_of(helper=HELPER, seed=1)
    echo = watched(plan).echo
    assert echo.startswith("http://203.0.113.10:8080/sentinel/")
    assert echo != watched(msgspec.structs.replace(plan, seed=2)).echo
    assert watched(plan_of()).echo is None
    six = HelperPlace(address="2001:db8::10", http=80, dark=True)
    assert watched(plan_of(helper=six)).echo.startswith("http://[2001:db8::10]:80/")
    assert six.dark_resolver == "udp://[2001:db8::10]:53"


OONI = HelperPlace(url="https://0.th.ooni.org/")


def test_a_helper_of_oonis_kind_compares_and_nothing_is_sent_to_it():
    """No address, no echo, no silent port; its URL stands in the record."""
    plan = plan_of(*sites("a.example"), helper=OONI)
    known = conditions(plan, {})
    assert (known.helper, known.helper_address, known.helper_url) == (True, None, OONI.url)
    assert (plan.own_address, plan_of().own_address, plan_of(helper=HELPER).own_address) == (
        None,
        None,
        HELPER.address,
    )
    looks = watched(plan)
    assert (looks.helper, looks.echo, looks.echo_address) == (True, None, None)
    assert HelperPlace(url=OONI.url, dark=True).dark_resolver is None


def test_an_address_of_ones_own_takes_words_and_compares_nothing():
    """Something can be sent to it; the sentinel neither asks it whether it is online nor for an echo."""
    plan = plan_of(helper=HelperPlace(address="203.0.113.10", http=8080, only_address=True))
    known, looks = conditions(plan, {}), watched(plan)
    assert (known.helper, known.helper_address, known.echo_http) == (False, "203.0.113.10", 8080)
    assert (looks.helper, looks.echo, plan.own_address) == (False, None, "203.0.113.10")
    assert plan.helper.name == "your server 203.0.113.10"


def test_people_are_told_whose_helper_it_is():
    """OONI's own by that name; others by theirs."""
    assert OONI.name == "OONI's helper 0.th.ooni.org"
    assert HelperPlace(url="https://helper.example:8444/").name == "helper helper.example:8444"
    assert HELPER.name == "helper 203.0.113.10"


def test_the_bytes_of_downloads_are_shared_by_those_who_need_them():
    """A list of pages beside them takes nothing of their share."""
    pages = [Target(experiment="web", text=f"https://{number}.example/") for number in range(9)]
    rates = [Target(experiment="throttle", text=f"https://{number}.example/") for number in range(3)]
    assert conditions(plan_of(*pages, *rates), {}).downloads == 3
    assert conditions(plan_of(*pages), {}).downloads == 1
