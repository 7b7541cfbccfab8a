"""Measurements are fetched once each, on from where it stopped, whatever the list does meanwhile."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.remote import harvest, ooni_api
from hushmap.remote.errors import PassingError
from hushmap.remote.harvest import gather
from hushmap.remote.ooni_api import Api, Query
from hushmap.remote.spool import Spool
from hushmap.runs import RunsError
from unit.remote.api import FakeApi
from unit.remote.serving import Answer, Asked

QUERY = Query(country="XE", since="2026-01-01", until="2026-02-01")


def some(count, minute=0):
    """Measurements a second apart."""
    return [(f"u{minute}-{number:03}", f"2026-01-02T00:{minute:02}:{number % 60:02}.5Z") for number in range(count)]


@pytest.fixture
def small(monkeypatch):
    """Pages of three."""
    monkeypatch.setattr(ooni_api, "PAGE", 3)


@pytest.fixture
def fetch(server, tmp_path):
    """Fetch from a fake API into a file; whether complete, and the ids in the file."""

    def fetched(fake, limit=1000, tell=lambda _: None):
        server.answer = fake
        path = tmp_path / "x.jsonl"
        with Api(server.base, pace=lambda: None) as api, Spool(path, QUERY) as spool:
            complete = gather(api, QUERY, spool, limit, tell)
        return complete, ids(path)

    return fetched


def ids(path):
    """Ids in a file."""
    return [json.loads(line)["measurement_uid"] for line in path.read_bytes().splitlines()]


def test_all_pages_are_fetched(fetch, small):
    """Every measurement of the list comes once, oldest first, and how far it is is told."""
    told = []
    fake = FakeApi(some(10))
    complete, found = fetch(fake, tell=told.append)
    assert (complete, found) == (True, [uid for uid, _ in some(10)])
    assert [one.written for one in told] == list(range(1, 11))
    assert told[-1].came > sum(len(uid) for uid in found)


def test_a_limit_is_kept_and_can_be_raised(fetch, small):
    """No more than so many are fetched; a larger limit goes on."""
    fake = FakeApi(some(7))
    assert fetch(fake, 4) == (False, [uid for uid, _ in some(4)])
    assert fetch(fake, 4)[0] is False
    assert fetch(fake, 100) == (True, [uid for uid, _ in some(7)])


def test_a_list_that_grows_meanwhile_gives_nothing_twice(fetch, small):
    """Measurements that appear before and behind the place where we are shift places, not what is fetched."""
    fake = FakeApi(some(9))

    def grow(asked):
        if asked.path.endswith("measurements") and fake.pages < 4:
            fake.measurements.append((f"early{fake.pages}", "2026-01-01T00:00:00Z"))
            fake.measurements.append((f"late{fake.pages}", f"2026-01-03T00:00:0{fake.pages}Z"))

    fake.meddle = grow
    complete, found = fetch(fake)
    assert complete
    assert len(found) == len(set(found))
    assert {uid for uid, _ in some(9)} | {f"late{number}" for number in range(4)} <= set(found)


def test_a_list_that_shrinks_meanwhile_loses_nothing_else(fetch, small):
    """A measurement that vanishes from the list does not drag its neighbour along."""
    fake = FakeApi(some(9))

    def shrink(asked):
        if asked.path.endswith("measurements") and fake.pages in {1, 2}:
            del fake.measurements[0]

    fake.meddle = shrink
    assert fetch(fake) == (True, [uid for uid, _ in some(9)])


def test_a_second_that_holds_more_than_a_page_is_fetched_whole(fetch, small):
    """Within one second places are counted."""
    crowd = [(f"u{number:02}", "2026-01-02T00:00:00.1Z") for number in range(11)]
    later = ("v", "2026-01-02T00:00:09Z")
    assert fetch(FakeApi([*crowd, later])) == (True, [*(uid for uid, _ in crowd), "v"])


def test_what_cannot_be_had_is_left_out_and_told(fetch):
    """An empty answer, a broken one and none: each is told, and not asked for again."""
    fake = FakeApi(some(5), bodies={"u0-001": b"{}", "u0-002": b"<html>"})
    fake.meddle = lambda asked: Answer(status=404) if asked.query.get("measurement_uid") == "u0-003" else None
    told = []
    assert fetch(fake, tell=told.append) == (True, ["u0-000", "u0-004"])
    assert told[-1].missing == 3


def test_what_was_not_asked_for_is_not_fetched(fetch):
    """Another time, no time, no id, an id that is an address: left out."""
    odd = [
        ("before", "2025-12-31T23:59:59.9Z"),
        ("after", "2026-02-01T00:00:00Z"),
        ("a/../b", "2026-01-02T00:00:00Z"),
    ]
    assert fetch(FakeApi([*odd, ("good", "2026-01-01T00:00:00Z")])) == (True, ["good"])


def test_a_list_that_repeats_itself_ends(fetch, small, monkeypatch):
    """An API that ignores where we are is given up with one line; what came is kept."""
    monkeypatch.setattr(harvest, "PATIENCE", 4)
    page = {"results": [{"measurement_uid": "a", "measurement_start_time": "2026-01-02T00:00:00Z"}] * 3}
    fake = FakeApi()
    fake.meddle = lambda asked: Answer(json.dumps(page).encode()) if asked.path.endswith("ments") else None
    with pytest.raises(RunsError, match="4 pages brought nothing new; see whether the API has changed"):
        fetch(fake)


def test_a_connection_that_is_cut_is_no_loss(fetch, small):
    """Every third answer is cut short or refused once; all comes in the end."""
    count = [0]

    def cut(asked):
        count[0] += 1
        if count[0] % 3 == 0:
            return Answer(b"{" * 100, cut=10) if count[0] % 2 else Answer(status=429, headers={"Retry-After": "1"})
        return None

    fake = FakeApi(some(10), meddle=cut)
    assert fetch(fake) == (True, [uid for uid, _ in some(10)])


def test_a_network_that_goes_down_leaves_what_came(fetch, small, tmp_path):
    """The error says so; the same again goes on, and asks for nothing that is there."""
    fake = FakeApi(some(10))
    asked_for = []

    def down(asked):
        uid = asked.query.get("measurement_uid")
        asked_for.append(uid)
        return Answer(status=503) if uid == "u0-006" and asked_for.count(uid) < 4 else None

    fake.meddle = down
    with pytest.raises(PassingError, match="is busy"):
        fetch(fake)
    assert ids(tmp_path / "x.jsonl") == [uid for uid, _ in some(6)]
    assert fetch(fake) == (True, [uid for uid, _ in some(10)])
    assert asked_for.count("u0-003") == 1


class Killed(BaseException):
    """As much of a kill as can be had without one."""


@settings(max_examples=12)
@given(st.lists(st.integers(1, 5), max_size=4), st.integers(0, 200), st.booleans())
def test_killed_at_any_moment_it_goes_on_without_doubles(tmp_path_factory, after, torn, half):
    """However often it ends, with torn ends of file and state: in the end each measurement is there once."""
    path = tmp_path_factory.mktemp("killed") / "x.jsonl.zst"
    fake = FakeApi(some(5))
    for steps in [*after, 10**6]:
        left = [steps]

        def tell(_, left=left):
            left[0] -= 1
            if not left[0]:
                raise Killed

        spool = Spool(path, QUERY)
        try:
            assert gather(Direct(fake), QUERY, spool, 1000, tell)
        except Killed:
            spool.close()
            with path.open("ab") as file:
                file.write(b"\x28" * torn)
            if half:
                with spool.state_path.open("ab") as file:
                    file.write(b'{"kind":"got"')
        spool.close()
    data = zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True).read()
    found = [json.loads(line)["measurement_uid"] for line in data.splitlines()]
    assert found == [uid for uid, _ in some(5)]


class Direct(Api):
    """The API without a network in between."""

    def __init__(self, fake):
        super().__init__("http://127.0.0.1", pace=lambda: None)
        self._fake = fake

    def _get(self, url, limit):
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return self._fake(Asked(parts.path, query, {})).body
