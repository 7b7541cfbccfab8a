"""Tests of hushmap.model.ask."""

import msgspec

from hushmap.model import SYSTEM_RESOLVER, Ask, Layer


def test_equal_asks_ask_the_same_thing():
    """They are values: two that are alike are one key, one that differs in a field is another."""
    ask = Ask(layer=Layer.DNS, name="news.example", resolver=SYSTEM_RESOLVER)
    assert {ask: 1}[Ask(layer=Layer.DNS, name="news.example", resolver="system")] == 1
    assert ask != msgspec.structs.replace(ask, qtype="AAAA")


def test_a_field_that_a_layer_does_not_use_is_not_written():
    """A journal line stays short."""
    assert msgspec.json.encode(Ask(layer=Layer.TCP, address="198.51.100.7", port=443)) == (
        b'{"layer":"tcp","address":"198.51.100.7","port":443}'
    )
