"""Ask DuckDB and Spark the same, and print what each says: `asking.py ARCHIVE RECORDS MASTER`, one object of JSON.

A process of its own, as a person's is: the Java machine that PySpark begins ends with it.
"""

# ruff: noqa: T201  printing is what it does
import json
import sys
from datetime import date

from click.testing import CliRunner

import hushmap
from hushmap.archive import Filters, counted, digest
from hushmap.cli import main

QUESTIONS = {
    "counts": lambda tables: counted(tables.verdicts, ["domain", "day", "country"]),
    "mechanisms": lambda tables: counted(tables.verdicts, ["country", "mechanism"]),
    "a family": lambda tables: counted(tables.where(mechanism=("dns", "tls.reset")), ["network", "verdict_label"]),
    "filters": lambda tables: counted(
        tables.where(filters=Filters(country=("XC0", "XD0"), since=date(2026, 5, 2), until=date(2026, 5, 4))),
        ["day", "asn"],
    ),
    "rows": lambda tables: tables.where(domain=("site-0001.example",)),
    "no rows": lambda tables: tables.where("steps", outcome=("blocked",)),
}
COMMANDS = {
    "counts": ["--by", "country,outcome"],
    "shares": ["--by", "month,asn", "--country", "XC0", "--json"],
    "lines": ["--domain", "site-0002.example", "--columns", "day,record,started,mechanisms,error_bound,canary"],
}


def said(archive, records, engine):
    """What one engine says: of each question rows and digest, of each command its stdout.

    All is asked while the first tables are open, so that a cluster gives workers once.
    """
    found = {}
    with hushmap.open(archive, engine=engine) as tables:
        for name, ask in QUESTIONS.items():
            answer = tables.arrow(ask(tables))
            found[name] = [answer.num_rows, digest(answer)]
        for name, words in COMMANDS.items():
            done = CliRunner().invoke(main, ["query", archive, *words, "--engine", engine])
            found[f"command: {name}"] = [done.exit_code, done.stdout if done.exit_code == 0 else done.output]
        with hushmap.open(records, engine=engine) as loose:
            for name in ("records", "verdicts", "steps"):
                answer = loose.arrow(loose.table(name))
                found[f"loose {name}"] = [answer.num_rows, digest(answer)]
    return found


if __name__ == "__main__":
    given, loose, master = sys.argv[1:]
    print(json.dumps({engine: said(given, loose, engine) for engine in ("duckdb", master)}))
