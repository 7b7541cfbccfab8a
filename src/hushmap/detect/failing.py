"""What failed from here of one host, told in one way by every rule that says so."""

from hushmap.detect.doubt import doubts, flowed
from hushmap.detect.ruling import Ruling, action
from hushmap.detect.sight import Leg, certificate_refused
from hushmap.model import LOCAL, Evidence, Outcome, Side, Trial
from hushmap.sampling import Decision


def newest_failures(leg: Leg) -> list[Trial]:
    """The newest page load from each address, if all of them failed, and by no doing of this computer."""
    newest = leg.newest
    ends = [trial.failed.failure if trial.failed is not None else None for trial in newest]
    return newest if all(end is not None and end not in LOCAL for end in ends) else []


def fails_here(leg: Leg) -> Ruling | None:
    """What is said where it fails here, nothing more is open, and it works elsewhere: author unknown.

    Whether it does work elsewhere is for the caller to know.
    """
    failures = newest_failures(leg)
    if not failures or any(doubt.changed == "retry" for doubt in doubts(leg)):
        return None
    tests = [
        test
        for test in leg.tests
        if test.changed in {"address", "site"}
        and test.decision is not Decision.CLEAN
        and test.subject.address is not None
    ]
    decided = next((test for test in tests if test.decision is Decision.INTERFERED), None)
    if decided is None and (tests or any(_perhaps_no_ipv6(leg, trial) for trial in failures)):
        return None
    trial = failures[0]
    name = _mitm(leg, trial) if certificate_refused(trial) else None if flowed(trial) else action(trial)
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        mechanisms=(name,) if name is not None else (),
        test=decided,
        proof=tuple(trial.id for trial in [*failures, *leg.helper_loads]),
        facts={"addresses": f"{len(failures)} of {len(leg.addresses)}"} | _came(trial),
        hits=(len(failures), len(failures)),
    )


def _came(trial: Trial) -> dict[str, str]:
    """The kilobytes that had come of a page that was arriving when its time ended; one stream shows no more."""
    return {"came": f"{trial.fetch.curve[-1][1] / 1000:.0f}"} if flowed(trial) and trial.fetch is not None else {}


def _perhaps_no_ipv6(leg: Leg, trial: Trial) -> bool:
    """Whether broken IPv6 of this line would do as an explanation.

    A connection over IPv6 excludes it: a baseline's, whose pairs decide, or one to another port of the address.
    """
    address = trial.ask.address or ""
    connected = trial.connect is not None and trial.connect.failure is None
    return ":" in address and not connected and not leg.home_at(address)


def _mitm(leg: Leg, trial: Trial) -> str | None:
    """METHOD 4: a foreign certificate is one where the helper got the site's own from the same address."""
    there = leg.last(trial.ask.address or "", Side.HELPER)
    valid = there is not None and there.handshake is not None and there.handshake.valid is True
    return "tls.mitm.untrusted" if valid else None
