"""OONI's API: what is asked, how often, and what is made of odd answers."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.remote.errors import GoneError, PassingError
from hushmap.remote.ooni_api import PAGE, Api, Entry, Pace, Page, Query, moment
from hushmap.runs import RunsError
from unit.remote.api import FakeApi, body
from unit.remote.serving import Answer

QUERY = Query(country="XE", since="2026-01-01", until="2026-02-01", domain="site.example")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def api(server):
    """The API on loopback, without pauses."""
    server.answer = FakeApi([("20260101000000.1_XE_webconnectivity_a", "2026-01-01T00:00:00.000000Z")])
    with Api(server.base + "/", pace=lambda: None) as made:
        yield made


def test_how_many_match_is_asked_first(api, server):
    """The count is asked for by country, test, days and domain."""
    assert api.count(QUERY) == 1
    (asked,) = server.asked
    assert (asked.path, asked.query) == (
        "/api/v1/aggregation",
        {"probe_cc": "XE", "test_name": "web_connectivity", "domain": "site.example"}
        | {"since": "2026-01-01", "until": "2026-02-01"},
    )
    assert api.came == len(b'{"result": {"measurement_count": 1}}')


@pytest.mark.parametrize("answer", [Answer(b"{}"), Answer(b"[" * 5000), Answer(status=404), Answer(status=400)])
def test_a_count_that_is_not_told_is_none(api, server, answer):
    """An API without that answer can still be fetched from; one that is busy cannot."""
    server.script(answer)
    assert api.count(QUERY) is None
    server.script(Answer(status=502))
    with pytest.raises(PassingError, match="is busy"):
        api.count(QUERY)


def test_a_page_is_asked_oldest_first(api, server):
    """The words of the question, its time and place; what is not known is left alone."""
    page = api.page(QUERY, BEGIN, 200)
    assert server.asked[0].query == {
        "probe_cc": "XE", "test_name": "web_connectivity", "domain": "site.example",
        "since": "2026-01-01T00:00:00", "until": "2026-02-01T00:00:00",
        "order_by": "measurement_start_time", "order": "asc", "limit": str(PAGE), "offset": "200",
    }  # fmt: skip
    assert page.last
    (entry,) = api.page(QUERY, BEGIN, 0).results
    assert (entry.uid, entry.started) == ("20260101000000.1_XE_webconnectivity_a", BEGIN)


@pytest.mark.parametrize("data", [b"", b"<html>", b'{"results":{}}', b'{"results":[1]}', b"[" * 9000])
def test_an_answer_that_is_not_understood_is_one_line(api, server, data):
    """It names the address and says that the API may have changed."""
    server.script(Answer(data))
    with pytest.raises(RunsError, match=r"/api/v1/measurements\?.*: answers something else: .*see whether the API"):
        api.page(QUERY, BEGIN, 0)


def test_a_measurement_comes_as_it_was_published(api, server):
    """One line of the same JSON; a single line keeps its bytes."""
    line = api.measurement("a_1")
    assert (line.count(b"\n"), json.loads(line)) == (1, body("a_1"))
    server.script(Answer(b' {"a":  "\\ud800"}\n'))
    assert api.measurement("a_1") == b'{"a":  "\\ud800"}\n'
    server.script(Answer(b'{\n"a": "\\ud800"\n}'))
    assert api.measurement("a_1") == b'{"a":"\\ud800"}\n'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"{}"), "is empty"),
        (Answer(b""), "is no measurement"),
        (Answer(b"[1]"), "is no measurement"),
        (Answer(b'{"a":\n'), "is no measurement"),
        (Answer(b'{"a":' * 5000), "is no measurement"),
        (Answer(status=404), r"is not there \(HTTP 404\)"),
    ],
)
def test_a_measurement_that_is_not_there_is_told(api, server, answer, said):
    """In the list and nowhere else: told, not guessed."""
    server.script(answer)
    with pytest.raises(GoneError, match=said):
        api.measurement("a_1")


def test_no_more_than_a_request_a_second():
    """Each request has its turn; who came late waits for nobody."""
    time, slept = [100.0], []

    def sleep(seconds):
        slept.append(seconds)
        time[0] += seconds

    pace = Pace(1.0, lambda: time[0], sleep)
    for _ in range(3):
        pace()
    time[0] += 0.25
    pace()
    time[0] += 5
    pace()
    assert slept == [1.0, 1.0, 0.75]


def test_each_attempt_waits_its_turn(server):
    """What is tried again is paced too, and a busy API's wish is told."""
    turns, said = [], []
    server.script(Answer(status=429, headers={"Retry-After": "9"}), Answer(b'{"results":[]}'))
    with Api(server.base, said.append, lambda: turns.append(1)) as api:
        assert api.page(QUERY, BEGIN, 0).results == ()
    assert len(turns) == 2
    assert len(said) == 1
    assert said[0].endswith("asks to be left alone for 9 s")


def test_odd_entries_have_no_id_or_no_time():
    """What cannot be asked for, or be put in order, is seen."""
    assert [Entry(measurement_uid=uid).uid for uid in ("a/b", "", None, "x" * 121)] == [None] * 4
    times = ("", None, "soon", "0001-01-01T00:00:00+23:59", "2026-01-01 00:00:00")
    assert [Entry(measurement_start_time=text).started for text in times] == [None, None, None, None, BEGIN]
    assert moment("2026-01-01T01:00:00+01:00") == BEGIN
    entries = tuple(Entry() for _ in range(PAGE))
    assert [Page(entries).last, Page(entries[1:]).last, Page(()).last] == [False, True, True]


@given(st.text())
def test_any_text_is_a_time_or_none(text):
    """No text in the place of a time breaks anything."""
    assert Entry(measurement_start_time=text).started is None or len(text) >= 7


class _Said(Api):
    """The API without a network, which always says the same."""

    def __init__(self, data):
        super().__init__("https://api.example", pace=lambda: None)
        self.data = data

    def _get(self, url, limit):
        return self.data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ODD = st.builds(
    lambda value, known, name: json.dumps(known | {name: value}).encode(),
    JSON,
    st.fixed_dictionaries({}, optional={"results": JSON, "metadata": JSON, "result": JSON}),
    st.sampled_from(("results", "metadata", "result", "x")),
)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()) | ODD)
def test_any_answer_is_understood_or_one_line(data):
    """Whatever the API says: a page, a count, a measurement on one line, or one of our errors."""
    with _Said(data) as api:
        with contextlib.suppress(RunsError):
            page = api.page(QUERY, BEGIN, 0)
            assert all(entry.uid is None or entry.uid for entry in page.results)
        count = api.count(QUERY)
        assert count is None or isinstance(count, int)
        with contextlib.suppress(GoneError):
            line = api.measurement("a")
            assert (line.count(b"\n"), isinstance(json.loads(line), dict)) == (1, True)
