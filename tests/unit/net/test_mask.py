"""Own addresses never leave, in no spelling, and nothing else is touched."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Answer, Certificate, Connect, Exchange, Failure, Fetch, Handshake, Hop, Page, Resolve
from hushmap.net.mask import Own
from hushmap.wire import echo

V4, V6 = "192.0.2.17", "2001:db8:0:a::1f"
OWN = Own((V4, V6))

HIDDEN = [
    "192.0.2.17",
    "192.000.002.017",
    "3221226001",
    "192-0-2-17",
    "17-2-0-192",
    "17.2.0.192.in-addr.arpa",
    "192%2E0%2E2%2e17",
    "%31%39%32%2e%30%2e%32%2e%31%37",
    "c0000211",
    "C0000211",
    base64.b64encode(bytes((192, 0, 2, 17))).decode(),
    base64.b64encode(b"192.0.2.17").decode(),
    "::ffff:192.0.2.17",
    "64:ff9b::c000:211",
    "2001:db8:0:a::1f",
    "2001:DB8:0:A::1F",
    "2001:db8:0:a:0:0:0:1f",
    "2001:0db8:0000:000a:0000:0000:0000:001f",
    "[2001:db8:0:a::1f]:443",
    "2001%3adb8%3a0%3aa%3a%3a1f",
    "20010db80000000a000000000000001f",
    "f.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.a.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
]

KEPT = [
    "192.0.2.170",
    "1.192.0.2.17",
    "192.0.2.17.5",
    "192.0.2.1",
    "2001:db8:0:a::1f0",
    "2001:db8:0:a::1",
    "ac0000211",
    "none",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_every_spelling_of_an_own_address_goes(text):
    """No digit of the address survives, and length and surroundings stay."""
    for around in ("{}", "ip={} end", '"{}"', "<b>{}</b>"):
        whole = around.format(text)
        masked = OWN.text(whole)
        assert len(masked) == len(whole)
        assert text not in masked
        assert "xxxx" in masked
        assert masked.replace("x", "").startswith(around.split("{}")[0].replace("x", ""))


@pytest.mark.parametrize("text", KEPT)
def test_other_addresses_stay(text):
    """An address that only contains ours, or is contained in it, is somebody else's."""
    assert OWN.text(text) == text


@pytest.mark.parametrize("shift", range(3))
def test_base64_is_found_at_every_alignment(shift):
    """An address inside a longer encoded text is hidden up to the letters that it shares with its neighbours."""
    text = "-" * shift + "192.0.2.17 and more"
    masked = OWN.text(base64.b64encode(text.encode()).decode())
    decoded = base64.b64decode(masked)
    assert "x" * 11 in masked
    assert b"92.0.2.1" not in decoded


@pytest.mark.parametrize("text", [*HIDDEN, HIDDEN[-1].upper()])
def test_every_spelling_goes_from_a_request_that_our_echo_says_back(text):
    """A proxy may have added it in any spelling: at every alignment, behind a header, cut off or in text, it is gone."""
    for shift in range(3):
        came = f"GET /{'-' * shift} HTTP/1.1\r\nX-Forwarded-For: {text}\r\nX: y\r\n\r\n".encode()
        for head, end in ((b"", b""), (b"HTTP/1.1 200 OK\r\n\r\n", b""), (b"", b"\r\n")):
            said = head + echo.answer(came) + end
            masked = OWN.bytes(said)
            assert len(masked) == len(said)
            assert masked.startswith(head)
            told = echo.said(masked[len(head) : len(said) - len(end)])
            assert text.encode() not in told
            assert told.startswith(came[: came.index(b": ") + 2])
            assert told.endswith(b"\r\nX: y\r\n\r\n")
            assert b"xxxx" in told
            assert OWN.text(said.decode()) == masked.decode()
        whole = echo.answer(came)
        for size in range(len(whole) - 12, len(whole)):
            assert OWN.bytes(whole[:size])[: size - size % 4] == OWN.bytes(whole)[: size - size % 4]


@given(st.binary(max_size=90))
def test_a_request_without_the_address_is_said_back_unchanged(more):
    """What holds no own address keeps each character, also where the last stands for no whole byte."""
    said = echo.answer(b"GET / HTTP/1.1\r\n" + more + b"\r\n\r\n")
    own = Own(("203.0.113.254",))
    assert all(own.bytes(said[:size]) == said[:size] for size in range(len(said)))


@given(st.binary(max_size=200))
def test_length_is_always_kept(data):
    """Masking never moves a byte."""
    assert len(OWN.bytes(data)) == len(data)


@given(st.text(max_size=100))
def test_text_without_the_address_is_unchanged(text):
    """What holds no own address comes back as it is, surrogates included."""
    assert Own(("203.0.113.254",)).text(text) == text


def test_nothing_is_known_at_first_and_after_forgetting():
    """Without addresses nothing is masked."""
    own = Own()
    assert own.text(V4) == V4
    own.learn(V4)
    assert V4 in own
    assert own.text(V4) == "x" * len(V4)
    own.forget()
    assert own.text(V4) == V4


@pytest.mark.parametrize("text", ["127.0.0.1", "::1", "0.0.0.0", "::", "no address", ""])
def test_everyones_addresses_are_not_learned(text):
    """Loopback identifies nobody; what is no address is no secret."""
    own = Own((text,))
    assert text not in own
    assert own.bytes(text.encode()) == text.encode()


def test_a_closed_one_learns_no_more():
    """A server whose address is public keeps to what it was given."""
    own = Own((V4,), closed=True)
    own.learn("192.0.2.99")
    assert V4 in own
    assert "192.0.2.99" not in own


def test_a_scope_is_no_part_of_an_address():
    """A link-local address with its interface is the same address."""
    assert "fe80::1" in Own(("fe80::1%eth0",))


def test_an_answer_keeps_its_network():
    """A DNS answer that is our own address can still be placed, and only then is it changed."""
    assert OWN.address(V4) == "192.0.2.0"
    assert OWN.address(V6) == "2001:db8::"
    assert OWN.address("192.0.2.18") == "192.0.2.18"


def test_every_step_leaves_masked():
    """All text that the network wrote is masked, in each kind of step; what was asked is not."""
    time = {"t0": 0.0, "t": 1.0, "failure": Failure.UNKNOWN, "detail": f"at {V4}"}
    hidden = "x" * len(V4)
    resolve = OWN.step(
        Resolve(
            **time,
            resolver=f"udp://{V4}:53",
            name="a.example",
            qtype="A",
            answers=(Answer(t=1, addresses=(V4, "192.0.2.1"), cnames=(f"{V4}.example",)),),
        )
    )
    assert resolve.answers[0].addresses == ("192.0.2.0", "192.0.2.1")
    assert resolve.answers[0].cnames == (f"{hidden}.example",)
    assert resolve.resolver == f"udp://{V4}:53"
    chain = (Certificate(sha256="00", subject=f"CN={V4}", issuer=f"CN={V4}", names=(f"{V4}.example",)),)
    shaken = OWN.step(Handshake(**time, address=V4, port=443, chain=chain))
    assert shaken.chain[0].subject == shaken.chain[0].issuer == f"CN={hidden}"
    assert shaken.chain[0].names == (f"{hidden}.example",)
    assert shaken.address == V4
    page = Page(
        status=200, header_names=(V4,), location=f"/?{V4}", server=V4, title=V4, body=V4, headers=(("via", V4),)
    )
    fetched = OWN.step(Fetch(**time, url="http://a.example/", page=page)).page
    assert (fetched.header_names, fetched.location) == ((hidden,), f"/?{hidden}")
    assert fetched.server == fetched.title == fetched.body == fetched.headers[0][1] == hidden
    bare = OWN.step(Fetch(t0=0, t=1, url="http://a.example/"))
    assert bare.page is None
    assert bare.detail is None
    empty = OWN.step(Fetch(t0=0, t=1, url="http://a.example/", page=Page(status=204))).page
    assert (empty.location, empty.title) == (None, None)
    assert OWN.step(Exchange(**time, address=V4, port=1, received=V4.encode())).received == hidden.encode()
    hop = OWN.step(Hop(**time, address="192.0.2.1", port=1, ttl=2, router=V4, received=V4.encode()))
    assert (hop.router, hop.received) == (OWN.address(V4), hidden.encode())
    assert OWN.step(Hop(**time, address="192.0.2.1", port=1, ttl=2)).router is None
    assert OWN.step(Connect(**time, address=V4, port=1)).detail == f"at {hidden}"


def test_an_https_record_is_masked_too():
    """What a resolver writes into hints and protocols may be the asker's address."""
    answer = Answer(t=1.0, alpn=(f"x-{V4}", "h3"), hints=(V4, "203.0.113.9"))
    (kept,) = OWN.step(
        Resolve(t0=0, t=1, resolver="system", name="a.example", qtype="HTTPS", answers=(answer,))
    ).answers
    assert V4 not in "".join((*kept.alpn, *kept.hints))
    assert (kept.alpn[1], kept.hints[1]) == ("h3", "203.0.113.9")


def test_a_router_does_not_tell_the_subscriber():
    """One in the network of the own line is told as that network's first address; others stay."""
    own = Own(("2001:db8:1:2::5",))
    at = {"t0": 0, "t": 1, "address": "2001:db8:9::1", "port": 443, "ttl": 1}
    routers = ("2001:db8:1:2::1", "2001:db8:1:7f::1", "2001:db8:1:100::1", "192.0.2.1")
    found = [own.step(Hop(**at, router=router)).router for router in routers]
    assert found == ["2001:db8:1::", "2001:db8:1::", "2001:db8:1:100::1", "192.0.2.1"]


def test_without_own_addresses_a_step_is_the_same_value():
    """Nothing is copied where there is nothing to hide."""
    step = Connect(t0=0, t=1, address=V4, port=1)
    assert Own().step(step) is step


def test_hashes_differ_once_something_was_masked():
    """A hash of masked bytes says nothing about the address."""
    one, other = Own(("192.0.2.17",)), Own(("192.0.2.18",))
    first = hashlib.sha256(one.bytes(b"you are 192.0.2.17")).hexdigest()
    assert first == hashlib.sha256(other.bytes(b"you are 192.0.2.18")).hexdigest()


@given(st.lists(st.sampled_from([*HIDDEN, *KEPT, " ", "x", "1", "a.", "%"]), max_size=6), st.booleans())
def test_what_is_asked_first_hides_nothing_from_the_expression(parts, upper):
    """Data without any needle is left alone, and the expression would have left it alone, too."""
    data = "".join(parts).encode()
    data = data.upper() if upper else data
    own = Own((V4, V6))
    masked = own.bytes(data)
    whole = own._pattern.sub(lambda match: b"x" * len(match.group()), data) if data else data
    assert masked == whole


@given(st.lists(st.sampled_from([V4, "192.0.2.170", "x", "", "1", ".", "c0000211", "wAACEQ==", "\n"]), max_size=6))
def test_one_look_at_many_texts_sees_what_each_holds(texts):
    """What is clean comes back as it was, text by text; where an address stands nothing is."""
    assert not OWN.clean(texts) or all(OWN.text(text) == text for text in texts)
    assert not OWN.clean([*texts, V4])


def test_a_clean_step_is_the_same_value():
    """Nothing is copied where nothing is to be hidden."""
    shaken = Handshake(
        t0=0.0, t=1.0, address="198.51.100.1", port=443,
        chain=(Certificate(sha256="0", subject="CN=a.example", issuer="CN=x", names=("a.example",)),),
    )  # fmt: skip
    page = Page(status=200, header_names=("server",), server="s", title="a", headers=(("via", "1.1 x"),))
    for step in (shaken, Fetch(t0=0.0, t=1.0, url="http://a.example/", page=page)):
        assert OWN.step(step) is step
