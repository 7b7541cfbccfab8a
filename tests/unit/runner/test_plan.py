"""What is shown before anything is sent."""

import msgspec

from doors import endpoint, target
from hushmap.experiments import worst_case
from hushmap.model import Layer, Live, Place, Role, Target
from hushmap.runner import HelperPlace, Limits, asks, preview
from hushmap.runner.orders import conditions
from unit.runner.fakes import HELPER, World, carry, plan_of, sites

WORD = Target(experiment="keyword", text="weather", place=Place.HTTP_PATH, category="NEWS")


def test_the_plan_counts_what_is_on_and_off():
    """Categories in words, rows that stay off with the name that switches them on."""
    off = (
        Target(experiment="web", text="https://off.example/", category="LGBT"),
        Target(experiment="web", text="https://x.example/"),
    )
    plan = preview(plan_of(*sites("a.example", "b.example"), WORD, off=off, helper=HELPER, deck="my-sites"))
    assert plan.deck == "my-sites"
    assert plan.targets == 3
    assert plan.categories == {"news": 3}
    assert plan.experiments == {"web": 2, "keyword": 1}
    assert {(one.category, one.words, one.targets) for one in plan.off} == {
        ("LGBT", "LGBT", 1),
        (None, "without a category", 1),
    }
    assert plan.not_asked == 0


def test_the_plan_names_everybody_who_sees_something():
    """The provider, the sites, the resolvers, the helper and the baselines, each with what it sees."""
    run = plan_of(
        *sites("a.example", "b.example"),
        *sites("c.example", experiment="sni"),
        WORD,
        helper=HELPER,
        comparison_resolvers=("udp://192.0.2.53:53",),
    )
    seen = {one.who: one.what for one in preview(run).seen_by}
    assert seen["your provider and anyone on the line"].startswith("the 3 names and the 1 words")
    assert "the 2 sites" in seen
    assert "your system's DNS server, udp://192.0.2.53:53" in seen
    assert f"helper {HELPER.address}" in seen
    assert "your helper" in seen
    without = preview(plan_of(*sites("c.example", experiment="sni"), WORD))
    assert "the servers of the harmless names" in {one.who for one in without.seen_by}
    assert without.not_asked == 1


def test_odd_requests_are_no_names():
    """They go to one's own helper, and nobody looks anything up for them."""
    odd = Target(experiment="middlebox", text="odd-headers", category="CTRL")
    seen = preview(plan_of(odd, helper=HELPER)).seen_by
    assert seen[0].what.startswith("the 1 odd requests to your helper")
    assert "your system's DNS server" not in {one.who for one in seen}


def test_the_plan_of_services_names_their_servers():
    """They see the address, and what an app sends first."""
    service = target(endpoint(Live.STUN, "stun.chat.example"))
    assert "the servers of 1 services" in {one.who for one in preview(plan_of(service)).seen_by}


def test_the_names_of_a_service_are_those_of_its_endpoints():
    """Provider and resolvers see each once; an endpoint that is an address is looked up nowhere."""
    doors = (endpoint(Live.HTTPS, "web.chat.example"), endpoint(Live.TLS, "web.chat.example", port=5223))
    bare = endpoint(Live.TCP, address="192.0.2.61")
    seen = preview(
        plan_of(target(*doors, endpoint(Live.STUN, "stun.chat.example"), bare), *sites("a.example"))
    ).seen_by
    assert seen[0].what.startswith("the 3 names, ")
    assert [one.what for one in seen if one.who.startswith("your system's")] == ["the 3 names"]
    seen = preview(plan_of(target(bare))).seen_by
    assert seen[0].what.startswith("addresses, ")
    assert not any(one.who.startswith("your system's") for one in seen)


def test_the_plan_of_hops_names_the_sites_and_the_routers():
    """A host that is asked about twice is one site; packets that end on the way are met by whoever ends them."""
    texts = ("https://a.example/", "http://a.example/", "b.example")
    seen = preview(plan_of(*(Target(experiment="hops", text=text) for text in texts))).seen_by
    assert [one.what for one in seen if one.who == "the 2 sites"] == ["your address, connections and first packets"]
    assert [one.what for one in seen if one.who == "routers on the way"] == ["your address, packets that end there"]
    assert "routers on the way" not in {one.who for one in preview(plan_of(*sites("a.example"))).seen_by}


def test_the_plan_names_the_resolvers_that_are_asked():
    """Each once, whatever it is asked by; they are no sites."""
    texts = ("tls://dns.example", "https://dns.example/dns-query", "tls://dns.other.example")
    seen = preview(plan_of(*(Target(experiment="encrypted_dns", text=text) for text in texts))).seen_by
    assert [one.what for one in seen if one.who == "the 2 resolvers"] == [
        "your address, a question for a harmless name"
    ]
    assert not any("sites" in one.who for one in seen)


def test_a_resolver_inside_tls_is_seen_but_not_what_it_is_asked():
    """The line sees that it is asked; the resolver itself sees the names."""
    dot = "tls://dns.example#192.0.2.53"
    seen = preview(plan_of(*sites("a.example"), comparison_resolvers=(dot,))).seen_by
    assert [one.what for one in seen if dot in one.who] == ["the 1 names"]
    assert [one.who for one in seen if "inside TLS" in one.what] == [seen[0].who]


def test_the_worst_case_is_not_exceeded_by_runs():
    """A clean run and a run in which everything is cut stay within the plan's requests and bytes."""
    names = [f"site-{number}.example" for number in range(5)]
    run = plan_of(*sites(*names), helper=HELPER)
    plan = preview(run)
    for cut in ((), names):
        world = World()
        world.cut_names |= set(cut)
        carried = carry(run, world)
        here = [1 for *_, side in carried.net.log if side == "here"]
        assert len(here) <= plan.requests.max
        assert carried.ended.bytes <= plan.bytes.max
        assert carried.ended.t <= plan.seconds.max


def test_words_take_as_long_as_one_address_takes_them():
    """All go to one address: a second each at each of its usable ports, once a calibration has told those apart."""
    words = [Target(experiment="keyword", text=f"kw-{number}", place=Place.HTTP_PATH) for number in range(900)]
    canary = Target(experiment="calibrate", text="kw-c", place=Place.HTTP_PATH, canary=True)
    many = msgspec.structs.replace(HELPER, span=6)
    for targets, helper, ports in (
        (words, HELPER, 1), (words, many, 1), ([canary, *words], HELPER, 1), ([canary, *words], many, 5),
    ):  # fmt: skip
        run = plan_of(*targets, helper=helper)
        costs = [worst_case(target, conditions(run, {})) for target in targets]
        found = preview(run).seconds
        assert found.min == sum(cost.requests_min for cost in costs) / ports
        rests = max(cost.seconds_max for cost in costs)
        assert found.max == max(sum(cost.requests_max for cost in costs) / ports, rests)
        assert preview(msgspec.structs.replace(run, scale=10.0)).seconds.min == found.min / 10


def test_a_word_takes_no_less_than_its_rests():
    """One word's requests are soon sent; what is cut has to rest."""
    run = plan_of(msgspec.structs.replace(WORD, experiment="isolate"), helper=HELPER)
    assert preview(run).seconds.max == worst_case(run.targets[0], conditions(run, {})).seconds_max > 10_000


def test_words_in_lookups_are_not_held_by_the_pace_of_a_host():
    """They are lookups, and only the line's own pace holds them; sites beside words cost what they cost."""
    words = [Target(experiment="keyword", text=f"kw-{number}", place=Place.DNS_NAME) for number in range(500)]
    assert preview(plan_of(*words, helper=HELPER)).seconds.min < 50
    pages = sites(*(f"site-{number}.example" for number in range(500)))
    assert preview(plan_of(*pages, WORD, helper=HELPER)).seconds.min < 500


def test_limits_of_the_run_bound_the_plan():
    """A limit on bytes is the plan's worst case; the contacts are the smaller of limit and table."""
    plan = preview(plan_of(*sites("a.example"), limits=Limits(max_bytes=1000, contacts=3)))
    assert plan.bytes.max == 1000
    assert plan.contacts == 3
    assert preview(plan_of()).contacts == 0


def test_every_request_can_be_listed():
    """The sentinel's round, then each inquiry's first asks, with the ids that the run will give them."""
    listed = list(asks(plan_of(*sites("a.example", "b.example"), helper=HELPER)))
    assert {attempt.role for target, attempt in listed if target is None} == {Role.SENTINEL}
    mine = [attempt for target, attempt in listed if target is not None]
    assert {attempt.id // 10_000 for attempt in mine} == {1, 2}
    assert all(attempt.ask.layer is Layer.DNS for attempt in mine)


def test_a_plan_can_be_written_as_json():
    """The plan is one JSON object."""
    plan = preview(plan_of(*sites("a.example")))
    assert msgspec.json.decode(msgspec.json.encode(plan))["requests"]["min"] > 0


def test_oonis_helper_sees_urls_and_is_told_no_word():
    """Words end unasked; handshakes go to the sites' own servers, as without a helper."""
    helper = HelperPlace(url="https://0.th.ooni.org/")
    run = plan_of(*sites("a.example", "b.example"), *sites("c.example", experiment="sni"), WORD, helper=helper)
    plan = preview(run)
    seen = {one.who: one.what for one in plan.seen_by}
    assert seen["OONI's helper 0.th.ooni.org"] == "the 3 URLs and your address"
    assert "your helper" not in seen
    assert plan.not_asked == 1
    many = plan_of(*sites(*(f"site-{number}.example" for number in range(1000))), helper=helper)
    assert preview(many).seconds.min >= 2000
    assert preview(many).seconds.max >= 22_000
    assert preview(msgspec.structs.replace(many, helper=HELPER)).seconds.min < 2000
