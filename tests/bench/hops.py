"""Does `hops` say exactly the right link? `python tests/bench/hops.py [--seeds 100] [--only TEXT]`.

For each kind of network of tests/ways.py so many paths of drawn length are measured in the pure lab, with a censor at
a drawn hop and 5 % bursty loss each way, by the product's own runner, and judged. Bar (issue "The site engine at full
strength", 1): exactly the right link on every seed, no innocent blocked, never more than 24 contacts. A wide link is
exact where it begins and ends at the nearest routers that answer at all. Exit 1 where the bar is missed.
"""

import argparse
import sys
import time
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "src")]

from hushmap.catalog import fingerprints
from hushmap.model import Knowledge
from ways import CASES, Case, NoRecordError, contacts, drawn, right, traced

CONTACTS = 24
"""METHOD 5: contacts a name a day."""


def measured(case: Case, seeds: int, known: Knowledge) -> bool:
    """Print one line of the table; whether the bar is met."""
    hits, most, total, wrong, began = 0, 0, 0, [], time.process_time()
    for seed in range(1, seeds + 1):
        scenario, at, hops = drawn(case, seed)
        try:
            record, verdict = traced(scenario, seed, known)
        except NoRecordError as reason:  # such as a network that was never found in order
            wrong.append(f"seed {seed}: no record: {reason}")
            continue
        made = contacts(record)
        most, total = max(most, made), total + made
        if right(case, verdict, at):
            hits += 1
        else:
            facts = {name: value for name, value in verdict.facts.items() if not name.startswith("router")}
            wrong.append(f"seed {seed}: {at} of {hops}: {verdict.outcome} {verdict.rule} {facts}")
    took = (time.process_time() - began) / seeds
    print(f"{case.name:38} {hits:4} of {seeds}   contacts {total / seeds:5.1f}, most {most:2}   {took:5.2f} s each")
    for line in wrong[:5]:
        print(f"    {line}")
    return hits == seeds and most <= CONTACTS


def main() -> int:
    """Every case; 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    options = parser.parse_args()
    known = fingerprints([])
    met = [measured(case, options.seeds, known) for case in CASES if options.only in case.name]
    print("met" if all(met) else "MISSED")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
