"""The Fetch verb over QUIC: one HTTP/3 exchange on a link that stands, with the facts that every page has."""

from hushmap.model import Failure, Fetch
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.fetch import Call
from hushmap.net.mask import Own
from hushmap.net.page import Curve, page_of
from hushmap.net.quic import FloodError, Link
from hushmap.wire import h3 as wire_h3


async def fetch(link: Link, call: Call, *, clock: Clock, own: Own) -> Fetch:
    """Send the request, read the response; the link is used up."""
    t0 = clock.now()
    curve = Curve(t0)
    reader = wire_h3.Reader(link.connection, call.fields, call.body, body_limit=call.body_limit)
    failure: Failure | None = None
    detail: str | None = None
    try:
        while not reader.done:
            events = await link.turn(t0 + call.timeout)
            for size in link.sizes:
                curve.add(size, clock.now())
            for event in events:
                reader.take(event)
            if link.ended is not None and not reader.done:
                reader.eof()
        failure, detail = reader.failure, reader.detail
        if link.reset:
            failure, detail = Failure.RESET, "stateless reset"
    except FloodError:
        failure, detail = Failure.HTTP_INVALID, "a flood of datagrams"
    except OSError as error:
        failure, detail = failures.of_os(error, ipv6=":" in link.address)
    return Fetch(
        t0=t0,
        t=clock.now(),
        failure=failure,
        detail=detail,
        url=call.text,
        protocol=wire_h3.ALPN,
        method=call.method,
        host=call.host,
        page=page_of(
            reader, call.url, valid=call.valid, keep_body=call.keep_body, own=own, key=call.key, extract=call.extract
        ),
        curve=curve.points,
    )
