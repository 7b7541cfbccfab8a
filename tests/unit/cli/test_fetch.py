"""`hushmap fetch`: what a person types, what they get."""

import gzip
import json

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from hushmap.cli import fetch as module
from hushmap.cli.fetch_text import Gathered
from hushmap.runs import Settings, fetched, save_settings

LIST = "url,category_code,category_description,date_added,source,notes\n"
ROWS = "https://a.example/,NEWS,News,2026-01-01,citizenlab,\nhttps://b.example/,LGBT,LGBT,2026-01-01,citizenlab,\n"
MARKS = "name,scope,location_found,pattern_type,pattern\nmine,nat,body,contains,This site is blocked by order\n"


@pytest.fixture
def web(monkeypatch):
    """Files by address; what was asked for."""
    asked, files = [], {}

    def download(url, limit, say, leads):
        asked.append(url)
        return files[url].encode()

    monkeypatch.setattr("hushmap.cli.taking.download", download)
    web.asked, web.files = asked, files
    return web


def test_where_lists_are_is_said(hushmap):
    """Without a place nothing is fetched: address, licence and the two ways to go on."""
    done = hushmap("fetch", "lists")
    assert done.exit_code == 0
    assert "github.com/citizenlab/test-lists" in done.stdout
    assert "CC BY-NC-SA 4.0" in done.stdout
    told = json.loads(hushmap("fetch", "lists", "--json").stdout)
    assert (told["file"], told["licence"]) == (None, "CC BY-NC-SA 4.0")


def test_a_list_is_kept_and_can_be_planned_by_its_name(hushmap, home):
    """From a file: the shelf has it, `plan -f` and `deck list` know it, risky rows stay off."""
    (home / "xe.csv").write_text(LIST + ROWS)
    done = hushmap("fetch", "lists", "--from", "xe.csv")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "xe.csv: 2 sites, 1 of them off unless named"
    assert "use it: hushmap plan -f xe" in done.stdout
    (home / "xe.csv").unlink()
    for name in ("xe", "xe.csv"):
        assert hushmap("plan", "-f", name).stdout.splitlines()[1].startswith("own-list · 1 site ")
    assert "use it: hushmap plan -f xe" in hushmap("deck", "list").stdout
    assert json.loads(hushmap("deck", "list", "--json").stdout.splitlines()[-1])["rows"] == 2
    assert hushmap("plan", "-f", "xf").exit_code == 2


def test_a_country_is_fetched_from_citizen_lab(hushmap, web):
    """The address is told first, the licence with it; the object has file, hash, licence and rows."""
    url = f"{module.LISTS}/xe.csv"
    web.files[url] = LIST + ROWS
    done = hushmap("fetch", "lists", "--country", "XE", "--json")
    assert web.asked == [url]
    told = done.stderr.splitlines()
    assert (told[0][:38], told[1]) == ("Citizen Lab's lists are under CC BY-NC", f"Fetching {url}")
    found = json.loads(done.stdout)
    assert (found["rows"], found["risky"], found["bad"], found["source"]) == (2, 1, 0, url)
    assert (found["file"], found["licence"]) == (str(fetched("lists")[0]), "CC BY-NC-SA 4.0")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--country", "Exampleland"], "is no list; write two letters, or global"),
        (["--country", "xe", "--from", "x"], "are two ways to the same; give one of them"),
        (["--from", "gone.csv"], "gone.csv: No such file or directory"),
        (["--from", "http://lists.example/x.csv"], "is not encrypted; use https://"),
    ],
)
def test_a_place_that_is_none_is_one_line(hushmap, words, said):
    """Exit code 2, one line, nothing kept."""
    done = hushmap("fetch", "lists", *words)
    assert done.exit_code == 2
    assert said in done.stderr.splitlines()[-1]
    assert fetched("lists") == ()


def test_bad_rows_need_a_word(hushmap, home):
    """Every bad row is told; --skip-bad leaves them out and says how many."""
    (home / "xe.csv").write_text(LIST + ROWS + "x,NEWS,,,,\n")
    done = hushmap("fetch", "lists", "--from", "xe.csv")
    assert (done.exit_code, done.stdout, fetched("lists")) == (2, "", ())
    assert done.stderr.startswith("xe.csv:4:1: ")
    done = hushmap("fetch", "lists", "--from", "xe.csv", "--skip-bad", "--licence", "CC0")
    assert done.stdout.startswith("xe.csv: 2 sites, 1 of them off unless named · 1 bad row left out\n")
    assert "licence: CC0" in done.stdout


def test_fingerprints_are_kept(hushmap, home, web):
    """From a file, or OONI's two from their addresses."""
    (home / "mine.csv").write_text(MARKS)
    done = hushmap("fetch", "fingerprints", "--from", "mine.csv")
    assert done.stdout.startswith("mine.csv: 1 fingerprint in our own columns · licence: not told\n")
    web.files |= {url: MARKS.replace("mine", f"m{number}") for number, url in enumerate(module.MARKS)}
    done = hushmap("fetch", "fingerprints", "--json")
    assert web.asked == list(module.MARKS)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["rows"] for one in found] == [1, 1]
    assert all("none stated" in one["licence"] for one in found)
    assert [path.name for path in fetched("fingerprints")] == [
        "fingerprints_dns.csv",
        "fingerprints_http.csv",
        "mine.csv",
    ]


def test_a_fault_in_fingerprints_is_one_line(hushmap, home):
    """It names file, line and column."""
    (home / "mine.csv").write_text(MARKS.replace("nat", "nut"))
    done = hushmap("fetch", "fingerprints", "--from", "mine.csv")
    assert (done.exit_code, done.stderr.splitlines()[0][:29]) == (2, "hushmap: mine.csv:2:6: unknown scope"[:29])
    assert fetched("fingerprints") == ()


def test_a_database_is_kept_and_used(hushmap, home):
    """Runs look up their network in it, unless the settings name another."""
    writer = MMDBWriter(ip_version=4, database_type="test-asn")
    row = {"autonomous_system_number": 64501, "autonomous_system_organization": "Net-A", "country": "XE"}
    writer.insert_network(IPSet(["192.0.2.0/24"]), row)
    writer.to_db_file(str(home / "net.mmdb"))
    done = hushmap("fetch", "asn", "--from", "net.mmdb", "--licence", "CC0")
    assert done.stdout.startswith("test-asn, made on ")
    assert "1 network, 1 with an AS number, 1 with a country" in done.stdout
    (home / "net.mmdb").unlink()
    assert "Net-A (AS64501), XE: looked up" in hushmap("plan", "-i", "https://a.example/").stdout
    found = json.loads(hushmap("fetch", "asn", "--from", fetched("asn")[0], "--json").stdout)
    assert (found["rows"], found["type"], found["licence"]) == (1, "test-asn", "not told")
    save_settings(Settings(mmdb="other.mmdb"))
    assert "name another (mmdb): other.mmdb" in hushmap("fetch", "asn", "--from", fetched("asn")[0]).stdout


def test_a_folder_of_databases_is_a_choice(hushmap, home):
    """One is kept, so one is named."""
    for name in ("a.mmdb", "b.mmdb"):
        (home / name).write_bytes(b"")
    done = hushmap("fetch", "asn", "--from", ".")
    assert (done.exit_code, done.stderr) == (2, "hushmap: .: holds 2 databases; name the one to keep\n")


def test_measurements_of_ooni_are_fetched(hushmap, home, monkeypatch):
    """Options become a question; the result is told, or an object."""
    asked = []

    def collect(query, path, **how):
        asked.append((query, path, how))
        path.write_bytes(gzip.compress(b"{}\n"))
        return Gathered(
            query=query, file=str(path), sha256="ab", licence="L", rows=1, matches=1, missing=0, why="", came=9,
            complete=True,
        )  # fmt: skip

    words = ("--country", "xe", "--since", "2026-01-01", "--until", "2026-01-02")
    monkeypatch.setattr(module, "collect", collect)
    done = hushmap("fetch", "ooni", *words)
    assert done.stdout.startswith("1 measurement in ooni-XE-2026-01-01-2026-01-02.jsonl.gz · 9 bytes came\n")
    found = json.loads(hushmap("fetch", "ooni", *words, "--limit", 5, "--json").stdout)
    assert (found["file"], found["sha256"], found["rows"], found["bytes"]) == (str(asked[0][1]), "ab", 1, 9)
    assert [how["limit"] for _, _, how in asked] == [None, 5]
    assert asked[0][2]["api"] == "https://api.ooni.io"
