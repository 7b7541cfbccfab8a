"""The score in lines."""

from hushmap.lab.scoring_faults import waiting, wrongs
from hushmap.lab.scoring_tally import bars, tally
from hushmap.lab.scoring_text import bar_lines, excused, opening, scores, silent, waiting_line, wrong_lines
from scored import FINE, HIT, but, result


def test_it_says_first_that_it_is_a_simulation_with_its_parameters():
    """METHOD 6: lines, seeds, factor; what the path lacks is said."""
    text = opening([result(FINE), result(FINE, noise="harsh", seed=3)])
    assert text.startswith("In simulation: 2 labs, seeds 1 to 3; ")
    assert "5% loss in bursts of 8, 150 ms one way" in text
    assert "divided by 5" in text
    assert "seed 1;" in opening([result(FINE)])


def test_the_table_has_a_line_for_each_and_a_dash_for_nothing():
    """Columns stand under their heads."""
    head, line = scores([tally("a", [result(FINE)])])
    assert head.split()[:3] == ["scenario", "targets", "exact"]
    assert line.split()[:3] == ["a", "1", "1/1"]
    assert " - " in line


def test_each_wrong_row_says_what_is_true_and_what_was_done():
    """False alarms and untrue oks are called so; broken labs come last."""
    rows = (
        but(FINE, said="blocked", mechanisms=("tls.reset",), rule="web.x", case="fine"),
        but(HIT, said="ok", mechanisms=(), scope=None, place="tls-sni"),
        but(HIT, said=None, acts=0, wanted_scope=None),
        but(FINE, said="insufficient", reason="budget", scope="all"),
        but(HIT, said="ok", needs="quic"),
        but(FINE, said="blocked", acts=2),
        FINE,
    )
    lines = list(wrong_lines(wrongs([result(*rows), result(error="it hangs", label="y clean seed 1")])))
    first, alarm, acted, untrue, unsaid, open_, second, broke, again = lines
    assert (first, second) == ("  x clean seed 1", "  y clean seed 1")
    assert "FALSE ALARM: said blocked tls.reset; true ok [rule web.x; fine; 0 acts, 2 contacts]" in alarm
    assert "in tls-sni: UNTRUE OK: said ok; true blocked by tls.reset.sni (scope all)" in untrue
    assert "said nothing" in unsaid
    assert "ACTED ON, THOUGH CALLED INNOCENT: said blocked" in acted
    assert "said insufficient (scope all), reason budget" in open_
    assert "the lab broke: it hangs" in broke
    assert again.endswith("hushmap lab score --cell 'x clean seed 1' -o DIR")
    assert list(wrong_lines([])) == []


def test_an_ok_that_the_bar_excuses_is_told():
    """What names its mechanism, and what the line may have lost, each by its number; nothing where there is none."""
    named = but(HIT, said="ok", expected=("ok", "blocked"))
    unseen = but(named, mechanisms=(), lossy=True)
    assert "2 where what it did is named beside, 1 where" in excused(tally("x", [result(named, named, unseen)]))
    assert excused(tally("x", [result(FINE, HIT)])) == ""


def test_what_waits_is_listed_by_experiment():
    """With how many targets; nothing where none waits."""
    found = waiting([result(but(HIT, needs="quic"), but(HIT, needs="quic"), FINE)])
    assert waiting_line(found).endswith("not built yet: quic 2")
    assert waiting_line([]) == ""


def test_censors_that_did_not_act_are_told():
    """So that a score is not good because nothing happened."""
    assert "1 censored targets" in silent(tally("x", [result(but(HIT, acts=0))]))
    assert silent(tally("x", [result(HIT)])) == ""


def test_missed_bars_stand_out_and_unseen_ones_are_named():
    """Each in one line."""
    lines = list(bar_lines(bars([result(but(FINE, said="down"))])))
    assert lines[0].strip().startswith("MISSED innocents exact, clean: 0.0% (0 of 1;")
    assert "censored found" in lines[-1]
    assert not any(
        "nothing here" in line for line in bar_lines([one for one in bars([result(FINE)]) if one.looked_at])
    )
