"""The register of studies: whoever asks one series again and again is told so."""

import pytest

from hushmap.runs.studies import StudyAnswered, StudyAsked, StudyRegister

ASKED = StudyAsked(campaign="c", register="ab", question="q1", paths=("a.csv",), when="2026-11-21T22:33:00Z")


@pytest.fixture
def register(tmp_path):
    """That of a person who has asked nothing."""
    return StudyRegister(tmp_path / "studies.jsonl")


def answered(question, *p, series=("a.csv", "sha256:1")):
    """What came of a question."""
    return StudyAnswered(question=question, series=series, p=p, when="2026-11-21T22:34:00Z")


def test_other_questions_of_a_series_are_known(register):
    """By any of its names; the same question is none, and one that was asked twice counts once, as answered last."""
    assert register.earlier(("a.csv",), "q1") == ()
    for line in (ASKED, answered("q1", 0.5), answered("q2", 0.1, 0.2), answered("q2", 0.3)):
        register.add(line)
    register.add(answered("q3", 0.9, series=("b.csv",)))
    assert register.earlier(("a.csv",), "q1") == (0.3,)
    assert register.earlier(("c.csv", "sha256:1"), "q9") == (0.5, 0.3)
    assert register.earlier(("c.csv",), "q9") == ()


def test_a_line_is_read_as_it_was_kept(register):
    """For its owner only; one that is damaged tells of no study."""
    register.add(ASKED)
    with register.path.open("ab") as file:
        file.write(b"{]\n")
    register.add(answered("q1", 0.5))
    assert [*register.all()] == [ASKED, answered("q1", 0.5)]
    assert register.path.stat().st_mode & 0o777 == 0o600


def test_it_lies_beside_the_consents(monkeypatch, tmp_path):
    """In the person's own data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert StudyRegister().path == tmp_path / "hushmap" / "studies.jsonl"
