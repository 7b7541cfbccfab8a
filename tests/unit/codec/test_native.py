"""Our own lines, by example: what a reader is told of each kind of damage."""

import json
import math

import msgspec
import pytest

from hushmap.codec import (
    LINE_LIMIT,
    decode_line,
    decode_trial,
    decode_verdict,
    encode_amend,
    encode_record,
    encode_trial,
    encode_verdict,
    is_native,
    read_ooni,
)
from hushmap.codec.native import see_that_it_fits
from hushmap.codec.ooni_ours import restore
from hushmap.model import Amend, Ask, Connect, Context, Layer, Outcome, Record, Trial, Verdict, Void

TRIAL = Trial(
    id=10_000,
    ask=Ask(layer=Layer.TCP, address="192.0.2.1", port=443),
    steps=(Connect(t0=1.0, t=1.5, address="192.0.2.1", port=443),),
    t0=1.0,
    t=1.5,
)
RECORD = Record(
    id="20261121T2233Z-3f9c-0",
    run="20261121T2233Z-3f9c",
    experiment="sni",
    target="news-one.example",
    started="2026-11-21T22:33:00Z",
    ended="2026-11-21T22:34:00Z",
    run_started="2026-11-21T22:33:00Z",
    trials=(TRIAL,),
)


def damaged(**changes):
    """RECORD's line with top-level fields replaced, or left out where the new value is `...`."""
    tree = json.loads(encode_record(RECORD)) | changes
    return json.dumps({key: value for key, value in tree.items() if value is not ...}).encode()


def test_a_record_is_one_line_that_says_its_schema_and_kind():
    """A line begins with its schema number and kind, so that any reader can tell what it is."""
    line = encode_record(RECORD)
    assert line.startswith(b'{"v":1,"kind":"record","id":')
    assert line.endswith(b"}\n")
    assert decode_line(line) == RECORD


def test_an_amend_line_stands_between_records():
    """An amend is told from a record by its kind."""
    amend = Amend(record=RECORD.id, voids=(Void(trial=10_000, reason="residual"),))
    assert json.loads(encode_amend(amend))["v"] == 1
    assert decode_line(encode_amend(amend)) == amend


def test_our_lines_are_told_by_their_beginning():
    """A record and an amend begin as no measurement of OONI's does."""
    assert is_native(encode_record(RECORD))
    assert is_native(encode_amend(Amend(record="r", voids=())))
    assert not is_native(b'{"annotations":{}}')


def test_trial_and_verdict_lines():
    """A trial of the journal and a verdict line read back as themselves."""
    verdict = Verdict(outcome=Outcome.OK, rule="tls.1", rules="1", knowledge="sha256:00")
    assert decode_trial(encode_trial(TRIAL)) == TRIAL
    assert decode_verdict(encode_verdict(verdict)) == verdict


def test_unknown_keys_are_left_unread():
    """A key that a later version added without a new schema number does no harm."""
    assert decode_line(damaged(more={"deep": [1]})) == RECORD


def trials_with(**changes):
    """The JSON of RECORD's trials with fields of the first replaced."""
    return [json.loads(encode_trial(TRIAL)) | changes]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (damaged(v=2), "schema number 2 is newer than this Hushmap reads (1); update Hushmap - at `$.v`"),
        (damaged(v=999_999), "schema number 999999 is newer"),
        (damaged(v=10**400), "schema number above 1000000 is newer"),
        (damaged(v=-(10**400)), "schema number below -1000000 was never in use"),
        (damaged(v=0), "schema number 0 was never in use"),
        (damaged(v=-1), "schema number -1 was never in use"),
        (damaged(v=...), "without a schema number `v` - at `$.v`"),
        (damaged(v="1"), "Expected `int | null`, got `str` - at `$.v`"),
        (damaged(v=2, trials=7, kind="shoal"), "schema number 2 is newer"),
        (damaged(kind="verdict"), "Invalid value 'verdict' - at `$.kind`"),
        (damaged(kind="a\nb"), "Invalid value 'a?b' - at `$.kind`"),
        (damaged(kind=...), "missing required field `kind`"),
        (damaged(id=...), "missing required field `id`"),
        (damaged(trials=trials_with(id="x")), "Expected `int`, got `str` - at `$.trials[0].id`"),
        (damaged(trials=trials_with(id=1.5)), "Expected `int`, got `float` - at `$.trials[0].id`"),
        (damaged(trials=trials_with(role="hero")), "Invalid enum value 'hero' - at `$.trials[0].role`"),
        (
            damaged(trials=trials_with(steps=[{"step": "leap"}])),
            "Invalid value 'leap' - at `$.trials[0].steps[0].step`",
        ),
        (damaged(context={"voids": [{"trial": 1}]}), "missing required field `reason` - at `$.context.voids[0]`"),
        (damaged(context={"f0": None}), "Expected `float`, got `null` - at `$.context.f0`"),
        (b"", "truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
        (encode_record(RECORD) * 2, "trailing characters"),
        (encode_record(RECORD)[:-3], "truncated"),
        (b'{"v":1,"kind":"record","id":"\xff"}', "can't decode byte 0xff"),
        (b'{"v":1,"kind":"record","id":"\\ud800"}', "truncated"),
        (b'{"v":1,"kind":"record","id":"\\ud800","x":"\\u0041"}', "unexpected end of hex escape"),
        (b'{"v":1,"kind":"record","context":{"f0":NaN}}', "malformed"),
        (b'{"v":1e999}', "out of range"),
        (b'{"v":' + b"9" * 10_000 + b"}", "out of range"),
        (b'{"v":1,"kind":"amend","x":' + b"[" * 100_000, "recursion"),
    ],
)
def test_damage_is_told_in_one_line(line, said):
    """Each kind of damage is a ValueError of one short line; damage within a field names its path."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the message is looked at below, as plain text)
        decode_line(line)
    message = str(caught.value)
    assert said in message
    assert message.isprintable()
    assert len(message) <= 300


def test_a_line_beyond_the_bound_is_not_read():
    """A line longer than the bound is refused before it is parsed."""
    with pytest.raises(ValueError, match="longer than"):
        decode_line(b" " * (LINE_LIMIT + 1))


def test_a_line_of_too_many_values_is_not_read():
    """Each takes some forty times its bytes; a long text with as many signs of them as pages have is read."""
    many = b'{"v":1,"kind":"record","x":[' + b"{}," * 1_000_001 + b"{}]}"
    for read in (decode_line, read_ooni, restore):
        with pytest.raises(ValueError, match=r"a line of 30000\d\d bytes holds more than 2000000 values"):
            read(many)
    see_that_it_fits(b'{"body":"' + b"a, b [c] " * 300_000 + b'"}')


def with_context(**changes):
    """RECORD with facts of its context replaced."""
    return msgspec.structs.replace(RECORD, context=msgspec.structs.replace(Context(), **changes))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (with_context(f0=math.nan), "not finite"),
        (with_context(clock_offset=math.inf), "not finite"),
        (msgspec.structs.replace(RECORD, target="\ud800"), "surrogates not allowed"),
        (msgspec.structs.replace(RECORD, v=2), "newer than this Hushmap reads"),
        (msgspec.structs.replace(RECORD, v=0), "never in use"),
        (msgspec.structs.replace(RECORD, annotations={"x": object()}), "unsupported"),
    ],
)
def test_what_would_not_read_back_is_not_written(record, said):
    """NaN (which JSON would make `null`, "unknown"), lone surrogates and foreign schema numbers are refused."""
    with pytest.raises(ValueError, match=said):
        encode_record(record)


def test_an_amend_of_the_future_is_not_written():
    """The schema number of an amend is checked as that of a record."""
    with pytest.raises(ValueError, match="newer"):
        encode_amend(Amend(v=2, record="r", voids=()))


def test_the_word_null_is_written():
    """Text that merely contains `null` passes the check for numbers that are not finite."""
    record = msgspec.structs.replace(RECORD, target="null")
    assert decode_line(encode_record(record)) == record
