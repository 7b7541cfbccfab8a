"""A helper on loopback, and clients of it."""

import asyncio
import contextlib

import pytest

from hushmap.net import Clock, Limits, Net, Own
from hushmap.servers import HelperServer, HelperSettings
from hushmap.wire import http as wire_http


@contextlib.asynccontextmanager
async def _serving(state, **changes):
    fields = {"port": 0, "http_port": 0, "tls_port": 0, "tcp_port": 0, "allow": ("127.0.0.0/8",), "reach": ()}
    server = HelperServer(HelperSettings(state=state, **(fields | changes)))
    spec = await server.start()
    try:
        yield server, spec
    finally:
        await server.stop(0.5)


@pytest.fixture
def serving(tmp_path):
    """A helper with every echo, that may contact loopback, as a context that gives server and spec."""
    return lambda **changes: _serving(tmp_path, **changes)


@pytest.fixture
def client():
    """A function that makes a Net with the helper of a spec."""
    return lambda spec: Net(Clock(), limits=Limits(helper=1.0), own=Own(), helper=spec)


async def _talk(port, data, context=None, **how):
    """Send `data`; read to the end, or inside TLS, which cannot be closed by halves, a whole response."""
    response = wire_http.ResponseReader()
    came = b""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, **how)
    try:
        writer.write(data)
        while (context is None or not response.done) and (more := await reader.read(65536)):
            came += more
            if context is not None:
                response.feed(more)
        return came
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@pytest.fixture
def talk():
    """A coroutine function: send bytes to a port of loopback, read what comes until the end."""
    return _talk
