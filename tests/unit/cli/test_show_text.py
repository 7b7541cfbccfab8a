"""One verdict with its evidence, as lines."""

from hushmap.cli.show_text import EVIDENCE, SCOPES, list_lines, step_lines, verdict_lines
from hushmap.model import Context, Evidence, Failure, Knowledge, Layer, Scope, Side
from unit.cli.scene import changed
from unit.report.sample import lookup, trial

NOTHING = Knowledge()


def test_a_verdict_reads_as_the_mock_up(judged):
    """Label, sentence, how sure, evidence, scope, what is not shown, and the attempts."""
    lines = list(verdict_lines(judged[0], NOTHING))
    saying = judged[0].saying
    assert lines[0] == "https://news.example.org/: Blocked by name"
    assert saying.sentence in " ".join(line.strip() for line in lines)
    assert saying.how_sure in " ".join(line.strip() for line in lines)
    table = lines.index(next(line for line in lines if line.startswith("  attempt")))
    fields = [line[2:13].strip() for line in lines[1:table]]
    assert [name for name in fields if name in {"How sure", "Evidence", "Scope", "Not shown"}] == [
        "How sure", "Evidence", "Scope", "Not shown",
    ]  # fmt: skip
    assert "  Evidence   controlled: one thing changed, all else kept · rule traffic.sni · rules 1" in lines
    assert lines[table + 1 :] == [
        "  1          192.0.2.53               203.0.113.7            -                    -                        -",
        "  2          -                        203.0.113.7            18 ms                reset at 41 ms           -",
        "  one pair   other sni                203.0.113.7            18 ms                done, 48 ms              -",
        "  one pair   -                        203.0.113.7            18 ms                reset at 41 ms           -",
        "  one pair   another server           203.0.113.20           18 ms                done, 48 ms              -",
        "  counted    other sni at 203.0.113.7: affected 8 of 8; harmless twin there 0 of 8, at another",
        "             server 0 of 8",
        (
            "             elsewhere                203.0.113.7            30 ms                done, 48 ms              200, "
            "48,211 bytes"
        ),
        "  left out   1 attempt void (residual); 1 attempt not carried out (no_ipv6)",
        f"  record {judged[0].record.id} · all steps: hushmap show https://news.example.org/ --steps · as data: --json",
    ]


def test_lookups_name_the_server_that_was_asked_and_carry_no_false_failure(judged):
    """Which DNS server said what; an address of one type is shown before the lack of one of the other."""
    dark = "udp://203.0.113.10:53"
    empty = lookup(0.0, "a.example", (0.1, ()), failure=Failure.NO_ANSWER)
    found = lookup(0.0, "a.example", (0.1, ("2001:db8::7",)))
    trials = (
        trial(1, empty, found, layer=Layer.DNS),
        trial(2, lookup(0.0, "a.example", resolver=dark, failure=Failure.TIMEOUT), layer=Layer.DNS),
        trial(3, lookup(0.0, "a.example", (0.1, ("192.0.2.1",)), resolver=dark), layer=Layer.DNS),
        *(trial(4 + n, empty, found, layer=Layer.DNS, side=Side.HELPER) for n in range(3)),
    )
    record = changed(judged[5].record, trials=trials, context=Context(dark=dark))
    lines = list(verdict_lines(changed(judged[5], record=record), NOTHING))
    start = lines.index(next(line for line in lines if line.startswith("  attempt"))) + 1
    assert [line[:62].rstrip() for line in lines[start : start + 5]] == [
        "  1          192.0.2.53               2001:db8::7            -",
        "  2          no DNS at 203.0.113.10   silence, as it should  -",
        "  3          no DNS at 203.0.113.10   192.0.2.1              -",
        "             elsewhere, 192.0.2.53    2001:db8::7            -",
        "             elsewhere, 192.0.2.53    2001:db8::7            -",
    ]
    assert "elsewhere 1 more attempt, 0 of 1 failed" in "\n".join(lines)


def test_a_word_has_its_place_and_an_odd_name_can_still_be_typed(judged):
    """The place stands beside the word; a name that begins with a dash is shown so that it can be typed."""
    assert next(iter(verdict_lines(judged[10], NOTHING))).startswith("harvest moon in http-path: ")
    odd = changed(judged[10], record=changed(judged[10].record, target="-x"))
    assert list(verdict_lines(odd, NOTHING))[-1].count("hushmap show --steps -- -x ·") == 1
    assert "hushmap show --steps --run abc -- -x ·" in list(verdict_lines(odd, NOTHING, more=" --run abc"))[-1]


def test_a_long_survey_is_cut_and_many_looks_from_elsewhere_are_counted(judged):
    """Twelve attempts are shown one by one; the rest is a number, and so are more than two from elsewhere."""
    record = judged[5].record
    here, elsewhere = record.trials[0], record.trials[2]
    trials = [changed(here, id=number) for number in range(20)]
    trials += [changed(elsewhere, id=100 + number) for number in range(4)]
    text = "\n".join(verdict_lines(changed(judged[5], record=changed(record, trials=tuple(trials))), NOTHING))
    assert "8 more attempts" in text
    assert "elsewhere 2 more attempts, 0 of 2 failed" in text


def test_all_steps(judged):
    """Every attempt, those that do not count among them."""
    text = "\n".join(step_lines(judged[0]))
    assert all(f"\n{trial.id}  " in text for trial in judged[0].record.trials)
    assert "does not count: residual" in text


def test_the_list_of_a_run(judged):
    """Every target with its label; words with their place."""
    lines = list(list_lines(judged, "run r"))
    assert lines[0] == "run r · 12 verdicts"
    assert "  Blocked by name        https://news.example.org/" in lines
    assert "  Cut off by a word      harvest moon in http-path" in lines
    assert len(lines) == 14


def test_every_kind_of_evidence_and_scope_has_words():
    """Nothing that a verdict can hold is without words here."""
    assert set(EVIDENCE) == set(Evidence)
    assert set(SCOPES) == set(Scope)
