"""The product's own measuring room, run inside the lab: asks on standard input, their outcomes on standard output."""

import asyncio
import os
import sys

import msgspec

from hushmap.model import Ask
from hushmap.net import Clock, Limits, Net

AT_ONCE = 12


async def main() -> None:
    """Carry out every ask; the outcomes are in their order."""
    asks = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Ask])
    limits = Limits().scaled(float(os.environ["HUSHMAP_SCALE"]))
    net = Net(Clock(), limits=limits, roots=os.environ["HUSHMAP_ROOTS"])
    lane = asyncio.Semaphore(AT_ONCE)

    async def asked(ask: Ask):
        async with lane:
            return await net.ask(ask, keep_body=True)

    outcomes = await asyncio.gather(*(asked(ask) for ask in asks))
    sys.stdout.buffer.write(msgspec.json.encode(outcomes))


asyncio.run(main())
