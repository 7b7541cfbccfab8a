"""The ten censors by real packets: what a client sees of each, beside a control, and nothing in the uncensored twin."""

import pytest

from hushmap.lab import load_scenario

DEMO = load_scenario("demo").quiet()
ISP, HONEST, DARK = "198.51.100.53", "203.0.113.53", "203.0.113.10"

CASES = {
    "dns-injection": (
        ["dns", "injected-one.example", HONEST],
        [["203.0.113.66"], ["203.0.113.67"], ["203.0.113.68"], ["198.51.100.50"]],
        [["198.51.100.50"]],
    ),
    "resolver-nxdomain": (["system", "erased-one.example"], "gaierror", ["198.51.100.52"]),
    "resolver-address": (["system", "diverted-one.example"], ["198.51.100.90"], ["198.51.100.54"]),
    "address-drop": (["tcp", "198.51.100.40", 443], "timeout", "ok"),
    "syn-reset": (["tcp", "198.51.100.41", 443], "ConnectionRefusedError", "ok"),
    "sni-reset": (["tls", "named-one.example", "198.51.100.56"], "ConnectionResetError", "ok"),
    "sni-drop": (["tls", "hushed-one.example", "198.51.100.58"], "timeout", "ok"),
    "host-reset": (["http", "plain-one.example", "198.51.100.59"], "ConnectionResetError", [200, False]),
    "url-reset": (
        ["http", "library-one.example", "198.51.100.60", "/lost-chapter"],
        "ConnectionResetError",
        [200, False],
    ),
    "block-page": (["http", "noticed-one.example", "198.51.100.61"], [403, True], [200, False]),
}
"""For each kind: what is asked, what is seen, what is seen without censors."""

CONTROLS = [
    (["dns", "news-one.example", HONEST], [["198.51.100.20"]]),
    (["system", "news-one.example"], ["198.51.100.20"]),
    (["tcp", "198.51.100.20", 443], "ok"),
    (["tls", "news-one.example", "198.51.100.20"], "ok"),
    (["http", "library-one.example", "198.51.100.60", "/other-chapter"], [200, False]),
]
"""Asked at the same time, and the same with censors and without."""


def simple(check, seen):
    """Only what the case is about: answers without TTL and time, a connection without its time."""
    if check[0] == "dns":
        return [answer for answer, _, _ in seen]
    return seen[0] if check[0] == "tcp" else seen


@pytest.fixture(scope="module")
def censored(lab_of, ask):
    """What the client saw of every case and control, and the truth that was logged."""
    checks = [case[0] for case in CASES.values()] + [check for check, _ in CONTROLS]
    with lab_of(DEMO) as lab:
        seen = ask(lab, *checks)
        return [simple(*pair) for pair in zip(checks, seen, strict=True)], lab.truth()


@pytest.fixture(scope="module")
def twin(lab_of, ask):
    """The same in the uncensored twin."""
    checks = [case[0] for case in CASES.values()] + [check for check, _ in CONTROLS]
    with lab_of(DEMO.uncensored()) as lab:
        seen = ask(lab, *checks)
        return [simple(*pair) for pair in zip(checks, seen, strict=True)], lab.truth()


@pytest.mark.parametrize("kind", CASES)
def test_a_censor_does_what_it_is_called(censored, kind):
    """A program in the client sees exactly the interference of this kind, and the truth says so."""
    seen, truth = censored
    assert seen[list(CASES).index(kind)] == CASES[kind][1]
    assert kind in {event.kind for event in truth}


@pytest.mark.parametrize("kind", CASES)
def test_the_uncensored_twin_lets_it_pass(twin, kind):
    """The same question without the censor has its true answer."""
    seen, _ = twin
    assert seen[list(CASES).index(kind)] == CASES[kind][2]


def test_controls_pass_with_and_without_censors(censored, twin):
    """Other names, addresses and paths, at the same time."""
    for seen, _ in (censored, twin):
        assert seen[len(CASES) :] == [expected for _, expected in CONTROLS]


def test_without_censors_the_truth_is_empty(twin):
    """Nothing is logged that nobody did."""
    assert twin[1] == []


def test_injected_answers_come_first_with_another_ttl(lab_of, ask):
    """Three false from hop 3 (TTL 61), then the true one from behind hop 8 (56); also from where no resolver is."""
    with lab_of(DEMO) as lab:
        answers, dark, six = ask(
            lab,
            ["dns", "www.injected-one.example", HONEST],
            ["dns", "kw-bravo.www.baseline-a.example", DARK],
            ["dns", "injected-two.example", "2001:db8:53::53", "AAAA"],
        )
    assert [ttl for _, ttl, _ in answers] == [61, 61, 61, 56]
    assert all(milliseconds < 50 for _, _, milliseconds in answers[:3])
    assert answers[3][2] >= 50
    assert [said for said, _, _ in dark[:3]] == [["203.0.113.66"], ["203.0.113.67"], ["203.0.113.68"]]
    assert [said for said, _, _ in six] == [["2001:db8:66::1"], ["2001:db8:2::51"]]


def test_residual_blocking_hits_the_control_for_a_while(lab_of, ask):
    """After a hit the same address and port refuses any name; another port does not; after its time all is well."""
    with lab_of(DEMO) as lab:
        ((first, at_once, other_port, later),) = ask(
            lab, ["tls_then", "named-one.example", "198.51.100.56", "named-one.example.test", 1.0]
        )
        truth = [event.kind for event in lab.truth()]
    assert first == "ConnectionResetError"
    assert at_once == "ConnectionRefusedError"
    assert other_port == "ok"
    assert later.startswith("Hostname mismatch"), "the server itself answered"
    assert truth == ["sni-reset", "residual"]


def test_a_keyword_cut_into_segments_is_still_found(lab_of, ask):
    """The censor puts the stream together."""
    with lab_of(DEMO) as lab:
        whole, cut = ask(
            lab,
            ["http", "library-one.example", "198.51.100.60", "/lost-chapter", 1.0, 1],
            ["http", "library-one.example", "198.51.100.60", "/lost-chapter", 1.0, 9],
        )
    assert whole == cut == "ConnectionResetError"


def test_ipv6_is_censored_like_ipv4(lab_of, ask):
    """A name is reset on both, and the control passes on both."""
    with lab_of(DEMO) as lab:
        seen = ask(
            lab,
            ["tls", "named-two.example", "2001:db8:2::57"],
            ["tls", "wiki-two.example", "2001:db8:2::21"],
            ["tls", "wiki-two.example", "198.51.100.21"],
        )
    assert seen == ["ConnectionResetError", "ok", "ok"]
