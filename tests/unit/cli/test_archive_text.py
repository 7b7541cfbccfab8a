"""What `hushmap archive` prints."""

from hushmap.archive import Added, Checked
from hushmap.archive.verifying import Problem
from hushmap.cli.archive_text import added_lines, verified_lines


def test_everything_that_was_met_is_counted():
    """What was new, there, judged anew, twice, and set aside."""
    added = Added(inputs=3, there=1, records=1000, twice=1, rejects=2, replaced=1)
    first, *more = added_lines(added, "a", 1.25, ("x.rejected.jsonl",))
    assert first.startswith("1,000 records added to a in 1.2 s · 3 inputs, 1 of them there already · rules ")
    assert more == [
        "  1 input of before judged anew, or grown: what was there gave way",
        "  1 record came again and was left out",
        "  2 lines set aside in x.rejected.jsonl; no verdict rests on them",
    ]
    assert len([*added_lines(Added(inputs=1, records=1), "a", 1.0, ())]) == 1
    assert "  2 records came again and were left out" in [*added_lines(Added(twice=2, rejects=1), "a", 1.0, ())]


def test_problems_come_first_and_many_are_a_number():
    """With the way to mend them."""
    problems = [Problem(f"f{number}", "is not there") for number in range(30)]
    lines = [*verified_lines(Checked(problems=problems, left=2, sha256="ab" * 32), "a")]
    assert lines[0] == "f0: is not there"
    assert lines[20:22] == ["... and 10 problems more", "a: 30 problems · 0 imports of 0 inputs"]
    assert "  2 files of an import that did not end; the next add removes them" in lines
    assert lines[-1].endswith("hushmap archive add PATH... -o DIR")
