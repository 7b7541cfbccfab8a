"""Pages as OONI published them."""

import json

import pytest
from msgspec import Raw

import foreign
from hushmap.codec.ooni_loose import Binary, Response
from hushmap.codec.ooni_page import _LOWER, HEADERS, VALUE, header_values, octets, page
from hushmap.model import Page


def seen(**fields):
    """The page of a response."""
    return page(Response(**fields), "$.requests", 3)


def table(**headers):
    """Headers as a table, undecoded."""
    return Raw(json.dumps(headers).encode())


def test_a_page():
    """Status, header names and values, title and text; nothing is hashed or sketched."""
    body = "<html><title>News &amp; more</title>Grüße</html>"
    pairs = [("Server", "nginx"), ("Location", "/home"), ("X-A", "1"), ("X-A", "2")]
    assert seen(code=302, headers_list=pairs, body=body, body_is_truncated=True) == Page(
        status=302,
        header_names=("server", "location", "x-a", "x-a"),
        location="/home",
        server="nginx",
        headers=(("server", "nginx"), ("location", "/home"), ("x-a", "1"), ("x-a", "2")),
        title="News & more",
        body_length=len(body.encode()),
        truncated=True,
        body=body,
    )


def test_the_least_of_a_page():
    """A status is enough; flags of databases are flags."""
    assert seen(code=204) == Page(status=204)
    assert seen(code=204, body="", body_is_truncated=0) == Page(status=204)
    assert seen(code=200, body="x", body_is_truncated=1) == Page(status=200, body="x", body_length=1, truncated=True)


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        (None, "HTTP/1.1 307 Temporary Redirect", 307),
        (0, "HTTP/1.0 200", 200),
        (-1, None, None),
        (None, None, None),
        (None, "", None),
        (None, "HTTP/1.1", None),
        (None, "HTTP/1.1 0x1 No", None),
        (None, "HTTP/1.1 2000 No", None),
        (None, "HTTP/1.1 099 No", None),
        (None, "HTTP/1.1 ²²² No", None),
    ],
)
def test_a_status_line_stands_for_a_missing_code(code, text, status):
    """The oldest apps kept the line; without either there is no page."""
    found = seen(code=code, response_line=text)
    assert (found and found.status) == status


def test_headers_as_a_table():
    """Before there was a list of them; null and absent are none."""
    found = seen(code=200, headers=table(Server="nginx", Via=["1.1 a", "1.1 b"]))
    assert found.headers == (("server", "nginx"), ("via", "1.1 a"), ("via", "1.1 b"))
    assert found.header_names == ("server", "via", "via")
    assert seen(code=200, headers=Raw(b"null"), headers_list=[]) == seen(code=200) == Page(status=200)


def test_the_list_is_more_than_the_table():
    """Where both are there, the table is not looked at: it has one value of each name."""
    assert seen(code=200, headers_list=[("A", "1")], headers=Raw(b"[[[")).headers == (("a", "1"),)


def test_headers_that_are_none():
    """The place is told."""
    with pytest.raises(ValueError, match=r"at `\$\.requests\[3\]\.response\.headers`$"):
        seen(code=200, headers=Raw(b"7"))


def test_odd_header_values():
    """Bytes that are no UTF-8 lose none of them; null is empty; a number is its text."""
    names, values = header_values(
        [
            ("A", Binary(**foreign.binary(b"\xff\x41"))),
            ("B", Binary(**foreign.binary("ü".encode()))),
            ("C", Binary(data="!")),
            ("D", None),
            ("E", 7),
            ("F", []),
        ],
    )
    assert values == (("a", "ÿA"), ("b", "ü"), ("c", "!"), ("d", ""), ("e", "7"))
    assert names == ("a", "b", "c", "d", "e")


def test_headers_are_bounded():
    """So many values, each so long; every name is kept."""
    found = seen(code=200, headers_list=[(f"X-{number}", "v" * (VALUE + 9)) for number in range(HEADERS + 9)])
    assert len(found.headers) == HEADERS
    assert {len(value) for _, value in found.headers} == {VALUE}
    assert len(found.header_names) == HEADERS + 9


def test_a_body_in_base64():
    """It is read in its own charset, and its length is that of its bytes."""
    text = '<meta charset="gb2312"><title>敏感</title>'
    found = seen(code=200, body=Binary(**foreign.binary(text.encode("gb2312"))))
    assert (found.body, found.title, found.body_length) == (text, "敏感", len(text.encode("gb2312")))
    with pytest.raises(ValueError, match=r"^no base64 - at `\$\.requests\[3\]\.response\.body\.data`$"):
        seen(code=200, body=Binary(data="x"))


def test_octets():
    """Base64, or a fault."""
    assert octets("AAEC") == b"\x00\x01\x02"
    for text in ("A", "é===", "AAA"):
        with pytest.raises(ValueError, match="no base64"):
            octets(text)


def test_only_so_many_header_names_are_remembered(monkeypatch):
    """Anybody can invent one: what is beyond is put in lower case each time."""
    monkeypatch.setattr("hushmap.codec.ooni_page._NAMES", 0)
    assert header_values([("X-Never-Seen-Before", "1")])[0] == ("x-never-seen-before",)
    assert "X-Never-Seen-Before" not in _LOWER
