"""The innocents by real packets: each looks like trouble, and none is the network's doing."""

from hushmap.lab import load_scenario

DEMO = load_scenario("demo").quiet()


def test_each_innocent_behaves_as_the_scenario_says(lab_of, ask):
    """Certificates, refusals, dead addresses, a captcha, a geoblock: what a client sees of each."""
    cases = {
        "expired-one.example": (["tls", "expired-one.example", "198.51.100.29"], "certificate has expired"),
        "wrong-name-one.example": (["tls", "wrong-name-one.example", "198.51.100.30"], "Hostname mismatch"),
        "refused-one.example": (["tcp", "198.51.100.27", 443], "ConnectionRefusedError"),
        "silent-one.example": (["tcp", "198.51.100.28", 443], "timeout"),
        "half-one.example dead": (["tcp", "198.51.100.34", 443], "timeout"),
        "half-one.example alive": (["tls", "half-one.example", "198.51.100.33"], "ok"),
        "strict-one.example": (["tls", "strict-one.example", "198.51.100.35"], "ok"),
        "strict-one.example asked for another": (
            ["tls", "news-one.example", "198.51.100.35"],
            "ConnectionResetError",
        ),
        "geo-one.example": (["tcp", "198.51.100.36", 443], "timeout"),
        "captcha-one.example": (["tls", "captcha-one.example", "198.51.100.37"], "ok"),
        "gone-one.example": (["system", "gone-one.example"], "gaierror"),
        "near-one.example here": (["dns", "near-one.example", "198.51.100.53"], ["198.51.100.32"]),
        "near-one.example elsewhere": (["dns", "near-one.example", "203.0.113.53"], ["198.51.100.31"]),
        "wiki-two.example": (["system", "wiki-two.example"], ["198.51.100.21", "2001:db8:2::21"]),
    }
    with lab_of(DEMO) as lab:
        seen = ask(lab, *[check for check, _ in cases.values()])
        truth = {event.kind for event in lab.truth()}
    for (name, (check, expected)), found in zip(cases.items(), seen, strict=True):
        said = found[0][0] if check[0] == "dns" else found[0] if check[0] == "tcp" else found
        assert said == expected, name
    assert truth == {"geo-syn-drop"}, "only the site's own refusal is an act"
