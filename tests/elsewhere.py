"""One target seen from several networks at once: records written down by hand, for tests of what peers may say.

Every record is of the same minute unless a test says otherwise, and each network has its own AS number.
"""

import msgspec

from hushmap.detect import judge, peer_view
from hushmap.model import Context, Failure, HelperWatch, PeerView, Record, Side, Trial, Vantage, Verdict
from trials import CONTEXT, NAME, NOTHING, SITE, connected, loaded, lookup, pairs, record

NOON = "2026-11-21T12:00:00Z"
HOME = Vantage(country="XA", asn=64501, network="Net-A")
NEAR = Vantage(country="XA", asn=64502, network="Net-B")
FAR = Vantage(country="XB", asn=64503, network="Net-C")
FARTHER = Vantage(country="XC", asn=64504, network="Net-D")
SOUND = msgspec.structs.replace(CONTEXT, sentinels=(4, 0), clock_offset=0.0)
ALONE = Context(sentinels=(4, 0), clock_offset=0.0)
"""A run without a helper, whose clock was compared all the same."""
THERE = Side.HELPER
WORKS = (lookup(1, (SITE,)), loaded(2), lookup(90, (SITE,), side=THERE), loaded(91, side=THERE))
"""It loads, here and for the helper."""


def seen(
    vantage: Vantage = HOME, *trials: Trial, run: str = "r", at: str = NOON, context: Context = SOUND, **more: object
) -> Record:
    """One network's record of the target."""
    facts = {"run_started": at, "started": at, "ended": at, "vantage": vantage, "run": run, "id": f"{run}-0001"}
    return msgspec.structs.replace(record(*(trials or WORKS), context=context), **facts | more)


def fails(how: Failure = Failure.TIMEOUT, at: str = "connect", *, helper: bool = True, alike: bool = False) -> tuple:
    """The page fails here; for the helper it loads, or fails alike."""
    there = loaded(91, how, at=at, side=THERE) if alike else loaded(91, side=THERE)
    return (lookup(1, (SITE,)), loaded(2, how, at=at), *((lookup(90, (SITE,), side=THERE), there) if helper else ()))


def by_pairs(how: Failure = Failure.TIMEOUT) -> tuple:
    """The same, with pairs that blame the address; the last is about two minutes after the first."""

    def subject(number: int, **more: object) -> Trial:
        return connected(number, how, host=NAME, **more)

    def harmless(number: int, **more: object) -> Trial:
        return connected(number, address="203.0.113.81", **more)

    return (*fails(how), *pairs(subject, harmless, 6, changed="address"))


def view(vantage: Vantage, *trials: Trial, run: str = "other", **more: object) -> PeerView:
    """What a record elsewhere shows beside another."""
    there = seen(vantage, *trials, run=run, **more)
    found = peer_view(there, judge(there, NOTHING).outcome)
    assert found is not None
    return found


def beside(here: Record, *views: PeerView) -> Verdict:
    """What a record shows beside these."""
    return judge(here, NOTHING, views)


OFFLINE: tuple[HelperWatch, ...] = ()
"""A helper that was never seen to reach anything."""
