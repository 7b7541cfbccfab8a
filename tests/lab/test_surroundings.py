"""The client's surroundings and the servers' ways by real packets: what a program there sees of each."""

import subprocess
import time

from hushmap.lab.changes import MOVED_RESOLVER
from hushmap.lab.scenario import parse_scenario
from hushmap.lab.tunnel import TUNNEL

SERVERS = parse_scenario(
    """
    name = "x"
    [client]
    resolver = "silent"
    nat64 = true
    cgnat_flows = 12
    hosts = { "ads.example" = "0.0.0.0" }
    [[censor]]
    kind = "tls-mitm"
    names = ["intercepted.example"]
    to = ["198.51.100.251"]
    [[site]]
    name = "box.example"
    addresses = ["198.51.100.251"]
    https = "interceptor"
    [[site]]
    name = "good.example"
    addresses = ["198.51.100.20"]
    [[site]]
    name = "alerting.example"
    addresses = ["198.51.100.21"]
    alert_sni = true
    [[site]]
    name = "geo.example"
    addresses = ["198.51.100.21"]
    geo = "alert"
    [[site]]
    name = "cdn.example"
    addresses = ["198.51.100.22"]
    elsewhere_addresses = ["198.51.100.23"]
    [[site]]
    name = "intercepted.example"
    addresses = ["198.51.100.24"]
    """
)


def moving(kind):
    """A network that changes at once."""
    return parse_scenario(
        f'name = "x"\n[[change]]\nat_s = 0.0\nkind = "{kind}"\n'
        '[[censor]]\nkind = "address-drop"\naddresses = ["198.51.100.20"]\n'
        '[[site]]\nname = "a.example"\naddresses = ["198.51.100.20"]\n'
    )


def shown(lab, command):
    """What a command in the client prints."""
    return subprocess.Popen.communicate(
        lab.client(["sh", "-c", command], stdout=subprocess.PIPE, text=True), timeout=20
    )[0]


def test_servers_and_resolvers_behave_as_the_scenario_says(lab_of, ask):
    """Alerts, a translator's address, a silent resolver, a line of the hosts file, another address elsewhere, a box."""
    cases = [
        (["tls", "good.example", "198.51.100.20"], "ok"),
        (["tls", "good.example", "64:ff9b::c633:6414"], "ok"),
        (["tls", "other.example", "198.51.100.21"], "SSLError"),
        (["tls", "geo.example", "198.51.100.21"], "SSLError"),
        (["tls", "alerting.example", "198.51.100.21"], "ok"),
        (["tls", "intercepted.example", "198.51.100.24"], "unable to get local issuer certificate"),
        (["dns", "good.example", "198.51.100.53"], []),
        (["dns", "cdn.example", "203.0.113.53"], ["198.51.100.22"]),
        (["system", "ads.example"], ["0.0.0.0"]),
    ]
    with lab_of(SERVERS) as lab:
        seen = ask(lab, *[check for check, _ in cases])
        many = ask(lab, *[["tcp", "198.51.100.20", 443, 0.5]] * 16)
        truth = {(event.by, event.kind) for event in lab.truth()}
    for (check, expected), found in zip(cases, seen, strict=True):
        said = found[0][0] if check[0] == "dns" and found else found
        assert said == expected, check
    assert "timeout" in [said for said, _ in many], "the NAT has no port left"
    assert truth == {("path", "tls-mitm"), ("line", "cgnat")}


def test_a_network_is_lost_moved_or_hidden_in_mid_run(lab_of, ask):
    """From the client's first packet on: no route, another resolver and address, a tunnel for the default route."""
    signs = {
        "lost": ("cat /proc/net/route", "wan", False),
        "moved": ("cat /etc/resolv.conf", MOVED_RESOLVER, True),
        "vpn": ("cat /proc/net/route", TUNNEL, True),
    }
    for kind, (command, sign, there) in signs.items():
        with lab_of(moving(kind)) as lab:
            assert (sign in shown(lab, command)) is not there
            ask(lab, ["tcp", "198.51.100.20", 443, 0.2])
            until = time.monotonic() + 5.0
            while (sign in shown(lab, command)) is not there and time.monotonic() < until:
                time.sleep(0.1)
            assert (sign in shown(lab, command)) is there, kind


def test_a_tunnel_leads_past_the_censors(lab_of, ask):
    """A real VPN: the address that the path drops answers once the tunnel is up, page and certificate."""
    with lab_of(moving("vpn")) as lab:
        assert ask(lab, ["tcp", "198.51.100.20", 443, 0.5])[0][0] == "timeout"
        until = time.monotonic() + 5.0
        while TUNNEL not in shown(lab, "cat /proc/net/route") and time.monotonic() < until:
            time.sleep(0.1)
        assert ask(lab, ["tls", "a.example", "198.51.100.20"]) == ["ok"]


def test_the_resolver_tells_every_lie_and_dies(lab_of, ask):
    """Each kind by datagram, the truth at the other resolver; after its time the provider's says nothing at all."""
    lies = {
        "nxdomain": "dns_nxdomain_error",
        "refused": "dns_refused_error",
        "servfail": "dns_servfail_error",
        "empty": "dns_no_answer",
        "silent": None,
        "bogon": ["10.0.0.1"],
        "other": ["198.51.100.21"],
        "address": ["198.51.100.250"],
    }
    text = 'name = "x"\n[client]\nresolver = "silent"\nresolver_from_s = 3.0\n'
    for kind, said in lies.items():
        text += f'[[censor]]\nkind = "resolver-{kind}"\nnames = ["{kind}.example"]\n'
        text += f"addresses = {said!r}\n" if isinstance(said, list) else ""
        text += f'[[site]]\nname = "{kind}.example"\naddresses = ["198.51.100.20"]\n'
    with lab_of(parse_scenario(text)) as lab:
        heard = ask(lab, *[["dns", f"{kind}.example", "198.51.100.53"] for kind in lies])
        true = ask(lab, *[["dns", f"{kind}.example", "203.0.113.53"] for kind in lies])
        until = time.monotonic() + 8.0
        while ask(lab, ["dns", "x.example", "198.51.100.53"])[0] and time.monotonic() < until:
            time.sleep(0.2)
        dead, alive = ask(lab, ["dns", "other.example", "198.51.100.53"], ["dns", "other.example", "203.0.113.53"])
    assert {kind: found[0][0] if found else None for kind, found in zip(lies, heard, strict=True)} == lies
    assert [found[0][0] for found in true] == [["198.51.100.20"]] * len(lies)
    assert (dead, alive[0][0]) == ([], ["198.51.100.20"])


def test_only_a_client_without_time_stamps_meets_a_filter_of_bare_headers(lab_of, ask):
    """Henan's filter fires if the TCP header has 20 bytes, which a usual client never sends (refs/BEYOND 2.6)."""
    for stamps, said in ((True, "ok"), (False, "ConnectionResetError")):
        scenario = parse_scenario(
            f'name = "x"\n[client]\ntimestamps = {str(stamps).lower()}\n'
            '[[censor]]\nkind = "sni-reset"\nnames = ["a.example"]\nbare_header = true\nreassembly = "none"\n'
            '[[site]]\nname = "a.example"\naddresses = ["198.51.100.20"]\n'
        )
        with lab_of(scenario) as lab:
            assert ask(lab, ["tls", "a.example", "198.51.100.20"]) == [said]
