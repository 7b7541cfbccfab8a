"""What programs here really get: a lookup by getaddrinfo, with its cache, hosts file, search list and DNS64.

It is kept apart from path evidence (METHOD 4): it hides rcode, TTL and who answered.
"""

import asyncio
import contextlib
import socket
import threading

import msgspec

from hushmap.model import SYSTEM_RESOLVER, Answer, Failure, Resolve
from hushmap.net import failures
from hushmap.net.clock import Clock

FAMILIES = {"A": socket.AF_INET, "AAAA": socket.AF_INET6}


async def look_up(name: str, asked: str, qtype: str, *, clock: Clock, limit: float) -> Resolve:
    """Ask getaddrinfo for `asked`, the A-label form of `name`.

    glibc cannot be interrupted, so a lookup that outlives its time-out ends unheard in a thread of its own,
    which no exit waits for.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Found] = loop.create_future()
    t0 = clock.now()
    threading.Thread(target=_ask_system, args=(loop, done, asked, FAMILIES[qtype]), daemon=True).start()
    found = _Found(failure=Failure.TIMEOUT)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(limit):
            found = await done
    t = clock.now()
    answers: tuple[Answer, ...] = ()
    if found.addresses:
        answers = (Answer(t=t, addresses=found.addresses),)
    elif found.failure in {Failure.NXDOMAIN, Failure.NO_ANSWER}:
        answers = (Answer(t=t, failure=found.failure),)
    return Resolve(
        t0=t0,
        t=t,
        failure=found.failure,
        detail=found.detail,
        resolver=SYSTEM_RESOLVER,
        name=name,
        qtype=qtype,
        answers=answers,
    )


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What getaddrinfo said."""

    addresses: tuple[str, ...] = ()
    failure: Failure | None = None
    detail: str | None = None


def _ask_system(
    loop: asyncio.AbstractEventLoop, done: "asyncio.Future[_Found]", name: str, family: socket.AddressFamily
) -> None:
    """The thread of one getaddrinfo."""
    try:
        rows = socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)
        found = _Found(addresses=tuple(dict.fromkeys(str(row[4][0]) for row in rows)))
    except socket.gaierror as error:
        failure, detail = failures.of_resolver(error)
        found = _Found(failure=failure, detail=detail)
    except OSError as error:
        reason, number = failures.of_os(error)
        found = _Found(failure=reason, detail=number)

    def tell() -> None:
        if not done.done():
            done.set_result(found)

    try:
        loop.call_soon_threadsafe(tell)
    except RuntimeError:  # the run ended before glibc did: nobody waits for this answer
        return
