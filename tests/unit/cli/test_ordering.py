"""From what was chosen to the runner's plan, to the manifest and back."""

import pytest

from hushmap.cli.choosing import choose
from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes
from hushmap.cli.ordering import UNKNOWN_HELPER, helper_place, manifest_of, order, plan_of, recorded_helper, resumed
from hushmap.cli.place import look_around
from hushmap.runs import Settings
from hushmap.runs.manifest import decode_manifest, encode_manifest
from unit.cli.scene import HELPER, changed

WISHES = Wishes(
    deck="words-china", network="AS64501 Net-A", helper=HELPER, max_data=10_000_000, label="group-7",
    resolvers=("192.0.2.53",), other_resolvers=("198.51.100.1",),
)  # fmt: skip


def _made(wishes=WISHES):
    chosen, place = choose(wishes), look_around(wishes, Settings())
    return chosen, place, order(chosen, place, wishes, run="20261121T2233Z-3f9c", seed=7)


def test_a_run_is_made_again_from_its_manifest():
    """Everything that inquiries may know of the run comes back from manifest.json."""
    chosen, place, plan = _made()
    manifest = manifest_of(plan, chosen, "2026-11-21T22:33:00Z", "1.en 00", network=place.network)
    again = resumed(decode_manifest(encode_manifest(manifest)), place)
    assert changed(plan, off=()) == again
    assert again.limits.max_bytes == 10_000_000
    assert again.annotations["label"] == "group-7"
    assert recorded_helper(manifest) == plan.helper
    assert plan_of(manifest, plan.helper) == again


def test_the_manifest_holds_no_token_and_tells_what_stayed_off():
    """The helper's secret is nowhere in the manifest; rows that stayed off are counted by category."""
    chosen, _, plan = _made()
    manifest = manifest_of(plan, chosen, "2026-11-21T22:33:00Z", "1.en 00")
    assert b"a-token-of-the-test" not in encode_manifest(manifest)
    assert sum(manifest.off.values()) == len(chosen.off) > 0
    assert [(part.experiment, part.list) for part in manifest.parts] == [("keyword", "words-china.csv")]


def test_a_seed_fixes_the_order():
    """The same seed gives the same order, another one another."""
    chosen, place, plan = _made()
    assert order(chosen, place, WISHES, seed=7).targets == plan.targets
    assert order(chosen, place, WISHES, seed=8).targets != plan.targets


def test_a_run_without_its_helper_does_not_go_on():
    """A resumed run needs the helper with which it was begun, with the same ports."""
    chosen, place, plan = _made()
    manifest = manifest_of(plan, chosen, "2026-11-21T22:33:00Z", "1.en 00")
    with pytest.raises(Fault, match=r"was begun with the helper at 203\.0\.113\.10"):
        resumed(manifest, changed(place, helper=None))
    with pytest.raises(Fault, match="other echo ports"):
        resumed(manifest, changed(place, helper=changed(place.helper, http_port=1)))
    with pytest.raises(Fault, match="was begun with no helper"):
        resumed(changed(manifest, helper=None), place)


def test_a_helper_with_a_name_stands_in_a_plan_without_an_address():
    """A plan looks nothing up."""
    place = look_around(Wishes(helper=HELPER.replace("203.0.113.10", "helper.example.net")), Settings())
    assert helper_place(place).address == UNKNOWN_HELPER
    assert helper_place(place, "203.0.113.9").address == "203.0.113.9"
    assert helper_place(changed(place, helper=None)) is None


def test_without_a_helper_there_is_none_in_the_manifest():
    """No helper: no address, no ports."""
    wishes = Wishes(files=("sites.csv",))
    chosen, _, plan = _made(wishes)
    manifest = manifest_of(plan, chosen, "2026-11-21T22:33:00Z", "1.en 00")
    assert (manifest.helper, recorded_helper(manifest)) == (None, None)


def test_a_run_with_oonis_helper_is_made_again_from_its_manifest():
    """Its URL stands in the manifest; many asks may wait for its few requests."""
    wishes = Wishes(files=("sites.csv",), network="AS64501 Net-A", helper="ooni")
    chosen, place, plan = _made(wishes)
    manifest = manifest_of(plan, chosen, "2026-11-21T22:33:00Z", "1.en 00")
    assert manifest.helper == "https://0.th.ooni.org/"
    assert recorded_helper(manifest) == plan.helper
    again = resumed(decode_manifest(encode_manifest(manifest)), place)
    assert changed(plan, off=()) == again
    assert again.rates.helper == again.rates.in_flight
    with pytest.raises(Fault, match=r"begun with the helper at https://0\.th\.ooni\.org/"):
        resumed(manifest, changed(place, helper=None))
