"""Our own exports read back, by example: what is refused, and what is none of ours."""

import json

import msgspec
import pytest

from golden.ooni_export import record
from hushmap.codec import native, read_ooni, write_ooni
from hushmap.codec.ooni_ours import is_ours, restore

LINE = write_ooni(record())


def tree_with(change):
    """The exported line after `change` of its tree."""
    tree = json.loads(LINE)
    change(tree["test_keys"])
    return json.dumps(tree).encode()


def test_it_says_where_it_lies():
    """File, place, hash of the line without its newline, and the id that OONI's servers gave, if any."""
    found = restore(LINE, file="some.jsonl", offset=7).source
    assert (found.file, found.offset, found.uid, found.claim) == ("some.jsonl", 7, "", None)
    assert found.sha256 == restore(LINE.strip()).source.sha256
    tree = json.loads(LINE) | {"measurement_uid": "20261121224000.1_XE_webconnectivity_00"}
    assert read_ooni(json.dumps(tree).encode()).source.uid == tree["measurement_uid"]


def test_keys_that_others_added_do_no_harm():
    """A line that went through a server of OONI's still reads back."""
    tree = json.loads(LINE) | {"bucket_date": "2026-11-21", "backend_version": "9"}
    found = restore(json.dumps(tree, indent=1).encode())
    assert msgspec.structs.replace(found, source=None) == record()


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        (LINE, True),
        (b'{"test_keys": {"x_hushmap_trials": []}}', True),
        (b'{"test_keys": {"x_hushmap_trials": null}}', True),
        (b'{"test_keys": {"queries": []}}', False),
        (b'{"test_keys": {"requests": [{"response": {"headers": {"x_hushmap_trials": "1"}}}]}}', False),
        (b'{"x_hushmap_trials": []}', False),
        (b'{"test_keys": null, "x_hushmap_trials": []}', False),
        (b'{"test_keys": ["x_hushmap_trials"]}', False),
        (b'{"test_keys": {"x_hushmap_trials"', False),
    ],
)
def test_whose_line_it_is(line, ours):
    """Only a key in its place tells: a site can send a header of that name."""
    assert is_ours(line) is ours


def test_a_header_of_our_key_s_name_keeps_nobody_from_reading():
    """A measurement of a site that sends such a header is read as anybody's."""

    def hostile(keys):
        del keys["x_hushmap_trials"], keys["x_hushmap"]
        keys["requests"][0]["response"]["headers"]["x_hushmap_trials"] = "[]"

    assert read_ooni(tree_with(hostile)).experiment == "web_connectivity"


def step(number, **changes):
    """A change of the first step of the trial at `number`."""

    def change(keys):
        keys["x_hushmap_trials"][number]["steps"][0] |= changes

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (step(0, at=99), "a step stands at place 99 of 4 - at `$.test_keys.queries`"),
        (step(0, at=-1), "a step stands at place -1 of 4 - at `$.test_keys.queries`"),
        (step(0, at=10**400), "where a step stands: Expected `int` <= 2147483648 - at `$.at`"),
        (step(2, at=0), "two steps stand at place 0 - at `$.test_keys.queries`"),
        (step(1, also=[0, 0]), "two steps stand at place 0 - at `$.test_keys.x_dns_duplicate_responses`"),
        (step(0, also=[7]), "a step stands at place 7 of 1 - at `$.test_keys.x_dns_duplicate_responses`"),
        (step(0, at="x"), "where a step stands: Expected `int`, got `str` - at `$.at`"),
        (step(0, more=1), "where a step stands: Object contains unknown field `more`"),
        (step(0, **{"in": "network_events"}), "a step stands in 'network_events', which is no array"),
        (lambda keys: keys["x_hushmap_trials"][0].pop("id"), "is no record: Object missing required field `id`"),
        (lambda keys: keys["x_hushmap_trials"][0].update(steps=7), "is no record: Expected `array`, got `int`"),
        (lambda keys: keys["x_hushmap_trials"][0].update(steps=[7]), "is no record: Expected `object`, got `int`"),
        (lambda keys: keys.update(x_hushmap_trials=None), "Expected `array`, got `null`"),
        (lambda keys: keys["x_hushmap"].update(v=2), "schema number 2 is none that this Hushmap reads"),
        (lambda keys: keys["x_hushmap"].update(context=7), "is no record: Expected `object`, got `int`"),
        (lambda keys: keys["queries"][0].update(t="x"), "at `$.test_keys.queries[0].t`"),
    ],
)
def test_damage_is_told_in_one_line(change, said):
    """What does not fit is refused with its place, whoever changed it."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the message is looked at below, as plain text)
        read_ooni(tree_with(change))
    message = str(caught.value)
    assert said in message
    assert message.isprintable()
    assert len(message) <= 300


def test_trials_without_steps_are_read():
    """A trial that was not done has none."""

    def bare(keys):
        for trial in keys["x_hushmap_trials"]:
            trial.pop("steps", None)

    assert {trial.steps for trial in read_ooni(tree_with(bare)).trials} == {()}


def test_a_line_beyond_the_bound_is_not_read():
    """A line longer than any of ours is refused before it is parsed."""
    with pytest.raises(ValueError, match="longer than"):
        restore(b" " * (native.LINE_LIMIT + 1))
