"""The tool's verbs on a pure network, with and without a censor."""

import pytest

from hushmap.lab import private
from hushmap.lab.pure import verbs
from hushmap.model import Ask, Failure, Layer, Side

SITE = "198.51.100.20"
PAGE = Ask(layer=Layer.HTTP, address=SITE, port=443, url="https://news-one.example/", sni="news-one.example")


def asked(ask, side=Side.HERE, **options):
    """The steps of an ask."""

    async def work(world):
        outcome = await world.wires.ask(ask, side, **options)
        assert outcome.undone is None
        return outcome.steps

    return work


def censor(kind, **more):
    """A censor's table."""

    def text(value):
        return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')

    lines = [f"{name} = {text(value)}" for name, value in more.items()]
    return "\n".join(["[[censor]]", f'kind = "{kind}"', *lines, ""])


def lookup(resolver, qtype="A", name="news-one.example", **more):
    """A question."""
    return Ask(layer=Layer.DNS, name=name, qtype=qtype, resolver=resolver, **more)


def test_a_page_is_loaded(in_world):
    """Three steps, and the page's facts."""
    connect, handshake, fetch = in_world(asked(PAGE))
    assert (connect.failure, handshake.failure, fetch.failure) == (None, None, None)
    assert connect.t - connect.t0 == pytest.approx(0.02)
    assert (handshake.valid, handshake.valid_system, handshake.spoke) == (True, False, True)
    assert fetch.page.title == "Welcome to news-one.example"
    assert fetch.curve[-1][1] > 4000


@pytest.mark.parametrize(
    ("kind", "failure", "more"),
    [
        ("sni-reset", Failure.RESET, {"on_path": True}),
        ("sni-reset", Failure.RESET, {"sides": "client"}),
        ("sni-drop", Failure.TIMEOUT, {}),
        ("sni-close", Failure.EOF, {}),
        ("sni-alert", Failure.TLS_ALERT, {}),
    ],
)
def test_handshakes_are_cut_by_name(in_world, kind, failure, more):
    """Each act on a hello is met as it would be on a socket; another name passes."""
    sites = censor(kind, names=["news-one.example"], **more)
    *_, handshake = in_world(asked(PAGE), sites=sites)
    assert handshake.failure is failure
    assert handshake.t - handshake.t0 == pytest.approx(2.0 if failure is Failure.TIMEOUT else 0.0, abs=0.05)
    other = Ask(layer=Layer.TLS, address=SITE, sni="other.example", verify=False)
    *_, handshake = in_world(asked(other), sites=sites)
    assert (handshake.failure, handshake.valid) == (None, False)


def test_an_interceptor_shows_its_own_certificate(in_world):
    """By a connection that is led elsewhere without the client noticing."""
    sites = censor("tls-mitm", names=["news-one.example"], to=["198.51.100.90"]) + (
        '[[site]]\nname = "box.example"\naddresses = ["198.51.100.90"]\nhttps = "interceptor"\n'
    )
    connect, handshake = in_world(asked(PAGE), sites=sites)
    assert connect.address == SITE
    assert handshake.failure is Failure.UNKNOWN_AUTHORITY
    assert "interceptor" in handshake.chain[0].issuer
    *_, handshake, fetch = (
        in_world(asked(PAGE), "[client]\ntrusts_interceptor = true", sites)[:1]
        + in_world(
            asked(Ask(**{**{name: getattr(PAGE, name) for name in PAGE.__struct_fields__}, "verify": False})),
            sites=sites,
        )[1:]
    )
    assert fetch.page.status == 200


def test_connections_fail_by_time_out_and_refusal(in_world):
    """A dead address, a closed port, a refusing router."""
    dead = Ask(layer=Layer.TCP, address="198.51.100.99", port=443)
    (connect,) = in_world(asked(dead))
    assert (connect.failure, round(connect.t, 3)) == (Failure.TIMEOUT, 1.6)
    (connect,) = in_world(asked(Ask(layer=Layer.TCP, address=SITE, port=22)))
    assert connect.failure is Failure.REFUSED


def test_a_page_is_replaced_reset_or_silenced(in_world):
    """By what a request in the clear says."""
    page = Ask(layer=Layer.HTTP, address="198.51.100.11", url="http://www.baseline-a.example/x")
    names = ["www.baseline-a.example"]
    *_, fetch = in_world(asked(page, keep_body=True), sites=censor("block-page", names=names, on_path=True))
    assert (fetch.page.status, fetch.page.title) == (403, "Access restricted (lab notice)")
    assert fetch.page.body
    for kind, failure in (("host-reset", Failure.RESET), ("host-drop", Failure.TIMEOUT), ("host-close", Failure.EOF)):
        *_, fetch = in_world(asked(page), sites=censor(kind, names=names))
        assert (fetch.failure, fetch.page) == (failure, None)


def test_what_a_server_does_in_its_answer(in_world):
    """Cut short, slowly, and long."""
    for name, at, failure in (("cut-one", 23, Failure.EOF), ("slow-one", 24, None), ("long-one", 25, None)):
        host = f"{name}.example"
        ask = Ask(layer=Layer.HTTP, address=f"198.51.100.{at}", url=f"https://{host}/", sni=host)
        *_, fetch = in_world(asked(ask))
        assert fetch.failure is failure
    assert fetch.page.body_length > 60_000


def test_a_lookup_hears_all_answers(in_world):
    """The forged ones first, the true one after them; the wait is longer after a bogon."""
    forged = censor(
        "dns-injection", names=["news-one.example"], addresses=["203.0.113.7", "203.0.113.8"], on_path=True
    )
    (step,) = in_world(asked(lookup("udp://198.51.100.53:53")), sites=forged)
    assert [answer.addresses for answer in step.answers] == [("203.0.113.7",), ("203.0.113.8",), ("198.51.100.20",)]
    assert step.failure is None
    assert step.t == pytest.approx(step.answers[0].t + 0.1, abs=0.01)
    bogon = censor("dns-bogon", names=["news-one.example"])
    (step,) = in_world(asked(lookup("udp://198.51.100.53:53")), sites=bogon)
    assert step.t == pytest.approx(step.answers[0].t + 1.0, abs=0.01)


def test_a_lookup_that_is_lost_is_sent_four_times(in_world):
    """At 0, 1, 2 and 4 s of its 5, here a fifth of them."""
    (step,) = in_world(asked(lookup("udp://203.0.113.10:53")))
    assert (step.failure, step.sent, step.t) == (Failure.TIMEOUT, 4, pytest.approx(1.0))
    (step,) = in_world(asked(lookup("udp://203.0.113.10:53", timeout=0.4)))
    assert step.t == pytest.approx(0.4)


def test_the_system_resolver_hides_what_it_can(in_world):
    """NXDOMAIN, no address, a failing server, a silent one, the hosts file."""
    (four, six) = in_world(asked(lookup("system", "A+AAAA")))
    assert (four.addresses, six.addresses) == ((SITE,), ("2001:db8:2::20",))
    assert four.answers[0].ttl is None
    (step,) = in_world(asked(lookup("system", name="gone.example")))
    assert step.failure is Failure.NXDOMAIN
    (step,) = in_world(asked(lookup("system", "AAAA", "strict-one.example")))
    assert step.failure is Failure.NO_ANSWER
    (step,) = in_world(asked(lookup("system")), '[client]\nresolver = "servfail"')
    assert step.failure is Failure.DNS_TEMPORARY
    (step,) = in_world(asked(lookup("system")), '[client]\nresolver = "silent"')
    assert (step.failure, step.t) == (Failure.TIMEOUT, pytest.approx(2.0))
    hosts = '[client.hosts]\n"news-one.example" = "127.0.0.1"'
    (four, six) = in_world(asked(lookup("system", "A+AAAA")), hosts)
    assert (four.addresses, six.addresses) == (("127.0.0.1",), ("2001:db8:2::20",))


def test_a_router_that_refuses_ends_a_lookup(in_world):
    """ICMP is believed after two more tries."""
    sites = censor("address-prohibited", addresses=["203.0.113.53"])
    (step,) = in_world(asked(lookup("udp://203.0.113.53:53")), sites=sites)
    assert step.failure is Failure.HOST_UNREACHABLE
    assert step.sent == 3


def test_raw_words_come_back(in_world):
    """From the helper's echo; a word may be reset or lost."""
    raw = Ask(layer=Layer.RAW, address="203.0.113.10", port=7, payload=b"a word")
    *_, step = in_world(asked(raw))
    assert (step.received, step.failure) == (b"a word", None)
    for kind, failure in (("payload-reset", Failure.RESET), ("payload-drop", Failure.TIMEOUT)):
        *_, step = in_world(asked(raw), sites=censor(kind, words=["word"]))
        assert step.failure is failure


def test_a_clock_that_is_wrong_refuses_certificates_until_the_helper_was_heard(in_world):
    """METHOD 4: at corrected time they hold."""

    async def work(world):
        before = (await world.wires.ask(PAGE)).steps
        await world.wires.watch_helper()
        return before[-1].failure, (await world.wires.ask(PAGE)).steps[-1].failure

    assert in_world(work, "[client]\nclock_s = 86400") == (Failure.INVALID_CERTIFICATE, None)


def test_the_system_resolver_is_as_patient_as_the_labs_own():
    """What glibc is told in a lab: its patience is no code of ours."""
    assert "timeout:1 attempts:3" in private._RESOLV
    assert (verbs._SYSTEM_ATTEMPTS, verbs._SYSTEM_WAIT) == (3, 1.0)
