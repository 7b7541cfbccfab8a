"""The resolvers over QUIC on loopback, asked by the product's own room."""

import asyncio
import datetime as dt

import pytest

from hushmap.lab.scenario import parse_scenario
from hushmap.lab.services import encrypted
from hushmap.lab.services.dns import Zone
from hushmap.lab.services.doq import serve_doq
from hushmap.lab.services.encrypted import Inside
from hushmap.lab.services.pki import Authority
from hushmap.lab.truth import TruthLog
from hushmap.model import Ask, Failure, Layer
from hushmap.net import Clock, Limits, Net, Own

KINDS = ("answers", "refuses", "refuses-here", "error", "junk", "silent", "none")
SCENARIO = parse_scenario(
    'name = "x"\n[[site]]\nname = "known.example"\naddresses = ["198.51.100.3"]\n'
    + "".join(
        f'[[site]]\nname = "{kind}.example"\naddresses = ["127.0.2.{number}"]\nresolver = "{kind}"\n'
        for number, kind in enumerate(KINDS, 1)
    )
)
PORT = 18853
"""Nobody else's on these addresses of loopback."""


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("answers", None),
        ("refuses", Failure.DNS_REFUSED),
        ("refuses-here", Failure.DNS_REFUSED),
        ("error", Failure.EOF),
        ("junk", Failure.DNS_MISBEHAVING),
        ("silent", Failure.TIMEOUT),
        ("none", Failure.REFUSED),
    ],
)
def test_each_does_as_it_is_set(tmp_path, monkeypatch, kind, failure):
    """The same words as over TLS; where none is, nobody listens."""
    monkeypatch.setattr(encrypted, "PORT", PORT)

    async def asked():
        authority, log = Authority(tmp_path, dt.datetime.now(dt.UTC)), TruthLog(tmp_path / "truth.jsonl")
        here = frozenset({"127.0.0.1", f"127.0.2.{KINDS.index(kind) + 1}"})
        sites = [site for site in SCENARIO.site if site.name.startswith(f"{kind}.")]
        served = await serve_doq(sites, authority, Inside(Zone(SCENARIO, log, here), here))
        try:
            net = Net(Clock(), roots=str(authority.roots), own=Own(), limits=Limits(dwell=0.02, exchange=0.3))
            resolver = f"quic://{kind}.example:{PORT}#127.0.2.{KINDS.index(kind) + 1}"
            return (await net.ask(Ask(layer=Layer.DNS, name="known.example", resolver=resolver))).steps
        finally:
            for each in served:
                each.close()
            await asyncio.sleep(0)
            log.close()

    steps = asyncio.run(asked())
    assert steps[-1].failure is failure
    if failure is None:
        assert steps[-1].addresses == ("198.51.100.3",)


def test_what_is_no_question_is_answered_by_nothing(tmp_path, monkeypatch):
    """A message of no bytes, and the stream's end."""
    monkeypatch.setattr("hushmap.net.encrypted.dns.padded", lambda query: query + b"")
    monkeypatch.setattr(encrypted.Inside, "message", lambda *_: (_ for _ in ()).throw(ValueError("no question")))
    test_each_does_as_it_is_set(tmp_path, monkeypatch, "junk", Failure.DNS_MISBEHAVING)
