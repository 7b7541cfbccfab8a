"""The network in which platforms stand."""

from hushmap.lab.platform.contents import contents
from hushmap.lab.platform.network import NAME, OTHER, network
from hushmap.lab.pure import act
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.model import Ask, Fetch, Layer

NETWORK = network(
    PlatformSettings(site=NAME, posts=5), PlatformSettings(site=OTHER, posts=5, acts=False),
)  # fmt: skip


def search(name, text):
    """What is asked of a platform."""
    (site,) = [site for site in NETWORK.site if site.name == name]
    return Ask(
        layer=Layer.HTTP, address=site.addresses[0], port=443, sni=name, url=f"https://{name}/search?q={text}"
    )  # fmt: skip


def test_a_platform_answers_asks_without_a_kernel():
    """One filters, and its control beside it does not."""
    word = next(word.text for word in contents(NETWORK.platform[0]).words if word.fate == "empty")
    outcomes = act(NETWORK, [search(NAME, word), search(OTHER, word)]).outcomes
    shown = [step.page for outcome in outcomes for step in outcome.steps if isinstance(step, Fetch)]
    assert [page.status for page in shown] == [200, 200]
    assert shown[0].body_length < shown[1].body_length


def test_requests_that_fail_are_no_pages():
    """A connection that ends without a word, or a status of the server's front."""
    settings = PlatformSettings(site=NAME, fail=0.9)
    outcomes = act(network(settings), [search(NAME, "river")] * 20).outcomes
    failures = {outcome.steps[-1].failure for outcome in outcomes}
    statuses = {outcome.steps[-1].page.status for outcome in outcomes if outcome.steps[-1].page}
    assert "eof_error" in failures
    assert 502 in statuses
