"""What another vantage saw of the same target: as much of its record as may be compared with ours.

A view is made of a whole record by a pure function (`detect.peer_view`), so that nothing of the other run but this
can enter a verdict. It holds what was observed and when, and what its own record alone is judged to show: a place at
which the target is itself blocked cannot say that the target is down. Whether a view counts beside a record (another
network, the same question, the same minutes) is asked by the rules, never assumed here.
"""

import msgspec

from hushmap.model.failure import Failure
from hushmap.model.step import Page
from hushmap.model.verdict import Outcome


class Visit(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One page load there, and how far it came."""

    url: str
    address: str
    earliest: float
    latest: float
    """UTC seconds since 1970 between which it was made: as exact as the record is."""
    step: str | None = None
    """The step that failed (`connect`, `handshake`, `fetch`); `None`: the whole page came."""
    failure: Failure | None = None
    valid: bool | None = None
    """Whether a certificate proved the site; `None`: no certificate was seen."""
    leaf: str | None = None
    """Hex digest of the certificate that was shown, if any."""
    page: Page | None = None
    """What came, whole."""


class PeerView(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One record of another run, to be compared with."""

    record: str
    run: str
    experiment: str
    target: str
    country: str | None = None
    asn: int | None = None
    network: str | None = None
    outcome: Outcome
    """What its own record shows, judged alone."""
    sound: bool = True
    """Its sentinel found its own line working, and nobody else answering in the network's place."""
    noisy: bool = False
    """Harmless attempts failed there so often that a failure says nothing."""
    clock: bool = True
    """Its clock was compared with a helper's, and what was wrong is corrected."""
    scale: float = 1.0
    began: str = ""
    """When its run began, as it is told."""
    width: float = 1.0
    """How exact its times are, in seconds; a reduced copy tells the hour."""
    visits: tuple[Visit, ...] = ()
