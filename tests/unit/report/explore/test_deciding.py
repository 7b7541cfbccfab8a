"""The measurements on which a target's page rests."""

from datetime import date

from hushmap.report.explore import deciding
from hushmap.report.explore.routing import page
from unit.archive.verdicts import table
from unit.report.explore.explored import BLOCKED, FINE, ROWS, A, made, row


def step(record, day, trial, n, kind, **more):
    """One step of an attempt from here."""
    return {
        "day": date(2026, 11, day), "record": record, "trial": trial, "side": "here", "role": "subject", "round": 0,
        "step": kind, "n": n, "t0": 0.1 * n, "t": 0.1 * n + 0.05, "address": "203.0.113.7", "port": 443,
        "name": "a.example", "void": False,
    } | more  # fmt: skip


STEPS = table(
    "steps",
    step("r3", 2, 0, 0, "connect"),
    step("r3", 2, 0, 1, "handshake", failure="connection_reset"),
    step("r5", 2, 0, 0, "connect"),
)


def test_the_page_of_a_target_shows_the_steps_of_what_decides_it():
    """Of each network the newest that shows what the cell says, from the steps that are kept."""
    html = page(made(steps=STEPS), f"targets/{A}", []).rendered().decode()
    assert "hushmap show r3 --from FILE" in html
    assert "hushmap show r5 --from FILE" in html
    assert "hushmap show r2" not in html
    assert "connection_reset" in html or "reset" in html


def test_of_more_networks_the_most_telling_are_set_out(monkeypatch):
    """No more than a reader would wait for; of the rest no record is named that nobody looked up."""
    monkeypatch.setattr(deciding, "SHOWN", 1)
    html = page(made(steps=STEPS), f"targets/{A}", []).rendered().decode()
    assert "hushmap show r3 --from FILE" in html
    assert "hushmap show r5" not in html
    assert "Record ." not in html


def test_within_a_minute_the_last_in_order_of_ids_is_taken_whatever_the_order_of_rows():
    """One of another group, or of a canary, is passed over."""
    rows = [
        row("z9", 2, 8, 64501, FINE),
        row("b2", 2, 8, 64501, BLOCKED),
        row("b1", 2, 8, 64501, BLOCKED),
        row("z8", 2, 8, 64501, BLOCKED, canary=True),
        row("a1", 1, 8, 64501, FINE),
    ]
    for some in (rows, rows[::-1]):
        assert "hushmap show b2 " in page(made(some), f"targets/{A}", []).rendered().decode()


def test_what_is_meant_decides_which():
    """A filter by label, and one that means nothing of a target."""
    opened = made(ROWS, steps=STEPS)
    assert "hushmap show r2 " in page(opened, f"targets/{A}", [("label", "group")]).rendered().decode()
    assert "hushmap show" not in page(opened, f"targets/{A}", [("label", "nobody")]).rendered().decode()
