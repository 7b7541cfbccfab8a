"""Which JSON is read, and what is said of the rest."""

import json

import msgspec
import pytest

import foreign
from hushmap.codec import ooni_loose as loose


def told(value):
    """What is said of a measurement that does not fit."""
    with pytest.raises(ValueError, match=r"\S") as caught:
        loose.measurement(value if isinstance(value, bytes) else foreign.line(value))
    return str(caught.value)


def test_a_measurement_of_web_connectivity():
    """Keys that are read arrive; keys that are not are passed over, whatever they hold."""
    value = foreign.tree(queries=[foreign.query(foreign.ADDRESS)], x_new={"a": [1, None]})
    found = loose.measurement(foreign.line(value | {"bucket_date": [[]]}))
    assert isinstance(found, loose.Measurement)
    assert found.input == foreign.URL
    assert found.test_keys.queries[0].answers[0].ipv4 == foreign.ADDRESS


@pytest.mark.parametrize("keys", [None, [], "x", {"queries": 7}, {"control": [], "blocking": {}}])
def test_other_tests_may_hold_anything(keys):
    """The test keys of another test need not look like those of web_connectivity."""
    found = loose.measurement(foreign.line(foreign.tree() | {"test_name": "telegram", "test_keys": keys}))
    assert found.test_name == "telegram"


def test_what_was_written_for_nothing():
    """Null for a table, a list, a time or a flag is nothing."""
    needed = {"test_name", "measurement_start_time"}
    bare = {"test_name": "web_connectivity", "measurement_start_time": foreign.STARTED}
    names = [name for name in loose.Measurement.__struct_fields__ if name not in needed | {"test_helpers"}]
    assert loose.measurement(foreign.line(bare)) == loose.measurement(foreign.line(bare | dict.fromkeys(names)))
    unread = {"network_events", "x_hushmap_trials"}
    names = [name for name in loose.TestKeys.__struct_fields__ if name not in unread]
    found = loose.measurement(foreign.line(bare | {"test_keys": dict.fromkeys(names)}))
    assert found.test_keys == loose.TestKeys()


def test_flags_of_databases():
    """0 and 1 are booleans; another number is none."""
    for flag in (True, False, 0, 1, None):
        found = loose.measurement(foreign.line(foreign.tree(accessible=flag, blocking=flag)))
        assert found.test_keys.accessible == found.test_keys.blocking == flag
    assert "`$.test_keys.accessible`" in told(foreign.tree(accessible=2))
    assert "`$.test_keys.blocking`" in told(foreign.tree(blocking=2))
    assert "`$.test_keys.blocking`" in told(foreign.tree(blocking=["dns"]))


def test_half_a_surrogate_pair_is_replaced():
    """No text can hold one; the rest of the line is read."""
    data = foreign.line(foreign.tree(url="http://a.example/@")).replace(b"@", b"\\ud83d x")
    assert loose.measurement(data).input == "http://a.example/\ufffd x"
    data = foreign.line(foreign.tree(x_new="@")).replace(b"@", b"\\ud83d x")
    assert loose.measurement(data).input == foreign.URL


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 40])
def test_a_number_that_is_none(number):
    """It spoils the field that wants a number, and no other."""
    assert "`$.test_keys.queries[0].t`" in told(
        foreign.line(foreign.tree(queries=[foreign.query(t="@")])).replace(b'"@"', number)
    )
    found = loose.measurement(foreign.line(foreign.tree(x_new="@")).replace(b'"@"', number))
    assert found.input == foreign.URL


def test_a_mark_of_byte_order_is_passed_over():
    """Some programs write one before everything."""
    assert loose.measurement(b"\xef\xbb\xbf" + foreign.line(foreign.tree())).input == foreign.URL


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"7",
        b"[]",
        b"{}",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"test_name":"\xff"}',
        b'{"test_name":"web_connectivity"} x',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"test_name":"web_connectivity","measurement_start_time":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"test_name":' + b"9" * 6000 + b"}",
    ],
)
def test_what_is_no_measurement(data):
    """One printable line says so."""
    message = told(data)
    assert message.isprintable()
    assert 0 < len(message) <= 300


def test_the_path_of_a_field_is_told():
    """Place by place, the numbers of lists included."""
    assert "`$.test_keys.queries[1].answers`" in told(
        foreign.tree(queries=[foreign.query(), foreign.query() | {"answers": 7}])
    )
    assert "`$.input`" in told(foreign.tree(url=7))
    assert "`$.test_keys`" in told(foreign.tree() | {"test_keys": []})
    assert "test_name" in told({"measurement_start_time": foreign.STARTED})


def test_the_key_of_a_table_is_told():
    """Where one entry of a table is damaged, its key is in the path."""
    table = {"192.0.2.1:80": {"status": True}, "192.0.2.2:80": {"status": "yes"}}
    message = told(foreign.tree(control=foreign.control(tcp_connect=table)))
    assert message.endswith("`$.test_keys.control.tcp_connect[192.0.2.2:80].status`")
    message = told(foreign.tree(control=foreign.control(tcp_connect={"é\n": []})))
    assert message.endswith("`$.test_keys.control.tcp_connect[\\xe9\\n]`")


def test_a_table_too_long_to_search_keeps_its_dots():
    """The damaged entry is looked for among the first hundred."""
    table = {str(number): {} for number in range(100)} | {"x": 7}
    message = told(foreign.tree(control=foreign.control(tls_handshake=table)))
    assert message.endswith("`$.test_keys.control.tls_handshake[...]`")


def test_a_name_written_with_escapes_is_the_same_name():
    """web_connectivity by another spelling is held to the same types."""
    data = foreign.line(foreign.tree(queries=7)).replace(b"web_connectivity", b"web\\u005fconnectivity")
    assert "`$.test_keys.queries`" in told(data)


def test_headers():
    """A table or a list of pairs; another thing is told with its own path."""
    read = lambda value: loose.headers(msgspec.Raw(json.dumps(value).encode()), "$.x.headers")  # noqa: E731
    assert read({"A": "1", "B": ["2", foreign.binary(b"3")]})[0] == ("A", "1")
    assert read([["A", "1"], ["A", None]]) == [("A", "1"), ("A", None)]
    assert read(None) == read({}) == []
    for value in (7, "x", [["A"]], [{}], {"A": {}}, {"A": [[]]}):
        with pytest.raises(ValueError, match=r"at `\$\.x\.headers`$"):
            read(value)


def test_events():
    """A list, or null; another thing is told with its own path."""
    read = lambda value: loose.events(json.dumps(value).encode())  # noqa: E731
    assert read([{"num_bytes": 7, "t": 0.5}]) == [loose.EventRow(num_bytes=7, t=0.5)]
    assert read(None) == read([]) == []
    with pytest.raises(ValueError, match=r"- at `\$\.test_keys\.network_events\[1\]\.t`$"):
        read([{}, {"t": "soon"}])


def test_a_long_damaged_line_is_not_read_twice():
    """As Python's own values it could take a hundred times its size; the first fault is told instead."""
    data = foreign.line(foreign.tree(queries=7, x_new="x" * loose._MENDED))
    assert "`$.test_keys.queries`" in told(data)
    assert "JSON is malformed" in told(
        foreign.line(foreign.tree(x_new="x" * loose._MENDED + "@")).replace(b"@", b"\\ud83d")
    )


def test_the_address_of_the_helper():
    """In a table, or alone as the oldest probes wrote it."""
    read = lambda value: loose.helper(json.dumps(value).encode())  # noqa: E731
    assert read({"backend": {"address": "https://th.example", "type": "https"}}) == "https://th.example"
    assert read({"backend": "192.0.2.9:57004"}) == "192.0.2.9:57004"
    for nothing in (None, {}, {"backend": None}, {"backend": {}}, {"backend": ""}, {"backend": {"address": None}}):
        assert read(nothing) is None
    for value in (7, [], {"backend": 7}, {"backend": {"address": []}}):
        with pytest.raises(ValueError, match=r"- at `\$\.test_helpers`$"):
            read(value)


def test_the_key_of_an_annotation_is_told():
    """A table at the top as well as one deep inside, of any test."""
    for name in ("web_connectivity", "telegram"):
        value = foreign.tree() | {"test_name": name, "annotations": {"good": "x", "bad": []}}
        assert told(value).endswith("`$.annotations[bad]`")


@pytest.mark.parametrize(
    ("place", "keys"),
    [
        ("queries", {"queries": [{"hostname": "a"}] * 10_001}),
        ("queries[0].answers", {"queries": [foreign.query() | {"answers": [{}] * 10_001}]}),
        ("tcp_connect", {"tcp_connect": [foreign.tcp()] * 10_001}),
        ("control.dns.addrs", {"control": foreign.control(dns={"addrs": [""] * 10_001})}),
        ("control.tcp_connect", {"control": foreign.control(tcp_connect={str(at): {} for at in range(10_001)})}),
    ],
)
def test_a_list_that_no_probe_wrote(place, keys):
    """Ten thousand entries are damage, before each becomes a trial."""
    assert told(foreign.tree(**keys)).endswith(f"<= 10000 - at `$.test_keys.{place}`")
