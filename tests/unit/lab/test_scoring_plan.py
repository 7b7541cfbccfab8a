"""Which labs a wish means."""

import pytest

from hushmap.lab import scoring_plan
from hushmap.lab.scenario import ScenarioError, load_scenario, scenario_path
from hushmap.lab.scoring_plan import Wish, catalogue, counts, plan


def test_every_shipped_scenario_is_in_the_catalogue_and_can_be_read():
    """By the name that `lab score` takes; those in folders too."""
    assert "demo" in catalogue()
    assert all(load_scenario(name).drawn(3).expect for name in catalogue())
    assert {cell.name for cell in plan(Wish())} == set(catalogue())


def test_every_line_family_twin_and_seed_is_a_lab_of_its_own():
    """Longest first; each has its own label and folder."""
    wish = Wish(scenarios=("demo",), noises=("clean", "harsh"), families=("own", "ipv6"), twins=True, seed=4, seeds=2)
    cells = plan(wish)
    assert len(cells) == 16
    assert len({cell.label for cell in cells}) == len({cell.folder for cell in cells}) == 16
    assert {cell.seed for cell in cells} == {4, 5}
    assert [cell.guess_s for cell in cells] == sorted((cell.guess_s for cell in cells), reverse=True)
    assert all(cell.timeout_s > cell.guess_s for cell in cells)
    assert "demo harsh ipv6 uncensored seed 5" in {cell.label for cell in cells}


def test_the_matrix_takes_as_many_seeds_as_give_enough_of_both_kinds(monkeypatch):
    """Not one more."""
    monkeypatch.setattr(scoring_plan, "ENOUGH", 60)
    cells = plan(Wish(scenarios=("demo",), seeds=0))
    assert {cell.seed for cell in cells} == {1, 2, 3}
    assert min(counts(cells)) >= 60
    assert min(counts([cell for cell in cells if cell.seed < 3])) < 60


def test_each_combination_has_its_turn_and_each_twin_once_on_each(monkeypatch):
    """One scenario stands on one line and family in a round; further rounds are for what is still too few."""
    monkeypatch.setattr(scoring_plan, "ENOUGH", 100)
    wish = Wish(scenarios=("demo",), noises=("clean", "harsh"), families=("own", "ipv6"), twins=True, seeds=0)
    cells = plan(wish)
    plain = [cell for cell in cells if not cell.twin]
    assert len({cell.seed for cell in plain}) == len(plain) > 4
    assert len({(cell.noise, cell.family) for cell in plain if cell.seed <= 4}) == 4
    assert sorted(cell.seed for cell in cells if cell.twin) == [1, 2, 3, 4]
    assert min(counts(cells)) >= 100


def test_scenarios_of_one_kind_alone_are_measured_until_there_are_enough(tmp_path, monkeypatch):
    """No number of seeds brings the other kind."""
    monkeypatch.setattr(scoring_plan, "ENOUGH", 3)
    file = tmp_path / "only.toml"
    file.write_text('name = "x"\n[[expect]]\ntarget = "https://a.example/"\noutcomes = ["ok"]\n')
    cells = plan(Wish(scenarios=(str(file),), seeds=0))
    assert (cells[0].name, counts(cells)) == ("only", (3, 0))


def test_what_waits_for_an_experiment_is_of_neither_kind(tmp_path):
    """It is measured, and not counted."""
    file = tmp_path / "x.toml"
    file.write_text('name = "x"\n[[expect]]\ntarget = "https://a.example/"\noutcomes = ["blocked"]\nneeds = "quic"\n')
    assert counts(plan(Wish(scenarios=(str(file),)))) == (0, 0)


def test_a_scenario_that_is_not_there_is_said_before_anything_is_measured():
    """By the scenario's own error."""
    with pytest.raises(ScenarioError):
        plan(Wish(scenarios=("no-such",)))


def test_a_label_gives_the_very_lab_that_a_score_printed():
    """Whatever it was made of; also of a file, where that is named too."""
    cells = plan(Wish.matrix(scenarios=("demo", "networks/iran"), seeds=2))
    for cell in cells[:: len(cells) // 5]:
        assert plan(Wish(cells=(cell.label, cell.label))) == [cell]
    file = str(scenario_path("demo"))
    assert plan(Wish(scenarios=(file,), cells=("demo mild seed 4",)))[0].seed == 4


@pytest.mark.parametrize("label", ["demo", "no-such clean seed 1", "innocents-nat64 clean ipv6 seed 1"])
def test_what_is_no_lab_is_said(label):
    """Not a name, no such network, no such variant of it."""
    with pytest.raises(ScenarioError):
        plan(Wish(cells=(label,)))


def test_only_some_targets_can_be_asked_for():
    """A word keeps the canaries of its place; a network without any such target is left out."""
    names = [expect.target for cell in plan(Wish(only="/named-one")) for expect in cell.scenario.expect]
    assert set(names) == {"https://named-one.example/"}
    (words,) = plan(Wish(scenarios=("censors-words",), only="kw-"))
    (few,) = plan(Wish(scenarios=("censors-words",), only=words.scenario.expect[-1].target))
    assert 1 <= len(few.scenario.expect) < len(words.scenario.expect)
    with pytest.raises(ScenarioError, match="nothing to measure"):
        plan(Wish(scenarios=("demo",), only="no-such-target"))


def test_the_whole_matrix_gives_enough_of_both_kinds():
    """METHOD 6: 2,000 innocent and 2,000 censored ones, on each line, in each family, with and without censors."""
    cells = plan(Wish.matrix())
    assert min(counts(cells)) >= scoring_plan.ENOUGH
    assert len({(cell.noise, cell.family, cell.twin) for cell in cells}) == 12
    assert len({cell.label for cell in cells}) == len(cells)


def test_without_a_kernel_nothing_is_planned_that_needs_one():
    """QUIC is packets only: its targets are left out, and labs that have no others."""
    names = ("censors-quic", "censors-quic-all")
    assert {cell.name for cell in plan(Wish(scenarios=names))} == set(names)
    (cell,) = plan(Wish(scenarios=names, pure=True))
    assert [expect.experiment for expect in cell.scenario.expect] == ["web"]


def test_a_resolver_over_quic_needs_packets():
    """A lab without a kernel measures the other ways to ask the same one."""
    (pure,), (whole,) = (plan(Wish(scenarios=("innocents-encrypted-dns",), pure=pure)) for pure in (True, False))
    left = {expect.target for expect in whole.scenario.expect} - {expect.target for expect in pure.scenario.expect}
    assert left
    assert all(target.startswith("quic:") for target in left)


@pytest.mark.parametrize(("extra", "waiting"), [(True, set()), (False, {"utls"})])
def test_hidden_names_wait_where_nothing_here_sends_one(extra, waiting, monkeypatch):
    """Without the extra their targets are listed and not counted, and all others are as ever; no kernel carries none."""
    monkeypatch.setattr(scoring_plan, "has_browser_hello", lambda: extra)
    (cell,) = plan(Wish(scenarios=("censors-ech-all",)))
    needs = {expect.experiment: expect.needs for expect in cell.scenario.expect}
    assert {needs["ech"]} - {""} == waiting
    assert needs["web"] == ""
    assert sum(counts([cell])) == (2 if extra else 1)
    (cell,) = plan(Wish(scenarios=("censors-ech-all",), pure=True))
    assert {expect.experiment for expect in cell.scenario.expect} == {"web"}
