"""Rows and results of `lab score` for tests: one innocent and one censored target, both as they should be."""

from hushmap.lab.scoring_cell import Measured, Result

FINE = Measured(target="https://a.example/", expected=("ok",), said="ok", contacts=2, trials=5)
HIT = Measured(
    target="https://b.example/", censored=True, expected=("blocked",), said="blocked", wanted=("tls.reset.sni",),
    mechanisms=("tls.reset.sni",), wanted_scope="all", scope="all", acts=4, contacts=9, trials=20,
)  # fmt: skip


def but(row, **changes):
    """A row with changes."""
    return Measured(**{name: getattr(row, name) for name in Measured.__struct_fields__} | changes)


def result(*rows, noise="clean", error="", **more):
    """A lab with these rows."""
    fields = {"label": "x clean seed 1", "name": "x", "family": "own", "twin": False, "seed": 1, "scale": 5.0}
    return Result(noise=noise, rows=rows, error=error, **({"seconds": 7.0} | fields | more))
