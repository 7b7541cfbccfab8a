"""Tables that others have scored, as verdicts: OONI's scored web tests, and dated lists of what was blocked.

A table of OONI's has for each layer how much speaks for blocked, for down and for ok. A dated list has a `date` and
a `status`; a day whose status was presumed, not looked at, is a day without a measurement.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

SCORES = ("dns", "tcp", "tls")
LEAST_SCORE = 0.5
"""From which a layer counts as blocked (refs/STATISTICS 3)."""
_ENDS = {"generic_timeout_error": "timeout", "connection_refused": "refused", "connection_reset": "reset"}
_STATUS = {"blocked": "blocked", "unblocked": "ok"}
"""All else was not looked at."""


def is_scored(header: Iterable[str]) -> bool:
    """Whether these are the columns of OONI's scored web tests."""
    return {"measurement_start_time", "measurement_uid", "probe_asn", *(f"{one}_blocked" for one in SCORES)} <= {
        *header
    }


def scored(lines: Iterable[str]) -> pd.DataFrame:
    """OONI's scored web tests with the columns of `verdicts` that streams are made of.

    Raises:
        ValueError: A column is missing, or a row does not fit; with its line.
    """
    reader = csv.DictReader(lines)
    if not is_scored(reader.fieldnames or ()):
        raise ValueError("line 1: is no table of OONI's scored web tests")
    return pd.DataFrame(_rows(reader))


def _rows(reader: "csv.DictReader[str]") -> Iterator[dict[str, Any]]:
    for row in reader:
        try:
            yield _row(row)
        except (TypeError, ValueError, AttributeError):
            raise ValueError(f"line {reader.line_num}: does not fit its header") from None


def _row(row: dict[str, str]) -> dict[str, Any]:
    scores = {layer: float(row[f"{layer}_blocked"]) for layer in SCORES}
    failing = max(scores.values()) >= LEAST_SCORE
    return {
        "record": row["measurement_uid"],
        "experiment": "web",
        "target": row["input"],
        "domain": row["domain"],
        "started": pd.Timestamp(row["measurement_start_time"], tz="UTC"),
        "country": row["probe_cc"],
        "asn": int(row["probe_asn"]),
        "resolver_asn": int(row["resolver_asn"]),
        "vantage_kind": row["network_type"],
        "outcome": "unreachable" if failing else "ok",
        "mechanisms": _mechanisms(row, scores) if failing else (),
    }


def _mechanisms(row: dict[str, str], scores: dict[str, float]) -> tuple[str, ...]:
    """How the layers failed that score as blocked; a lookup's answer was judged wrong, whatever it was."""
    told = []
    for layer in SCORES:
        if scores[layer] >= LEAST_SCORE:
            end = _ENDS.get(row[f"top_{layer}_failure"], "timeout")
            told.append("dns.tamper.other" if layer == "dns" else f"{layer}.{end}")
    return tuple(told)


def dated(
    lines: Iterable[str], target: str, *, network: str = "unknown", experiment: str = "keyword"
) -> pd.DataFrame:
    """A dated list of one target with the columns of `verdicts`.

    Raises:
        ValueError: It has no `date` and `status`.
    """
    reader = csv.DictReader(lines)
    if not {"date", "status"} <= {*(reader.fieldnames or ())}:
        raise ValueError("line 1: has no date and status")
    return pd.DataFrame(
        {
            "record": f"{target} {row['date']}",
            "experiment": experiment,
            "target": target,
            "started": pd.Timestamp(row["date"], tz="UTC"),
            "country": "",
            "asn": None,
            "network": network,
            "outcome": _STATUS.get(row["status"], "insufficient"),
        }
        for row in reader
    )
