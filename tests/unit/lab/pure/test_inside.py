"""Lookups inside TLS without a kernel: the steps that the measuring room would have, here and at the helper."""

import pytest

from hushmap.model import Ask, Connect, Failure, Fetch, Handshake, Layer, Resolve, Side

KINDS = ("answers", "refuses", "refuses-here", "error", "junk", "silent", "none")
SITES = "".join(
    f'[[site]]\nname = "{kind}.example"\naddresses = ["198.51.100.{number}"]\nresolver = "{kind}"\n'
    for number, kind in enumerate(KINDS, 101)
)
CUT = """
[[censor]]
kind = "sni-reset"
names = ["answers.example"]
ports = [443, 853]
[[censor]]
kind = "sni-drop"
names = ["refuses.example"]
ports = [443, 853]
"""
BY = {"tls": "tls://{}.example#198.51.100.{}", "https": "https://{}.example/dns-query#198.51.100.{}"}
BOTH = pytest.mark.parametrize("by", BY)


def ask(kind, by, *, qtype="A", **more):
    """A question to the resolver of a kind."""
    resolver = BY[by].format(kind, 101 + KINDS.index(kind))
    return Ask(layer=Layer.DNS, name="news-one.example", qtype=qtype, resolver=resolver, **more)


@pytest.fixture
def steps(in_world):
    """What becomes of an ask, from here or from the helper."""

    def asked(one, side=Side.HERE, sites=""):
        async def work(world):
            return (await world.wires.ask(one, side)).steps

        return in_world(work, sites=SITES + sites)

    return asked


@BOTH
def test_an_honest_resolver_answers_here_and_there(steps, by):
    """Every act is a step, as in the tool's own room."""
    wanted = [Connect, Handshake, Resolve] if by == "tls" else [Connect, Handshake, Fetch, Resolve]
    for side in (Side.HERE, Side.HELPER):
        found = steps(ask("answers", by), side)
        assert [type(step) for step in found] == wanted
        assert found[-1].addresses == ("198.51.100.20",)
        assert found[1].valid
    both = steps(ask("answers", by, qtype="A+AAAA"))
    assert [step.addresses for step in both if isinstance(step, Resolve)] == [("198.51.100.20",), ("2001:db8:2::20",)]


@BOTH
@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("refuses", Failure.DNS_REFUSED, Failure.DNS_REFUSED),
        ("refuses-here", Failure.DNS_REFUSED, None),
        ("junk", Failure.DNS_MISBEHAVING, Failure.DNS_MISBEHAVING),
        ("silent", Failure.TIMEOUT, Failure.TIMEOUT),
    ],
)
def test_others_do_as_they_are_set(steps, by, kind, here, there):
    """To those from here and to the helper."""
    said = [steps(ask(kind, by), side)[-1].failure for side in (Side.HERE, Side.HELPER)]
    assert said == [here, there]


def test_an_error_is_told_by_its_protocol(steps):
    """Over HTTPS a status, over TLS the end."""
    for side in (Side.HERE, Side.HELPER):
        assert steps(ask("error", "tls"), side)[-1].failure is Failure.EOF
        told = steps(ask("error", "https"), side)
        assert (told[-2].page.status, told[-1].failure) == (404, Failure.DNS_MISBEHAVING)
        assert told[-1].detail == "status 404"


def test_who_is_no_resolver_is_not_asked(steps):
    """Nobody listens at its port; at the web's a page is answered."""
    for side in (Side.HERE, Side.HELPER):
        assert [step.failure for step in steps(ask("none", "tls"), side)] == [Failure.REFUSED]
        assert steps(ask("none", "https"), side)[-1].failure is Failure.DNS_MISBEHAVING


@BOTH
def test_a_name_is_cut_as_on_the_real_path(steps, by):
    """The censor reads the hello; nothing is asked."""
    assert [step.failure for step in steps(ask("answers", by), sites=CUT)] == [None, Failure.RESET]
    assert [step.failure for step in steps(ask("refuses", by), sites=CUT)] == [None, Failure.TIMEOUT]
    assert steps(ask("answers", by), Side.HELPER, sites=CUT)[-1].failure is None


@BOTH
def test_time_outs_of_the_ask_are_kept(steps, by):
    """Each step has its own."""
    found = steps(ask("silent", by, timeout=0.7))
    assert 0.6 < found[-1].t - found[-1].t0 < 1.0


def test_what_needs_a_kernel_is_unsupported(in_world):
    """QUIC, and a resolver that would have to be looked up."""

    async def work(world):
        asks = [
            Ask(layer=Layer.DNS, name="a.example", resolver=one)
            for one in ("quic://a.example#1.2.3.4", "tls://a.example")
        ]
        return [(await world.wires.ask(one)).undone for one in asks]

    assert in_world(work) == ["unsupported", "unsupported"]
