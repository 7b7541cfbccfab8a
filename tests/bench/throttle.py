"""How often slowing and freezes are found, and how often an innocent line is accused of them, by seed and line.

Every scenario `censors-throttle*` on the line of each innocent scenario, with its censors and without, purely, each
seed with its own draws. Beside it the coverage of the interval on which the word rests, and of a plain percentile
interval, which is the reason for the other.

    python tests/bench/throttle.py [SEEDS] [LINE ...]
"""

import math
import random
import sys
from collections import Counter

import msgspec

from hushmap.lab.pure import carried_out
from hushmap.lab.scenario import Scenario, load_scenario
from hushmap.lab.scoring_variants import ACCUSING
from hushmap.model import Outcome
from hushmap.sampling import rate_ratio, upper_limit

# ruff: noqa: T201  a script's words
SCENARIOS = ("censors-throttle", "censors-throttle-addresses")
LINES = ("clean", "loss-5", "bursts", "slow", "bufferbloat", "jitter", "far", "outages")
"""Innocent scenarios whose line is taken."""
CASES = 400


def on_line(scenario: Scenario, line: str) -> Scenario:
    """The scenario on the line of an innocent one, with its haste and its outages."""
    if line == "clean":
        return scenario
    other = load_scenario(f"innocents-{line}")
    return msgspec.structs.replace(scenario, path=other.path, scale=other.scale, outage=other.outage)


def counted(line: str, seeds: range) -> tuple[Counter[str], Counter[str]]:
    """What became of the censored targets, and of the innocents."""
    found: Counter[str] = Counter()
    innocent: Counter[str] = Counter()
    for name in SCENARIOS:
        for seed in seeds:
            whole = on_line(load_scenario(name).drawn(seed), line)
            for scenario in (whole, whole.uncensored()):
                wanted = {expect.target: expect for expect in scenario.expect}
                for record, verdict in carried_out(scenario, seed).judged:
                    expect = wanted[record.target]
                    if scenario is whole and expect.mechanisms:
                        hit = verdict.outcome in expect.outcomes and bool(
                            {*expect.mechanisms} & {*verdict.mechanisms}
                        )
                        found["found" if hit else f"{verdict.outcome} {' '.join(verdict.mechanisms)}"] += 1
                    else:
                        innocent[verdict.outcome] += 1
                        if verdict.outcome in ACCUSING:
                            print(f"ALARM {name} {line} seed {seed} {record.target} {verdict.rule} {verdict.facts}")
    return found, innocent


def coverage(rng: random.Random) -> None:
    """Both intervals for rates of which some are slow by a spell of loss."""
    print(f"{'alternations':>12} {'spread':>7} {'bootstrap-t':>12} {'percentile':>11}")
    for count in (5, 6, 8):
        for spread in (0.1, 0.5):
            ours = plain = 0
            for _ in range(CASES):
                one = [0.4 * math.exp(rng.gauss(0, spread)) for _ in range(count)]
                other = [math.exp(rng.gauss(0, spread)) for _ in range(count)]
                found = rate_ratio(one, other, rng)
                ours += found.low <= 0.4 <= found.high
                logs = [math.log(a / b) for a, b in zip(one, other, strict=True)]
                means = sorted(sum(rng.choices(logs, k=count)) / count for _ in range(400))
                plain += means[10] <= math.log(0.4) <= means[-11]
            print(f"{count:>12} {spread:>7} {ours / CASES:>12.3f} {plain / CASES:>11.3f}")


def main(arguments: list[str]) -> int:
    """Print all of it; exit code 1 if an innocent was accused."""
    seeds = range(1, 1 + int(arguments[0] if arguments else 5))
    accused = 0
    for line in arguments[1:] or LINES:
        found, innocent = counted(line, seeds)
        wrong = sum(count for said, count in innocent.items() if Outcome(said) in ACCUSING)
        accused += wrong
        told, fine = sum(found.values()), sum(innocent.values())
        print(f"{line:12} found {found['found']} of {told} {dict(found - Counter(found=told))}")
        print(
            f"{'':12} innocent {dict(innocent)}: {wrong} of {fine} accused, below {upper_limit(wrong, fine):.1%} (95 %)"
        )
    coverage(random.Random(1))
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
