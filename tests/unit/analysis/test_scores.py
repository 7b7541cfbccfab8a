"""Tables that others have scored."""

import pytest

from hushmap.analysis import dated, is_scored, scored
from unit.analysis.courses import field

HEAD = (
    "measurement_start_time,measurement_uid,probe_cc,probe_asn,resolver_asn,network_type,domain,input,top_dns_failure,"
    "top_tcp_failure,top_tls_failure,dns_blocked,tcp_blocked,tls_blocked\n"
)
ROW = "2026-01-21 09:37:32.000,uid-1,XE,64501,64502,wifi,news.example,https://news.example/,NULL,{},{},{},{},{}\n"


def test_a_layer_that_scores_half_fails():
    """From a score of one half on a layer counts as failed, by how it ended; nothing is called blocked."""
    rows = [
        HEAD,
        ROW.format("generic_timeout_error", "NULL", 0, 0.75, 0),
        ROW.format("NULL", "connection_reset", 0, 0, 0.5),
        ROW.format("NULL", "NULL", 0.9, 0, 0),
        ROW.format("NULL", "NULL", 0.4, 0.4, 0.4),
    ]
    frame = scored(rows)
    assert [*frame["outcome"]] == ["unreachable", "unreachable", "unreachable", "ok"]
    assert [*frame["mechanisms"]] == [("tcp.timeout",), ("tls.reset",), ("dns.tamper.other",), ()]
    assert str(frame["started"][0]) == "2026-01-21 09:37:32+00:00"


@pytest.mark.parametrize(
    "rows",
    [[], ["url,category_code\n", "https://a.example/,NEWS\n"], [HEAD.replace("dns_blocked", "dns")]],
)
def test_another_table_is_refused(rows):
    """A table without the columns is none of these."""
    assert not is_scored(rows[0].strip().split(",") if rows else [])
    with pytest.raises(ValueError, match="line 1: is no table"):
        scored(rows)


@pytest.mark.parametrize("row", ["2026-01-21 09:37:32.000,uid-1\n", ROW.format("NULL", "NULL", "much", 0, 0)])
def test_a_row_that_does_not_fit_is_told_with_its_line(row):
    """A row that is cut short, or whose score is no number, is an error with its line."""
    with pytest.raises(ValueError, match="line 3: does not fit"):
        scored([HEAD, ROW.format("NULL", "NULL", 0, 0, 0), row])


def test_a_day_that_was_presumed_was_not_looked_at():
    """Of a dated list only blocked and unblocked are attempts; presumed and no-data decide nothing."""
    rows = ["date,status,note\n"]
    rows += [
        f"2026-11-0{day},{status},\n" for day, status in enumerate(("blocked", "presumed-blocked", "unblocked"), 1)
    ]
    frame = dated(rows, "word", network="Net-A")
    assert [*frame["outcome"]] == ["blocked", "insufficient", "ok"]
    with pytest.raises(ValueError, match="no date and status"):
        dated(["day,state\n"], "word")


def test_ooni_table_is_read_whole():
    """470 rows of one site, of which 71 failed."""
    with field("ooni/uganda_twitter_2025-12_2026-02.csv").open(encoding="utf-8") as rows:
        frame = scored(rows)
    assert (len(frame), int((frame["outcome"] != "ok").sum())) == (470, 71)
