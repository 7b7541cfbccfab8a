"""One cell of the score, purely."""

from hushmap.lab.pure.cell import pure_cell
from hushmap.lab.scoring_labels import Cell


def test_a_cell_has_the_rows_of_the_real_one(small):
    """What was true, said and spent."""
    result = pure_cell(Cell(name="small", scenario=small()))
    (row,) = result.rows
    assert (row.target, row.said, row.exact, row.wrong) == ("https://news-one.example/", "ok", True, False)
    assert row.contacts > 0
    assert row.trials >= row.contacts
    assert (result.error, result.label) == ("", "small clean seed 1")


def test_a_model_that_hangs_is_an_error(small, monkeypatch):
    """Never a row."""
    from hushmap.lab.pure import cell
    from hushmap.lab.pure.loop import StuckError

    def stuck(*_):
        raise StuckError("nothing\nis due")

    monkeypatch.setattr(cell, "carried_out", stuck)
    result = pure_cell(Cell(name="small", scenario=small()))
    assert result.rows == ()
    assert result.error.startswith("StuckError: nothing is due (stuck, line ")
