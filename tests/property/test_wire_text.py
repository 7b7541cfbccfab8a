"""URLs, pages and the helper's messages: round trips, and hostile text in bounded time."""

import re
import time
from html import unescape

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faults import value_or_fault
from hushmap.wire import helper, html, url
from strategies import HOSTS, asks, structs

PATHS = st.text("abc/?&=%2F;@:!$()*+,'-._~ é警<>[]|\\^`{}\"", max_size=20).map("/".__add__)
PORTS = st.integers(1, 65535)
LOOSE = st.text(max_size=60) | st.text("htps:/?#[]@.\\%ab019 -", max_size=40)


@given(st.sampled_from(["http", "https", "HTTP"]), HOSTS, st.none() | PORTS, PATHS)
def test_a_url_reads_back_as_itself(scheme, host, port, path):
    """parse(text) is a fixed point, and its text can stand in a request line."""
    found = url.parse(f"{scheme}://{host}{'' if port is None else f':{port}'}{path}")
    assert url.parse(found.text) == found
    assert found.host == host
    assert found.path.isascii()
    assert " " not in found.text


@given(LOOSE | LOOSE.map("http://".__add__), LOOSE)
def test_any_text_is_a_url_or_is_refused(text, location):
    """Reading and joining gives a URL or a ValueError of one line."""
    base = url.parse("https://site.example/a/b")
    for found in (value_or_fault(url.parse, text), value_or_fault(url.join, base, location)):
        if isinstance(found, url.Url):
            assert url.parse(found.text) == found


@given(structs(helper.HelperRequest), structs(helper.HelperReply))
def test_helper_messages_read_back_as_themselves(request, reply):
    """Asks and answers of every kind cross the wire whole."""
    assert helper.decode_request(helper.encode_request(request)) == request
    assert helper.decode_reply(helper.encode_reply(reply)) == reply


@given(st.binary(max_size=200), asks(), st.data())
def test_damaged_helper_messages_are_refused_or_read(noise, ask, data):
    """Random bytes, cuts and one changed byte give a value or a ValueError."""
    message = bytearray(helper.encode_request(helper.HelperRequest(asks=(ask,))))
    cut = bytes(message[: data.draw(st.integers(0, len(message) - 1))])
    message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    for hostile in (noise, cut, bytes(message)):
        for decode in (helper.decode_request, helper.decode_reply):
            assert isinstance(value_or_fault(decode, hostile), msgspec.Struct | ValueError)


SPECS = st.builds(
    helper.HelperSpec,
    host=HOSTS | st.sampled_from(["203.0.113.10", "2001:db8::1"]),
    port=PORTS,
    token=st.from_regex(r"[A-Za-z0-9._~-]{8,40}", fullmatch=True),
    pin=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    http_port=st.none() | PORTS,
    tls_port=st.none() | PORTS,
    tcp_port=st.none() | PORTS,
    quic_port=st.none() | PORTS,
    span=st.integers(1, helper.SPAN_LIMIT),
    dark=st.booleans(),
).filter(lambda spec: all(port + spec.span <= 65536 for port in spec.echoes.values()))


@given(SPECS, LOOSE, st.data())
def test_settings_strings_read_back_and_never_show_their_token(spec, text, data):
    """parse_spec undoes `text`; any other text is refused without repeating the secret."""
    assert helper.parse_spec(spec.text) == spec
    at = data.draw(st.integers(0, len(spec.text) - 1))
    for hostile in (text, spec.text[:at], spec.text[:at] + data.draw(st.characters()) + spec.text[at + 1 :]):
        found = value_or_fault(helper.parse_spec, hostile)
        assert isinstance(found, helper.HelperSpec) or spec.token not in str(found)


PIECES = st.sampled_from(
    "< > </ <!-- --> <title> </title> <script> </script> <style> & &# &#x &amp; &#9 ; charset= <meta \" ' \x00 \xa0 İ ß é 警 a".split()
)
PAGES = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)


@given(PAGES.map(str.encode) | PAGES.map(lambda page: page.encode("gb18030", "replace")) | st.binary(max_size=300))
def test_any_page_has_facts(body):
    """Title, text and sketch of any bytes are bounded and can be written as JSON."""
    title, text, sketch = html.title(body), html.visible(body, 50), html.sketch(body)
    assert title is None or 0 < len(title) <= 200
    assert len(text) <= 50
    assert len(sketch) in {0, html.SKETCH_SIZE}
    assert msgspec.json.decode(msgspec.json.encode([title, text, sketch])) == [title, text, list(sketch)]
    assert html.likeness(sketch, sketch) == (1.0 if sketch else 0.0)


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "< ",
        "<a ",
        "<a>",
        "<title",
        "<title>",
        "<!--",
        "<!-",
        "<script>",
        "<script></script>",
        "<script",
        "&",
        "&#",
        "&#9",
        "&#x9",
        "&#00000",
        "&a",
        "<meta ",
        "<meta charset=",
        "charset",
        " ",
        "\n<",
        "a b ",
        "警",
        "</",
        "<?",
        '<a b="',
        "-->",
    ],
)
def test_hostile_pages_take_linear_time(unit):
    """100 kB of any unit takes less than a second, and no more than 40 times as long as 10 kB (100 would be square)."""
    body = unit.encode()
    spent = []
    for size in (10_000, 100_000):
        page = (body * (size // len(body)))[:size]
        start = time.process_time()
        html.title(page), html.visible(page, 200), html.sketch(page)
        spent.append(time.process_time() - start)
    assert spent[1] < 1.0
    assert spent[1] < 40 * max(spent[0], 0.001)


_PIECES = st.sampled_from(
    """
    < <!-- --> -- -> > - / ! ? <1> <p> </p> <script </script </script> <SCRIPT\tsrc=x> <scripts> <script-x> <title>
    <TITLE> </title> <style> </Style> <textarea> </textarea> <noscript> </template> <template> <\u017fcript> <lin\u212a>
    a word B1_c &amp; &#x41; & é ß İ 漢字 가
    """.split()
) | st.sampled_from([" ", "\n", "<a" + "b" * 40 + ">", "<style" + "x" * 30 + ">"])


def _read_piece_by_piece(text):
    """What lies between tags, outside comments and hidden elements: the reading that the one expression stands for."""
    lower = "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)
    hidden = ("script", "style", "template", "noscript", "textarea", "title")
    at = 0
    while opener := re.compile(r"<!--|<(?=[!?/A-Za-z])").search(text, at):
        yield text[at : opener.start()]
        close, width = ("-->", 3) if opener[0] == "<!--" else (">", 1)
        end = text.find(close, opener.start() + (4 if width == 3 else 0))
        if end < 0:
            return
        at = end + width
        name = re.compile(r"[a-z][a-z0-9]{0,30}").match(lower, opener.start() + 1)
        if name and name[0] in hidden:
            at = lower.find("</" + name[0], at)
            if at < 0:
                return
    yield text[at:]


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_what_a_reader_sees_is_what_lies_between_the_tags(text):
    """However tags, comments and hidden elements are broken, nested or left open."""
    seen = " ".join(unescape(" ".join(_read_piece_by_piece(text))).split())
    assert html.visible(text.encode(), len(text) + 100) == seen
