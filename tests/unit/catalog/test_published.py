"""Lists of words as researchers publish them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house import ROOT
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.published import Published, cut_short, read_published
from hushmap.catalog.words import checked_word

FIELD = Path(os.environ.get("HUSHMAP_FIELD_DATA", ROOT.parent / "shared" / "data")) / "keywords"


def test_a_table_of_rules_is_read(probes):
    """`A + B` are words that must all be there; their order means nothing; each rule is kept once."""
    data = "\ufeffResult,idx,Date,Source\nkw-b + kw-a,0,x,y\r\nkw-a + kw-b,1,,\nC++,2\n".encode()
    assert read_published("weibo.csv", data) == Published(words=("kw-a + kw-b", "C++"))
    close = b'keyword_combination,detected_on\n"kw-b+kw-a, too",d\n'
    assert read_published("covid.csv", close).words == ("kw-a, too + kw-b",)
    assert read_published("q.csv", b"rule\nkw-b+kw-a\n").words == ("kw-a + kw-b",)


def test_a_file_with_one_word_a_line_tells_its_hour(probes):
    """Snapshots are named by the hour in which they were taken, in UTC."""
    for name in ("2015-02-06T22", "hlist-2015020622.txt", "2015-02-06-22.txt", "2015_02_06_22"):
        found = read_published(f"raw/{name}", "kw-alpha\r\n\n测试词甲\nkw-alpha\n".encode())
        assert (found.words, found.hour) == (("kw-alpha", "测试词甲"), "2015-02-06T22:00:00Z")
    for name in ("yy.txt", "2015-02-06.txt", "2015020625", "20150206223344"):
        assert read_published(name, b"kw\n").hour is None


def test_what_nobody_may_send_is_dropped_and_counted(probes):
    """Terms of the hard exclusion, of persons, and rows that are no words: none is kept."""
    probes.exclude("bad words")
    data = "client,keyword\nYY,kw\nYY,b a d words\nYY,call 0105551234\nYY,\nYY\nYY,a\u200bb\nYY," + "x" * 201 + "\n"
    found = read_published("l.csv", data.encode())
    assert found == Published(words=("kw",), excluded=1, personal=1, unusable=4)
    assert read_published("r.csv", b"rule\nme@example.org + kw\nkw + \n") == Published(words=("kw",), personal=1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"name,hash\na,b\n", "x.csv:1:1: no column holds words; known are rule, result"),
        (b"\xff\xfeword", "x.csv:1:1: begins with a byte-order mark; it is UTF-16"),
        (b"rule,b\n" + b'"' + b"x" * 200_000, "is no table: field larger than field limit"),
    ],
)
def test_what_is_no_list_is_one_line(probes, data, message):
    """The file and what is wrong with it."""
    with pytest.raises(CatalogError, match=message):
        read_published("x.csv", data)


@given(st.binary(max_size=200))
def test_anything_is_a_list_or_a_fault(data):
    """Whatever comes, what is kept are words that may be asked about."""
    try:
        found = read_published("x", data)
    except CatalogError:
        return
    assert [checked_word(word) for word in found.words] == list(found.words)


def test_a_snapshot_that_was_cut_short_is_known_by_the_next():
    """Its words were back an hour later; a list that stays shorter was shortened."""
    assert cut_short([100, 78, 99, 98]) == {1}
    assert cut_short([100, 78, 79]) == frozenset()
    assert cut_short([100, 96, 100]) == frozenset()
    assert cut_short([]) == frozenset()


@pytest.mark.skipif(not FIELD.is_dir(), reason="published lists are not ours to ship: see HUSHMAP_FIELD_DATA")
def test_samples_of_published_lists_are_read():
    """Every sample of rules gives rules, and none of them holds what is never sent."""
    rows = {
        "search_weibo_hard_sample.csv": 240,
        "wechat_covid_combinations.csv": 500,
        "qqmail_censored_combinations.csv": 170,
        "livestream_2015_2016_keywords_redacted.csv": 1_100,
    }
    for name, least in rows.items():
        found = read_published(name, (FIELD / name).read_bytes())
        assert len(found.words) >= least, name
        assert found.excluded == 0, name
