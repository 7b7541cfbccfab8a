"""OONI measurements as records."""

import hashlib
import json
import re
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import foreign
from foreign import ADDRESS, T0, URL
from hushmap.codec import LINE_LIMIT, decode_any, encode_amend, encode_record, read_ooni, read_ooni_lines, write_ooni
from hushmap.model import (
    Amend,
    Ask,
    Claim,
    Connect,
    Context,
    Layer,
    Record,
    Software,
    Source,
    Trial,
    Vantage,
    Void,
)


def read(**fields):
    """The record of a measurement with some fields replaced, or left out where the value is `...`."""
    value = foreign.tree(**fields.pop("keys", {})) | fields
    return read_ooni(foreign.line({key: value for key, value in value.items() if value is not ...}))


def test_a_record():
    """Every field of the head arrives; t = 0 is the measurement's start."""
    value = foreign.tree(control=foreign.control()) | {
        "measurement_uid": "uid-1",
        "probe_network_name": "Net-A",
        "resolver_ip": "198.51.100.53",
        "resolver_asn": "AS64502",
        "annotations": {"platform": "linux", "attempt": 7},
        "test_runtime": 61.7,
    }
    line = foreign.line(value)
    found = read_ooni(line + b"\r\n", file="a.jsonl", offset=7)
    assert msgspec.structs.replace(found, trials=()) == Record(
        id="uid-1",
        run="report-1",
        experiment="web_connectivity",
        target=URL,
        started=T0,
        ended="2026-11-21T22:34:01Z",
        run_started=T0,
        vantage=Vantage(
            country="XA",
            asn=64501,
            network="Net-A",
            resolver="198.51.100.53",
            resolver_asn=64502,
            known=dict.fromkeys(("country", "asn", "network", "resolver", "resolver_asn"), "looked_up"),
        ),
        software=Software(name="miniooni", version="3.25.0"),
        context=Context(helper=foreign.HELPER),
        annotations={"platform": "linux", "test_version": "0.5.28"},
        source=Source(file="a.jsonl", offset=7, uid="uid-1", sha256=hashlib.sha256(line).hexdigest(), claim=Claim()),
    )
    assert [trial.side for trial in found.trials] == ["helper", "helper"]
    assert decode_any(encode_record(found), file="x", offset=0) == found


def test_lines_without_a_digest():
    """A line that is only judged is not hashed; where its hash is the record's id it is."""
    named, bare = foreign.line(foreign.tree() | {"measurement_uid": "uid-1"}), foreign.line(foreign.tree())
    full = read_ooni(named, offset=7)
    short, hashed = read_ooni_lines([(named, 7), (bare, 9)], digest=False)
    assert short.source == msgspec.structs.replace(full.source, sha256="")
    assert msgspec.structs.replace(short, source=full.source) == full
    assert hashed == read_ooni(bare, offset=9)


def test_lines_together_are_what_they_are_alone():
    """Bad ones, other tests and our own exports among them change nothing for the others."""
    good = [foreign.line(foreign.tree(control=foreign.control()) | {"measurement_uid": f"uid-{n}"}) for n in range(4)]
    other = foreign.line({"test_name": "ndt", "measurement_start_time": foreign.STARTED})
    own = write_ooni(Record(id="r-0", run="r", experiment="web", target=URL, started=T0, ended=T0, run_started=T0))
    bad = [b"{", foreign.line(foreign.tree(queries=7)), foreign.line(foreign.tree() | {"input": ""})]
    lines = [bad[0], good[0], other, bad[1], good[1], own, good[2], bad[2], good[3]]
    found = read_ooni_lines([(line, place) for place, line in enumerate(lines)], file="a.jsonl")
    for place, (line, one) in enumerate(zip(lines, found, strict=True)):
        if isinstance(one, Record):
            assert one == read_ooni(line, file="a.jsonl", offset=place)
        else:
            with pytest.raises(ValueError, match=re.escape(one)):
                read_ooni(line)
    assert [isinstance(one, str) for one in found] == [line in bad for line in lines]


def test_the_least_of_a_record():
    """A name and a time make a record; its id is that of its bytes."""
    line = foreign.line({"test_name": "ndt", "measurement_start_time": foreign.STARTED})
    sha256 = hashlib.sha256(line).hexdigest()
    assert read_ooni(line) == Record(
        id=f"ooni-{sha256[:32]}",
        run="",
        experiment="ndt",
        target="",
        started=T0,
        ended=T0,
        run_started=T0,
        software=Software(name=""),
        source=Source(file="", offset=0, uid="", sha256=sha256),
    )


def test_other_tests_are_records_without_trials():
    """Nothing of them is read but the head."""
    found = read(test_name="telegram", input=None, test_helpers=[], keys={"blocking": "dns", "queries": 7})
    assert (found.experiment, found.target, found.trials, found.source.claim) == ("telegram", "", (), None)
    found = read(test_name="telegram", keys={"blocking": "dns", "control": foreign.control()})
    assert (found.trials, found.source.claim, found.context) == ((), None, Context())


@pytest.mark.parametrize("keys", [None, ...])
def test_a_measurement_without_test_keys(keys):
    """Nothing was tried, and nothing claimed."""
    found = read(test_keys=keys, input=...)
    assert (found.trials, found.source.claim, found.target) == ((), None, "")


@pytest.mark.parametrize("target", [None, "", ...])
def test_a_measurement_of_nothing(target):
    """Trials need something that they are about."""
    with pytest.raises(ValueError, match=r"- at `\$\.input`$"):
        read(input=target)


@pytest.mark.parametrize(
    ("text", "started"),
    [
        ("2026-11-21 22:33:00", T0),
        ("2026-11-21T22:33:00Z", T0),
        ("2026-11-21 22:33:00.999999", T0),
        ("2026-11-22 00:33:00+02:00", T0),
        ("0001-01-01 00:00:00", "0001-01-01T00:00:00Z"),
    ],
)
def test_times(text, started):
    """As all probes write them, and as some program may have rewritten them."""
    assert read(measurement_start_time=text).started == started


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01 00:00:00",
        "0001-01-01 00:00:00+02:00",
        "1" * 400,
        "2026-11-21 22:33:00" + "0" * 30,
        "2026-11-21",
    ],
)
def test_times_that_are_none(text):
    """The place is told."""
    with pytest.raises(ValueError, match=r"is no time - at `\$\.measurement_start_time`$"):
        read(measurement_start_time=text)


@pytest.mark.parametrize(
    ("runtime", "ended"),
    [(None, T0), (0.9, T0), (-5, T0), (1, "2026-11-21T22:33:01Z"), (59.99, "2026-11-21T22:33:59Z")],
)
def test_run_times(runtime, ended):
    """Clocks that were set back make none negative."""
    assert read(test_runtime=runtime).ended == ended


def test_a_run_time_beyond_the_calendar():
    """It is damage."""
    with pytest.raises(ValueError, match=r"- at `\$\.test_runtime`$"):
        read(measurement_start_time="9999-12-31 23:59:59", test_runtime=2.0)
    with pytest.raises(ValueError, match=r"- at `\$\.test_runtime`$"):
        read(test_runtime=1e12)


def test_what_is_not_known_of_the_vantage():
    """OONI's words for "unknown" are nothing; so is what is absent."""
    nothing = {"probe_network_name": "", "resolver_ip": "", "resolver_asn": "AS0"}
    assert read(probe_cc="ZZ", probe_asn="AS0", **nothing).vantage == Vantage()
    assert read(probe_cc=None, probe_asn=...).vantage == Vantage()
    assert read(probe_cc="", probe_asn="").vantage == Vantage()
    assert read(probe_cc="de", probe_asn=64501).vantage.country == "DE"
    assert read(probe_cc="zz", probe_asn=64501).vantage.asn == 64501
    assert read(probe_asn="as64501").vantage.asn == read(probe_asn="64501").vantage.asn == 64501


def test_the_resolver_of_old_probes():
    """It stood among the test keys."""
    assert read(keys={"client_resolver": "198.51.100.53"}).vantage.resolver == "198.51.100.53"
    assert read(resolver_ip="192.0.2.53", keys={"client_resolver": "198.51.100.53"}).vantage.resolver == "192.0.2.53"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("probe_asn", "ASX"),
        ("probe_asn", "AS"),
        ("probe_asn", "AS-1"),
        ("probe_asn", "AS\u0661"),
        ("probe_asn", "AS4294967296"),
        ("probe_asn", -1),
        ("probe_asn", 1.5),
        ("resolver_asn", "AS" + "9" * 5000),
        ("probe_cc", "Germany"),
        ("probe_cc", "D1"),
        ("probe_cc", "ÄÖ"),
        ("probe_cc", 49),
        ("annotations", []),
        ("annotations", {"a": []}),
        ("test_helpers", []),
        ("input", ["http://a.example/"]),
        ("test_version", 5),
    ],
)
def test_what_does_not_fit(field, value):
    """The place is told."""
    with pytest.raises(ValueError, match=r"- at `\$\." + field) as caught:
        read(**{field: value}, keys={"control": foreign.control()})
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("keys", "claim"),
    [
        ({"blocking": "dns", "accessible": False}, Claim(blocking="dns", accessible=False)),
        ({"blocking": False, "accessible": True}, Claim(blocking=False, accessible=True)),
        ({"blocking": 0, "accessible": 1}, Claim(blocking=False, accessible=True)),
        ({"blocking": None, "accessible": None}, Claim()),
        ({}, Claim()),
    ],
)
def test_claims(keys, claim):
    """What its maker concluded is kept as it is."""
    found = read(keys=keys).source.claim
    assert found == claim
    assert [type(found.blocking), type(found.accessible)] == [type(claim.blocking), type(claim.accessible)]


@pytest.mark.parametrize(
    ("helpers", "helper"),
    [
        ({"backend": {"address": "https://th.example", "type": "https"}}, "https://th.example"),
        ({"backend": "httpo://th.example"}, "httpo://th.example"),
        ({}, None),
        (None, None),
        (..., None),
    ],
)
def test_the_helper(helpers, helper):
    """Its address, where it answered."""
    assert read(test_helpers=helpers, keys={"control": foreign.control()}).context == Context(helper=helper)
    assert read(test_helpers=helpers).context == Context()
    failed = {"control": foreign.control(), "control_failure": "eof_error"}
    assert read(test_helpers=helpers, keys=failed).context == Context()


def test_all_trials_of_a_record_have_ids_of_their_own():
    """Lookups, contacts and the helper's, whatever their transactions."""
    same = {"transaction_id": 7}
    found = read(
        keys={
            "queries": [foreign.query(ADDRESS, **same), foreign.query(ADDRESS)],
            "x_dns_duplicate_responses": [foreign.query(ADDRESS, hostname="x.example", transaction_id=8)],
            "tcp_connect": [foreign.tcp(**same), foreign.tcp(transaction_id=60001)],
            "requests": [foreign.request(**same), foreign.request()],
            "control": foreign.control(tcp_connect={f"{ADDRESS}:443": {"status": True}}),
        }
    )
    assert len({trial.id for trial in found.trials}) == len(found.trials) == 9
    found = read(keys={"queries": None, "x_dns_duplicate_responses": [foreign.query(ADDRESS)]})
    assert found.trials[0].resolves[0].addresses == (ADDRESS,)


def test_an_idn_target_is_one_host():
    """The target in its own script, the probe's URL in A-labels."""
    a_label = "xn--e1afmkfd.xn--80akhbyknj4f"
    found = read(
        input="http://пример.испытание/",
        keys={
            "queries": [foreign.query(ADDRESS, hostname=a_label)],
            "tcp_connect": [foreign.tcp(port=80)],
            "requests": [foreign.request(url=f"http://{a_label}/")],
            "control": foreign.control(),
        },
    )
    assert {trial.ask.name or trial.ask.host for trial in found.trials[:2]} == {a_label}
    assert found.trials[3].ask.name == a_label


def test_a_redirect_to_a_strange_url_is_no_damage():
    """Its text is kept."""
    for url in ("http://[::1", "javascript:1", "http://" + "a" * 300, "//"):
        assert read(keys={"requests": [foreign.request(url=url)]}).trials[0].fetch.url == url


def test_a_line_of_ours_is_told_from_one_of_theirs():
    """Our records and amends, our exports, and OONI's measurements each take their own way."""
    record = Record(id="r-0", run="r", experiment="web", target=URL, started=T0, ended=T0, run_started=T0)
    assert decode_any(encode_record(record), file="x", offset=0) == record
    amend = Amend(record="r-0", voids=(Void(trial=1, reason="residual"),))
    assert decode_any(encode_amend(amend), file="x", offset=0) == amend
    exported = decode_any(write_ooni(record), file="x", offset=3)
    assert msgspec.structs.replace(exported, source=None) == record
    assert (exported.source.file, exported.source.offset) == ("x", 3)
    foreign_record = decode_any(foreign.line(foreign.tree()), file="x", offset=5)
    assert (foreign_record.source.file, foreign_record.source.offset) == ("x", 5)


def test_an_export_of_ours_beyond_what_ooni_has():
    """A record whose times are no probe's is restored all the same, and damage to it is told."""
    step = Connect(t0=2e9, t=2e9, address=ADDRESS, port=443)
    trial = Trial(id=1, ask=Ask(layer=Layer.TCP, address=ADDRESS, port=443), steps=(step,), t0=2e9, t=2e9)
    record = Record(
        id="r-0", run="r", experiment="web", target=URL, started=T0, ended=T0, run_started=T0, trials=(trial,)
    )
    line = write_ooni(record)
    assert msgspec.structs.replace(read_ooni(line), source=None) == record
    value = json.loads(line)
    value["test_keys"]["x_hushmap_trials"] = 7
    with pytest.raises(ValueError, match="x_hushmap_trials"):
        read_ooni(foreign.line(value))


def test_a_line_that_is_too_long():
    """It is not looked at."""
    with pytest.raises(ValueError, match="longer than"):
        read_ooni(b" " * (LINE_LIMIT + 1))


@given(st.from_regex(r"[0-9]{4}[-W0-9T :.+Z]{1,5}[-W0-9T :.+Z]{1,10}", fullmatch=True) | st.datetimes().map(str))
@example("2026-W01-1 00:00:00")
@example("20261121 223300.000")
@example("2026-11-21 22:33+01")
def test_a_time_is_read_as_it_stands_or_not_at_all(text):
    """Whatever Python's own reader would take: a date, a clock, and what they say."""
    try:
        found = read(measurement_start_time=text).started
    except ValueError:
        return
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo is None else moment.astimezone(UTC)
    assert found == moment.isoformat()[:19] + "Z"
    assert re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", text, re.ASCII)
