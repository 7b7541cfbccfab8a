"""`hushmap explore`: what is opened, where it is shown, and when it is not."""

import pytest

from elsewhere import FAR, HOME, NEAR, by_pairs, seen
from hushmap.cli import explore
from hushmap.cli.explore import Find
from hushmap.cli.finding import records_at
from hushmap.cli.given import given
from hushmap.cli.report_together import together
from hushmap.codec import encode_record
from hushmap.model import Knowledge
from hushmap.report.explore import serving
from unit.archive.kept import add, line
from unit.report.explore.explored import asked


@pytest.fixture
def served(monkeypatch):
    """What was to be served, with which address; nothing is."""
    found = []

    def serve(application, host, port, ready):
        found.append((application, host, port))
        ready(f"http://{host}:{port}/")

    monkeypatch.setattr(serving, "serve", serve)
    return found


@pytest.fixture
def some(home):
    """A file of two measurements."""
    path = home / "some.jsonl"
    path.write_bytes(line("a.example") + line("b.example"))
    return path


def test_the_address_is_the_result_and_the_browser_opens_it_if_asked(hushmap, some, served, monkeypatch):
    """On this computer, at a port that stays the same; how much there is stands beside."""
    opened = []
    monkeypatch.setattr(explore.webbrowser, "open", opened.append)
    done = hushmap("explore", some, "--open")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"http://127.0.0.1:{explore.PORT}/\n" == f"{opened[0]}\n"
    assert "2 measurements. Ctrl-C stops it." in done.stderr
    assert served[0][1:] == ("127.0.0.1", explore.PORT)


def test_what_was_opened_is_named_without_its_folders(hushmap, some, served):
    """The pages may be shown, and folders carry the names of people."""
    folder = some.parent / "maria b"
    folder.mkdir()
    some.rename(folder / some.name)
    done = hushmap("explore", folder / some.name)
    assert done.exit_code == 0, done.output
    page = asked(served[0][0], "/data")[0].text
    assert "hushmap explore some.jsonl<" in page
    assert "maria" not in page


def test_another_address_is_refused_unless_told(hushmap, some, served):
    """What was not published is shown to this computer only."""
    refused = hushmap("explore", some, "--host", "192.0.2.7")
    assert refused.exit_code == 2
    assert "--allow-unpublished" in refused.stderr
    assert served == []
    folder = some.parent / "own.hush"
    folder.mkdir()
    (folder / some.name).write_bytes(some.read_bytes())
    assert hushmap("explore", folder, "--host", "192.0.2.7").exit_code == 2, "a folder so called is no published copy"
    for every in ("", "0.0.0.0", "::"):
        assert "every address" in hushmap("explore", some, "--host", every, "--allow-unpublished").stderr
    assert served == []
    told = hushmap("explore", some, "--host", "192.0.2.7", "--allow-unpublished")
    assert told.exit_code == 0, told.output
    assert "nobody is asked for a password" in told.stderr


def test_an_archive_keeps_what_the_explorer_counts_by(hushmap, some, home, served):
    """The first time it is told that it takes a while."""
    add(home / "archive", some)
    first, second = (hushmap("explore", "archive") for _ in range(2))
    assert "read once for the explorer" in first.stderr
    assert "read once" not in second.stderr
    assert (home / "archive" / "derived" / "explore.parquet").is_file()


def test_nothing_measured_is_told(hushmap, home, served):
    """An archive without a verdict has nothing to roam."""
    path = home / "none.jsonl"
    path.write_bytes(b"")
    done = hushmap("explore", path)
    assert done.exit_code == 2
    assert served == []


def test_an_address_that_is_taken_is_told_with_the_remedy(hushmap, some, monkeypatch):
    """Another port is one option away."""

    def taken(*_):
        raise OSError("the address cannot be used")

    monkeypatch.setattr(serving, "serve", taken)
    done = hushmap("explore", some)
    assert done.exit_code == 2
    assert "--port" in done.stderr


def test_what_is_not_installed_is_told(hushmap, some, monkeypatch):
    """With the command that installs it."""

    def missing(*_, **__):
        raise ModuleNotFoundError("no", name="starlette.routing")

    monkeypatch.setattr("hushmap.report.explore.opening.explorer", missing)
    done = hushmap("explore", some)
    assert done.exit_code == 2
    assert "pip install 'hushmap[explore]'" in done.stderr


def test_records_are_found_with_all_that_was_observed(some, monkeypatch):
    """Reading ends with the last that is sought, and after so many in any case."""
    find = Find([given(str(some))], Knowledge(), "en")
    found = find(["21-a.example"])
    assert found["21-a.example"].saying.label
    assert find([]) == {}
    assert find(["21-b.example"]).keys() == {"21-b.example"}
    monkeypatch.setattr(explore, "FEW", 1)
    find = Find([given(str(some))], Knowledge(), "en")
    assert find(["21-b.example"]) == {}


def test_what_is_out_of_reach_is_sought_once(some, monkeypatch):
    """A page of a record far down does not read all that is before it again; what is near is still found."""
    read = []
    monkeypatch.setattr(explore, "records_at", lambda place: read.append(place) or records_at(place))
    find = Find([given(str(some))], Knowledge(), "en")
    assert [find(["nobody"]), find(["nobody"]), find(["somebody"])] == [{}, {}, {}]
    assert len(read) == 1
    assert find(["21-b.example", "nobody"]).keys() == {"21-b.example"}


def test_who_waits_is_told_why(some, capsys):
    """Judging takes a while, and once more for the steps; each is told when it begins."""
    tables, _ = explore._opened((str(some),), [given(str(some))], (), "en")
    with tables:
        assert capsys.readouterr().err.count("every record is judged first") == 1
        tables.frame("verdicts")
        assert capsys.readouterr().err == ""
        tables.frame("steps")
        assert "judged once more for its steps" in capsys.readouterr().err


def test_runs_are_judged_beside_each_other_as_a_report_judges_them(home):
    """In the tables, in what is shown of one record, and with its steps; an archive's verdicts stay as they are."""
    for name, record in (
        ("a", seen(HOME, *by_pairs(), run="a")),
        ("b", seen(NEAR, run="b")),
        ("c", seen(FAR, run="c")),
    ):
        (home / f"{name}.jsonl").write_bytes(encode_record(record))
    paths = ("a.jsonl", "b.jsonl", "c.jsonl")
    places = [given(path) for path in paths]
    tables, find = explore._opened(paths, places, (), "en")
    with tables, together(places, Knowledge(), "en").tables as report:
        one, other = (found.frame("verdicts").set_index("record").sort_index() for found in (tables, report))
        assert one["peer_n"].to_list() == other["peer_n"].to_list()
        assert one.loc["a-0001", "peer_n"] > 0
        assert find(["a-0001"])["a-0001"].verdict.peers
        assert len(tables.frame("steps")) > 0
    add(home / "archive", home / "a.jsonl")
    mixed = ("archive", *paths[1:])
    tables, find = explore._opened(mixed, [given(path) for path in mixed], (), "en")
    with tables:
        assert find.elsewhere is None
        assert tables.frame("verdicts").set_index("record").loc["a-0001", "peer_n"] == 0
