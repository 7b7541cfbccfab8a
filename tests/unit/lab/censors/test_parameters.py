"""Parameters of a censor: which kinds there are, and the bounds that types hold."""

from typing import get_args

import msgspec
import pytest

from hushmap.lab.censors.catalogue import CATALOGUE
from hushmap.lab.censors.parameters import Censor, Kind, fields, groups


def test_the_kinds_of_the_format_are_those_of_the_catalogue():
    """Each once, in alphabetical order."""
    assert set(get_args(Kind)) == set(CATALOGUE)
    assert list(get_args(Kind)) == sorted(get_args(Kind))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "sni-rest"),
        ("names", [""]),
        ("words", [3]),
        ("ports", [70000]),
        ("answers", 4),
        ("resets", 0),
        ("reset_payload", "0g"),
        ("ttl", 256),
        ("misses", 1.1),
        ("follow_ups", -0.1),
        ("residual_s", -1),
        ("residual_scope", "5-tuple"),
        ("rate_kbit", 0),
        ("after_kb", [1.0]),
        ("versions", [3]),
        ("status", 404),
        ("encodings", ["big5"]),
        ("matching", "regex"),
        ("part", "fragment"),
        ("unless", [""]),
        ("first_bytes", -1),
        ("score", 1.5),
        ("spread", -0.1),
        ("nonsense", 1),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_its_name(field, value):
    """The message says where."""
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert({"kind": "sni-reset", field: value}, Censor)


def test_a_censor_survives_the_way_to_the_launcher():
    """It is handed over as JSON and is the same there."""
    censor = Censor(kind="sni-freeze", names=("a.example",), after_kb=(14.0, 24.0), active_s=(1.0, 2.0), day_s=9.0)
    assert msgspec.json.decode(msgspec.json.encode(censor), type=Censor) == censor


def test_lists_of_parameters_are_tuples():
    """Of any length."""
    assert fields("a", "b") == ("a", "b")
    assert groups(fields("a"), fields("b", "c")) == (("a",), ("b", "c"))
