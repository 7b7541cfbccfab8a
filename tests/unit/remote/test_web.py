"""Files on web servers: what is followed, what is refused, what is gone on with."""

import gzip
import io
import pickle

import pytest
import requests
import urllib3

from hushmap.remote import web
from hushmap.remote.errors import PassingError
from hushmap.remote.web import AGENT, WebFile, asked_wait, download, one_input, opened, permitted, reason
from hushmap.runs import RunsError
from unit.remote.serving import Answer

TEXT = bytes(range(256)) * 4096


def test_a_file_is_fetched_whole_and_we_say_who_we_are(server):
    """The bytes come as they lie there, and the request names the program."""
    server.files(a=TEXT)
    assert download(f"{server.base}/a", len(TEXT)) == TEXT
    assert server.asked[0].headers["user-agent"] == AGENT
    assert AGENT.startswith("hushmap/")


def test_a_file_that_was_packed_for_the_way_is_unpacked(server):
    """`Content-Encoding` is the way's business; a session that is given is used and left open."""
    server.script(Answer(gzip.compress(b"a,b\n"), headers={"Content-Encoding": "gzip"}))
    with requests.Session() as session:
        assert download(f"{server.base}/a", 100, session=session) == b"a,b\n"
        assert download(f"{server.base}/a", 100, session=session) == b"a,b\n"


def test_a_file_that_is_too_long_is_refused(server):
    """No more than the limit is taken."""
    server.files(a=TEXT)
    with pytest.raises(RunsError, match=r"is longer than 1,000 bytes; see whether the address is right"):
        download(f"{server.base}/a", 1000)


def test_a_download_that_breaks_off_begins_again(server):
    """A cut connection is tried again, and told if it stays so."""
    server.script(Answer(TEXT, cut=10_000), Answer(TEXT))
    assert download(f"{server.base}/a", len(TEXT)) == TEXT
    server.script(Answer(TEXT, cut=10_000))
    with pytest.raises(PassingError, match=r"broke off: .*; see whether this computer is online"):
        download(f"{server.base}/a", len(TEXT))


@pytest.mark.parametrize(
    ("status", "times", "said"),
    [
        (404, 1, r"is not there \(HTTP 404\); check the address"),
        (403, 1, r"may not be read by everyone \(HTTP 403\)"),
        (418, 1, r"answers with HTTP 418"),
        (204, 1, r"answers with HTTP 204"),
        (503, 3, r"is busy \(HTTP 503\); try again later"),
        (302, 1, r"answers with HTTP 302"),
    ],
)
def test_an_answer_that_is_no_file_is_one_line(server, status, times, said):
    """Each names the address and the remedy; only what may pass is tried again."""
    server.script(Answer(status=status))
    with pytest.raises(RunsError, match=said):
        download(f"{server.base}/a", 10)
    assert len(server.asked) == times


def test_who_is_busy_may_say_for_how_long(server):
    """`Retry-After` in seconds is told; anything else there is as if nothing was said."""
    said = []
    server.script(Answer(status=429, headers={"Retry-After": "7"}), Answer(b"x"))
    assert download(f"{server.base}/a", 10, said.append) == b"x"
    assert said == [f"{server.base}/a asks to be left alone for 7 s"]
    server.script(Answer(status=429, headers={"Retry-After": "7200"}))
    with pytest.raises(
        PassingError, match=r"is busy \(HTTP 429\), and asks to be left alone for 7200 s; try again l"
    ):
        download(f"{server.base}/a", 10)
    for text in ("Wed, 21 Oct 2026 07:28:00 GMT", "-1", "", "1e9", "99999999"):
        response = requests.Response()
        response.headers["Retry-After"] = text
        assert asked_wait(response) is None


def test_a_redirect_is_followed(server):
    """A relative redirect leads on; a circle ends."""
    server.answer = lambda asked: (
        Answer(status=302, headers={"Location": "b?x=1"}) if asked.path == "/a" else Answer(b"there")
    )
    assert download(f"{server.base}/a", 10) == b"there"
    assert server.asked[1].query == {"x": "1"}
    server.script(Answer(status=307, headers={"Location": "/a"}))
    with pytest.raises(RunsError, match="redirects more than 5 times"):
        download(f"{server.base}/a", 10)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://files.example/", "leads to http://files.example/, which is not encrypted; use https://"),
        ("ftp://files.example/x", "ftp://files.example/x: is no web address"),
        ("https://user:word@files.example/x", "https://files.example/x: carries a password"),
    ],
)
def test_a_redirect_to_something_less_safe_is_not_followed(server, target, said):
    """Neither to plain http elsewhere, nor to another protocol, nor with somebody's password."""
    server.script(Answer(status=302, headers={"Location": target}))
    with pytest.raises(RunsError, match=said):
        download(f"{server.base}/a", 10)


def test_an_address_elsewhere_cannot_lead_to_this_computer():
    """Only who named loopback gets plain http from it."""
    assert permitted("http://127.0.0.1:8/x") == "http://127.0.0.1:8/x"
    assert permitted("http://[::1]/x", "http://localhost/") == "http://[::1]/x"
    with pytest.raises(RunsError, match=r"leads to http://127\.0\.0\.1/x"):
        permitted("http://127.0.0.1/x", "https://files.example/")


@pytest.mark.parametrize(
    "url",
    ["", "https://", "https:///x", "file:///x", "https://[", "https://a:b/", "https://a.example/\n", "https://a b/"],
)
def test_what_is_no_address_is_one_line(url):
    """Nothing is asked for that cannot be an address."""
    with pytest.raises(RunsError, match=r"is no web address; write e.g."):
        permitted(url)


def test_nobody_there_is_one_line(server):
    """A closed port names the address and asks whether this computer is online."""
    closed = server.base.rpartition(":")[0] + ":1"
    with pytest.raises(PassingError, match=r"127\.0\.0\.1:1/a: cannot be reached: .*refused; see whether"):
        download(f"{closed}/a", 10)


def test_a_certificate_that_nobody_trusts_is_refused(secure, monkeypatch):
    """TLS is checked; with the right roots the same file comes."""
    secure.files(a=b"x")
    with pytest.raises(RunsError, match=r"has no certificate that can be trusted: .*; somebody may stand between"):
        download(f"{secure.base}/a", 10)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure.roots))
    assert download(f"{secure.base}/a", 10) == b"x"


def test_what_requests_refuses_is_one_line(server, monkeypatch):
    """Any other fault of the library names the address."""
    with requests.Session() as session:
        monkeypatch.setattr(session, "get", lambda *_, **__: (_ for _ in ()).throw(requests.exceptions.InvalidURL()))
        with pytest.raises(RunsError, match="cannot be asked for: InvalidURL; check the address"):
            download(f"{server.base}/a", 10, session=session)


def test_an_input_is_told_before_it_is_read(server):
    """Its size is known where the server says it, and its bytes come when it is opened."""
    server.files(**{"a.jsonl": TEXT})
    said = []
    (one,) = one_input(f"{server.base}/a.jsonl", said.append)
    assert (one.name, one.size, one.path, said) == (f"{server.base}/a.jsonl", len(TEXT), None, [])
    with one.open() as file:
        assert file.read() == TEXT


@pytest.fixture
def leading(server):
    """A server whose /a leads to the same server under another name."""
    other = server.base.replace("127.0.0.1", "localhost")
    server.answer = lambda asked: (
        Answer(status=301, headers={"Location": f"{other}/b"}) if asked.path == "/a" else Answer(TEXT)
    )
    return f"{server.base}/a", f"{other}/b"


def test_no_address_leads_to_another_host_by_itself(server, leading):
    """Nothing is sent there: the line names where it leads, so that a person can give that."""
    url, target = leading
    for ask in (lambda: download(url, 10), lambda: [*one_input(url)], lambda: opened(url)):
        with pytest.raises(RunsError, match=f"leads to another host: {target}; give that address yourself"):
            ask()
    assert {asked.path for asked in server.asked} == {"/a"}


def test_whoever_asked_says_whether_an_address_may_lead_elsewhere(server, leading):
    """Asked once before it is followed, with both addresses; the answer holds for the file's other requests."""
    url, target = leading
    asked = []

    def leads(*both):
        asked.append(both)
        return True

    assert download(url, len(TEXT), leads=leads) == TEXT
    (one,) = one_input(url, leads=leads)
    for _ in range(2):
        with one.open() as file:
            assert file.read() == TEXT
    with pickle.loads(pickle.dumps(one)).open() as file:
        assert file.read() == TEXT
    assert asked == [(url, target)] * 2


def test_a_file_that_breaks_off_at_the_other_host_is_gone_on_with(server, leading):
    """The host that was let pass is not asked about again."""
    url, target = leading
    asked = []
    led = server.answer
    server.answer = lambda request: led(request) if request.path == "/a" else _ranged(request, cut=300_000)
    (one,) = one_input(url, leads=lambda *both: asked.append(both) or True)
    with one.open() as file:
        assert file.read() == TEXT
    assert asked == [(url, target)]


def test_what_was_asked_for_to_see_it_is_what_is_read(server, monkeypatch):
    """One request for an input that is opened once, soon; one that waited is asked for anew."""
    server.files(a=TEXT)
    (one,) = one_input(f"{server.base}/a")
    with one.open() as file:
        assert file.read() == TEXT
    assert len(server.asked) == 1
    (one,) = one_input(f"{server.base}/a")
    monkeypatch.setattr(web, "FRESH", -1.0)
    with one.open() as file:
        assert file.read() == TEXT
    assert len(server.asked) == 3


def test_waiting_is_told_while_an_input_is_read(server):
    """A connection that breaks off in the middle is a line, as at the beginning."""
    said = []
    server.answer = lambda asked: _ranged(asked, cut=300_000)
    (one,) = one_input(f"{server.base}/a", said.append)
    with one.open() as file:
        file.read()
    assert said[0].startswith(f"{server.base}/a: broke off at byte 300,000")


def test_reading_goes_on_where_it_broke_off(server):
    """A file with an ETag is asked for from the byte at which it broke off."""
    server.answer = lambda asked: _ranged(asked, cut=300_000)
    with opened(f"{server.base}/a") as file:
        assert file.read() == TEXT
    assert [asked.headers.get("range") for asked in server.asked][:2] == [None, "bytes=300000-"]
    assert server.asked[1].headers["if-range"] == '"1"'


def _ranged(asked, cut, etag='"1"'):
    begin = int(asked.headers.get("range", "bytes=0-")[6:-1])
    headers = {"ETag": etag}
    if begin:
        headers["Content-Range"] = f"bytes {begin}-{len(TEXT) - 1}/{len(TEXT)}"
    return Answer(TEXT[begin:], 206 if begin else 200, headers, cut)


def test_a_file_that_changed_is_not_put_together(server):
    """Another ETag, or a range that was not asked for, ends the reading."""
    server.script(Answer(TEXT, headers={"Last-Modified": "yesterday"}, cut=300_000), Answer(TEXT))
    with opened(f"{server.base}/a") as file, pytest.raises(RunsError, match="changed while it was read; begin again"):
        file.read()
    wrong = Answer(TEXT, 206, {"Content-Range": "bytes 5-9/10"})
    server.script(Answer(TEXT, headers={"ETag": '"1"'}, cut=300_000), wrong)
    with opened(f"{server.base}/a") as file, pytest.raises(RunsError, match="changed while it was read; begin again"):
        file.read()


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"1"'}])
def test_what_cannot_be_told_the_same_is_not_gone_on_with(server, headers):
    """Without a strong mark of sameness nothing is put together."""
    server.script(Answer(TEXT, headers=headers, cut=300_000))
    with (
        opened(f"{server.base}/a") as file,
        pytest.raises(RunsError, match="broke off at byte 300,000, and its serv"),
    ):
        file.read()


def test_a_file_that_is_not_there_opens_nothing(server):
    """The error comes when it is opened; a closed file may be closed again."""
    server.script(Answer(status=404))
    with pytest.raises(RunsError, match="is not there"):
        opened(f"{server.base}/a")
    server.script(Answer(b"x", headers={"Content-Length": None}))
    file = WebFile(f"{server.base}/a")
    assert (file.size, file.readable(), isinstance(file, io.RawIOBase)) == (None, True, True)
    file.close()
    file.close()


def test_the_cause_is_what_is_said():
    """The innermost cause that is an error, in the system's words where it has some."""
    refused = ConnectionRefusedError(111, "Connection refused")
    wrapped = requests.ConnectionError(urllib3.exceptions.ProtocolError("aborted", refused))
    assert reason(requests.ConnectionError(urllib3.exceptions.ProtocolError(refused))) == "Connection refused"
    assert reason(wrapped)
    assert reason(requests.Timeout()) == "Timeout"
