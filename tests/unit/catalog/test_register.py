"""The register of dated events: read whole, or refused in one line with its place; its hash is of the files."""

import hashlib
from datetime import date

import pytest

from hushmap.catalog import register
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.register import campaign_hash, campaigns, campaigns_hash, read_campaign
from hushmap.model import Claimed, Dated, Document, EventKind, Locality, Precision

HEAD = 'id = "action"\nname = "An action"\njurisdiction = "XA-01"\nstart = "2015-06-01"\n'
DOCUMENT = '[[document]]\nwhat = "A newspaper, 1 June 2015"\nurl = "https://news.example/1"\nlanguage = "en"\n'
CLAIM = (
    '[[claim]]\nid = "c"\nagency = "A"\nplace = "P"\nsays = "it did"\nreported = "2015-06-02"\n'
    'unlike = "nothing is"\n'
)


@pytest.fixture
def shelf(probes, monkeypatch):
    """A folder of probes with a register."""
    monkeypatch.setattr(register, "probes_dir", lambda: probes.path)
    return probes


def read(shelf, text, name="action"):
    """The event of this text."""
    return read_campaign(shelf.write(f"campaigns/{name}.toml", text))


def refused(shelf, text):
    """The error of an event of this text, without the file's path."""
    path = shelf.write("campaigns/action.toml", text)
    with pytest.raises(CatalogError) as caught:
        read_campaign(path)
    return str(caught.value).removeprefix(f"{path}:")


def test_an_event_is_read_whole(shelf):
    """Dates with their precision, claims with what they have not in common with a measurement, documents."""
    more = (
        'name_original = "行动"\nkind = "season"\nagency = "Agency"\nend = "2015-07"\nannounced = "about 2015-05-30"\n'
        'reported = "2015-06-02"\nyearly = true\ntargets = ["t"]\ncategories = ["c"]\nplatforms = ["P"]\n'
        'unnamed = "L"\nconfounders = ["other"]\nnote = "n"\n'
    )
    figure = 'figure = 7\nat_least = true\nunit = "items"\nstart = "2015-01"\nend = "2015-05-31"\n'
    found = read(shelf, HEAD + more + CLAIM + figure + DOCUMENT)
    assert (found.kind, found.yearly, found.jurisdiction) == (EventKind.SEASON, True, "XA-01")
    assert found.announced == Dated(day=date(2015, 5, 30), precision=Precision.ABOUT)
    assert found.end == Dated(day=date(2015, 7, 1), precision=Precision.MONTH)
    assert found.claims == (
        Claimed(
            id="c",
            agency="A",
            place="P",
            says="it did",
            reported=date(2015, 6, 2),
            figure=7,
            at_least=True,
            unit="items",
            start=Dated(day=date(2015, 1, 1), precision=Precision.MONTH),
            end=Dated(day=date(2015, 5, 31)),
            unlike="nothing is",
        ),
    )
    assert found.documents == (
        Document(what="A newspaper, 1 June 2015", url="https://news.example/1", language="en"),
    )
    assert (found.targets, found.categories, found.platforms) == (("t",), ("c",), ("P",))


def test_little_is_enough(shelf):
    """A date and a document; a claim may be without a number."""
    found = read(shelf, HEAD + CLAIM + DOCUMENT)
    assert (found.kind, found.claims[0].figure, found.claims[0].start) == (EventKind.CAMPAIGN, None, None)
    assert found.first == Dated(day=date(2015, 6, 1))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (HEAD.replace("action", "other") + DOCUMENT, "1:1: 'other' is not the file's name"),
        (HEAD.replace("XA-01", "xa") + DOCUMENT, "3:1: 'xa' is none"),
        (HEAD + 'kind = "war"\n' + DOCUMENT, "5:1: unknown kind 'war'"),
        (HEAD.replace("start", "end") + DOCUMENT, "1:1: no date"),
        (HEAD + 'end = "2015-05-01"\n' + DOCUMENT, "5:1: ends before it starts"),
        (HEAD.replace("06-01", "06-31") + DOCUMENT, "4:1: '2015-06-31' is no date"),
        (HEAD.replace("2015-06-01", "2015-13") + DOCUMENT, "4:1: "),
        (HEAD.replace("2015-06-01", "20150601") + DOCUMENT, "4:1: '20150601' is no date"),
        (HEAD.replace("2015-06-01", "9999-12") + DOCUMENT, "4:1: '9999-12-01' is in no year"),
        (HEAD + 'yearly = "yes"\n' + DOCUMENT, "5:1: yearly is neither true nor false"),
        (HEAD + "colour = 1\n" + DOCUMENT, "5:1: unknown key 'colour'"),
        (HEAD, "1:1: no [[document]]"),
        (HEAD + DOCUMENT + "colour = 1\n", "9:1: unknown key 'colour'"),
        (HEAD + CLAIM.replace('unlike = "nothing is"\n', "") + DOCUMENT, "5:1: no unlike"),
        (HEAD + CLAIM + "figure = -1\n" + DOCUMENT, "12:1: figure is no whole number"),
        (HEAD + CLAIM + "figure = true\n" + DOCUMENT, "12:1: figure is no whole number"),
        (HEAD + CLAIM + "figure = 1\n" + DOCUMENT, "5:1: no unit"),
        (HEAD + CLAIM + "colour = 1\n" + DOCUMENT, "12:1: unknown key 'colour'"),
        (HEAD + CLAIM + "at_least = true\nroughly = true\n" + DOCUMENT, "13:1: a figure is a bound or about"),
    ],
)
def test_a_fault_is_told_with_its_place(shelf, text, error):
    """One line with file, line and column; no claim without what it cannot be compared with."""
    assert refused(shelf, text).startswith(error)


def test_localities_have_a_start_where_one_is_known(shelf):
    """A name is needed, and one has one entry."""
    places = '[[locality]]\nname = "L"\nstart = "2015-06-01"\nnote = "n"\n[[locality]]\nname = "M"\n'
    found = read(shelf, HEAD + places + DOCUMENT)
    assert found.localities == (Locality(name="L", start=Dated(day=date(2015, 6, 1)), note="n"), Locality(name="M"))
    assert found.unnamed == ""
    for wrong, error in ((places + '[[locality]]\nname = "L"\n', "two localities have one name"),
                         ('[[locality]]\nstart = "2015-06-01"\n', "name")):  # fmt: skip
        with pytest.raises(CatalogError, match=error):
            read(shelf, HEAD + wrong + DOCUMENT)


def test_the_register_is_read_by_date_and_names_its_own(shelf):
    """What else happened then is another event of the register."""
    shelf.write("campaigns/a.toml", HEAD.replace("action", "a") + 'confounders = ["b"]\n' + DOCUMENT)
    shelf.write("campaigns/b.toml", HEAD.replace("action", "b").replace("2015", "2014") + DOCUMENT)
    assert [one.id for one in campaigns()] == ["b", "a"]
    for wrong in ("c", "b"):
        shelf.write("campaigns/b.toml", HEAD.replace("action", "b") + f'confounders = ["{wrong}"]\n' + DOCUMENT)
        with pytest.raises(CatalogError, match=f"there is no other event '{wrong}'; known are a"):
            campaigns()


def test_the_hash_is_of_names_and_contents(tmp_path):
    """Another word, or another name of a file, is another register."""
    (tmp_path / "a.toml").write_text("1")
    first = campaigns_hash(tmp_path)
    assert first == campaigns_hash(tmp_path)
    (tmp_path / "a.toml").write_text("2")
    second = campaigns_hash(tmp_path)
    (tmp_path / "a.toml").rename(tmp_path / "b.toml")
    assert len({first, second, campaigns_hash(tmp_path)}) == 3
    assert campaign_hash("b", tmp_path) == hashlib.sha256(b"2").hexdigest()


def test_the_shipped_register_holds_the_events_of_the_two_reports():
    """Accounts of 50 and 139 localities, actions for minors, Net Oriole, and what else could be mistaken for them."""
    found = {one.id: one for one in campaigns()}
    assert len(found) >= 12
    police = found["mps-netpolice-batch1"]
    assert (police.start.day, police.announced.day) == (date(2015, 6, 1), date(2015, 5, 31))
    deleted = next(claim for claim in police.claims if claim.id == "mps-deleted")
    assert (deleted.figure, deleted.start.day, deleted.end.day) == (758_000, date(2015, 1, 1), date(2015, 5, 31))
    assert {claim.figure for claim in found["gd-net-oriole"].claims} >= {119_710, 53_529}
    assert found["gd-net-oriole"].start.precision is Precision.MONTH
    handled = next(claim for claim in found["mps-netpolice-batch2"].claims if claim.id == "mps-handled")
    for about in (deleted, handled):
        assert about.roughly, "its source says some, or about so many"
        assert not about.at_least, "and not more"
    assert found["gd-vice-2014"].claims[0].start is None, "its source says as of when, and not from when on"
    assert {"june-4", "zhou-verdict-2015", "childrens-day"} <= set(police.confounders)
    assert all(one.documents for one in found.values())
