"""One DNS question on its way in a pure lab: what was sent, and every reply that matches it (as net.lookup)."""

import asyncio

from hushmap.lab.pure.client import Client
from hushmap.model import Answer, Failure
from hushmap.wire import dns

_MOST = 16
"""Answers that are kept."""


class Question:
    """Sent as often as is wished; listens until it is closed."""

    def __init__(self, client: Client, name: str, qtype: str, ident: int) -> None:
        self._client = client
        self._message = dns.query(name, qtype, ident)
        self._expected = dns.question(self._message)
        self._port = client.listen(self._heard)
        self._waiter: asyncio.Future[None] | None = None
        self.answers: list[Answer] = []
        self.failure: Failure | None = None

    @property
    def now(self) -> float:
        """The time."""
        return self._client.now()

    def send(self, address: str, port: int) -> None:
        """Send it once more."""
        self._client.say(self._port, address, port, self._message)

    def close(self) -> None:
        """Listen no more."""
        self._client.deafen(self._port)

    async def wait(self, until: float) -> None:
        """Until something comes, or until then."""
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = loop.call_at(until, self._wake)
        try:
            await self._waiter
        finally:
            timer.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _heard(self, data: bytes | Failure, ttl: int) -> None:
        if isinstance(data, Failure):
            self.failure = data
        else:
            self._read(data, ttl)
        self._wake()

    def _read(self, data: bytes, ttl: int) -> None:
        ident, name, qtype = self._expected
        try:
            *question, answer = dns.parse(data, t=self.now, ttl=ttl)
        except ValueError:
            if data[:2] != self._message[:2]:
                return
            answer = Answer(t=self.now, ttl=ttl, failure=Failure.DNS_MISBEHAVING)
        else:
            if question not in ([ident, name, qtype], [ident, "", ""]):
                return
        if len(self.answers) < _MOST:
            self.answers.append(answer)
