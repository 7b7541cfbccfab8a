"""Tests of hushmap.model.knowledge."""

from hushmap.model import Fingerprint, Knowledge


def test_knowledge_is_a_value_and_by_default_knows_nothing():
    """So that a verdict can name it by its hash, and a cache can hold what was made of it."""
    mark = Fingerprint(id="a", where="body", pattern="x")
    assert Knowledge(fingerprints=(mark,)) == Knowledge(fingerprints=(mark,))
    assert hash(Knowledge(fingerprints=(mark,))) == hash(Knowledge(fingerprints=(mark,)))
    assert (Knowledge().fingerprints, mark.kind, mark.scope) == ((), "contains", "nat")
