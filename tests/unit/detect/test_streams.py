"""What downloads in turn show."""

import msgspec
import pytest

from hushmap.detect.streams import Arm, stream_of
from hushmap.model import Ask, Connect, Failure, Fetch, Handshake, Layer, Page, Role, Side, Trial
from rates import Flow, curve_of

NAME, OURS = "news.example", "203.0.113.10"
SUBJECT = Ask(layer=Layer.HTTP, address=OURS, port=443, url=f"https://{NAME}/hushmap-bytes/65536", sni=NAME)
TWIN = Ask(layer=Layer.HTTP, address=OURS, port=443, url="https://a.example/hushmap-bytes/65536", sni="a.example")
PAGE = Page(status=200, body_length=65536)
SIZE = 65536

FAST = Flow()


AT_SITE = msgspec.structs.replace(SUBJECT, address="198.51.100.7", url=f"https://{NAME}/")
BESIDE = msgspec.structs.replace(AT_SITE, sni="a.example")


def transfer(number, flow, ask=SUBJECT, *, at=0.0, pair=1, page=PAGE, tls=True, failure=None, **more):
    """One download."""
    points, seconds, ended = curve_of(flow, SIZE)
    end = failure or (None if ended else Failure.TIMEOUT)
    steps = [Connect(t0=at, t=at, address=OURS, port=443)]
    steps += [Handshake(t0=at, t=at, address=OURS, port=443)] if tls else []
    steps.append(Fetch(t0=at, t=at + seconds, url=ask.url, page=page, curve=points, failure=end))
    role = Role.SUBJECT if ask in {SUBJECT, AT_SITE} else Role.BASELINE
    return Trial(id=number, ask=ask, steps=tuple(steps), pair=pair, changed="sni", role=role, t0=at, **more)


def arm(*flows, twin=FAST, gap=30.0, scale=1.0):
    """Alternations of these flows, each beside the same twin."""
    trials = []
    for number, flow in enumerate(flows):
        trials += [
            transfer(2 * number, flow, at=gap * number, pair=number),
            transfer(2 * number + 1, twin, TWIN, at=gap * number, pair=number),
        ]
    return Arm(SUBJECT, "sni", trials, scale)


def test_a_whole_transfer_has_a_rate():
    """Bytes over the time until the last of them."""
    found = stream_of(transfer(1, Flow(rate=32_768.0)))
    assert found.size == SIZE
    assert found.rate == pytest.approx(32_768, rel=0.05)
    assert found.stopped is None
    assert found.plateau.rate == pytest.approx(32_768, rel=0.05)


def test_a_crawling_transfer_did_not_stop():
    """Its time ended while bytes came: a rate over the whole time."""
    found = stream_of(transfer(1, Flow(rate=1_000.0)))
    assert found.stopped is None
    assert found.rate == pytest.approx(1_000, rel=0.1)


def test_a_transfer_that_stopped_says_where():
    """In bytes of the connection: with TLS the server had spoken before; its page may be unknown."""
    assert stream_of(transfer(1, Flow(stop=16_000))).stopped == 20_000
    assert stream_of(transfer(1, Flow(stop=16_000), page=None)).stopped == 20_000
    assert stream_of(transfer(1, Flow(stop=16_000), tls=False)).stopped == 16_000


@pytest.mark.parametrize(
    "trial",
    [
        Trial(id=1, ask=SUBJECT),
        transfer(1, Flow(), page=Page(status=429)),
        transfer(1, Flow(), failure=Failure.RESET),
        transfer(1, Flow(stop=2_000)),
        transfer(1, Flow(stop=0)),
    ],
)
def test_what_says_nothing_of_a_rate(trial):
    """No answer, a refusal, a reset, hardly a header."""
    assert stream_of(trial) is None


def test_alternations_are_read_pair_by_pair():
    """One that lacks a stream, whose twin stopped, or that was asked elsewhere or of something else is dropped."""
    trials = [
        transfer(1, Flow(), pair=1),
        transfer(2, Flow(), TWIN, pair=1),
        transfer(3, Flow(), pair=2),
        transfer(4, Flow(), TWIN, pair=3),
        transfer(5, Flow(), pair=4),
        transfer(6, Flow(stop=16_000), TWIN, pair=4),
        transfer(7, Flow(), pair=5, side=Side.HELPER),
        transfer(8, Flow(), TWIN, pair=5),
        transfer(9, Flow(), pair=None),
        transfer(10, Flow(), pair=6, page=Page(status=404)),
        transfer(11, Flow(), TWIN, pair=6),
    ]
    found = Arm(SUBJECT, "sni", trials, 1.0)
    assert found.proof == (1, 2)
    assert Arm(SUBJECT, "host", trials, 1.0).pairs == ()


ITS = Page(status=200, body_length=65536, title="News", body_sha256="aa")
DEFAULT = Page(status=200, body_length=65536, title="Default", body_sha256="bb")


@pytest.mark.parametrize(
    ("mine", "theirs", "counts"),
    [
        (ITS, ITS, True),
        (ITS, DEFAULT, False),
        (ITS, msgspec.structs.replace(ITS, body_sha256="cc"), True),
        (ITS, PAGE, True),
        (PAGE, DEFAULT, True),
        (None, DEFAULT, True),
    ],
)
def test_a_server_that_gives_another_page_under_another_name_is_not_compared(mine, theirs, counts):
    """Its default page is no like transfer; of what has no hash nothing is known."""
    stopped = Flow(stop=16_000) if mine is None else FAST
    trials = [transfer(1, stopped, AT_SITE, page=mine), transfer(2, FAST, BESIDE, page=theirs)]
    assert bool(Arm(AT_SITE, "sni", trials, 1.0).pairs) is counts


def test_a_download_of_ours_is_like_however_much_of_it_came():
    """One that stopped has another hash, and no title; its bytes are the same."""
    part = Page(status=200, body_length=16_000, body_sha256="dd")
    whole = Page(status=200, body_length=65536, body_sha256="ee")
    trials = [transfer(1, Flow(stop=16_000), page=part), transfer(2, FAST, TWIN, page=whole)]
    assert Arm(SUBJECT, "sni", trials, 1.0).pairs


POLICED = Flow(rate=17_500.0, burst=8_000, lumps=0.2)


def test_slowed_needs_five_in_two_blocks_at_one_rate():
    """Fewer, all within a minute, or each at another rate, are not shown."""
    assert arm(*[POLICED] * 5).slowed
    assert arm(*[POLICED] * 5, gap=3.0, scale=5.0).slowed, "a lab's minute is shorter"
    assert not arm(*[POLICED] * 4).slowed
    assert not arm(*[POLICED] * 5, gap=10.0).slowed
    assert not arm(*[Flow(rate=rate) for rate in (5e3, 1e4, 2e4, 4e4, 8e4)]).slowed
    assert not arm(*[Flow()] * 5).slowed
    assert not arm(*[POLICED] * 4, Flow(stop=16_000)).slowed


def test_frozen_needs_three_of_five_in_the_window_whose_twins_went_past_it():
    """Stalls elsewhere do not count, nor does a twin that was no longer than the window."""
    stop, fine = Flow(stop=16_000), Flow()
    assert arm(stop, stop, stop, fine, fine).frozen
    assert not arm(stop, stop, fine, fine, fine).frozen
    assert not arm(stop, stop, stop, fine).frozen
    assert not arm(*[Flow(stop=40_000)] * 5).frozen
    assert not arm(*[stop] * 5, gap=5.0).frozen
    assert not arm(*[stop] * 5, twin=Flow(rate=1_000.0)).frozen


def test_alike_is_surely_more_than_half():
    """An interval that reaches down to half shows nothing; too few have none."""
    assert arm(*[Flow()] * 5).alike
    assert not arm(*[Flow()] * 4).alike
    assert not arm(*[Flow(rate=rate) for rate in (1e6, 1e5, 3e6, 2e5, 2e6)]).alike
    assert arm(*[Flow()] * 5).decided
    assert not arm(*[Flow()] * 4).decided


def test_a_queue_is_told_from_a_policer():
    """No bucket and no long pause; a policer has either. Without a steady part nothing is told."""
    assert arm(*[Flow(rate=30_000.0)] * 5).queued
    assert not arm(*[Flow(rate=30_000.0, burst=12_000)] * 5).queued
    assert not arm(*[Flow(rate=30_000.0, lumps=0.3)] * 5).queued
    assert not Arm(SUBJECT, "sni", (), 1.0).queued


def test_the_same_record_says_the_same_again():
    """The interval rests on chance that follows from the record."""
    flows = [Flow(rate=rate) for rate in (9e4, 1e5, 1.1e5, 1.3e5, 8e4)]
    assert arm(*flows).ratio == arm(*flows).ratio
    assert arm(*flows).rate == arm(*flows).rate
    assert arm(*flows).suspected
    assert not arm(*[Flow()] * 3).suspected
