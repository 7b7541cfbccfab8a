"""The client's surroundings: what cannot be true of them."""

import pytest

from hushmap.lab.scenario_client import Change, ClientSettings, client_faults


def test_a_plain_client_has_no_fault():
    """Nor has one with every trouble."""
    assert client_faults(ClientSettings(), ()) == []
    client = ClientSettings(clock_s=-86400.0, hosts={"a.example": "0.0.0.0", "b.example": "::1"}, cgnat_flows=3)
    assert client_faults(client, (Change(at_s=0.0, kind="vpn"),)) == []


@pytest.mark.parametrize(
    ("client", "changes", "words"),
    [
        (ClientSettings(), (Change(at_s=-1.0, kind="lost"),), "at_s"),
        (ClientSettings(hosts={"a.example": "nowhere"}), (), "no address"),
        (ClientSettings(hosts={"a b": "0.0.0.0"}), (), "no name"),
        (ClientSettings(hosts={"": "0.0.0.0"}), (), "no name"),
        (ClientSettings(cgnat_flows=-1), (), "cgnat"),
        (ClientSettings(cgnat_idle_s=0.0), (), "cgnat"),
        (ClientSettings(clock_s=1e6), (), "ten days"),
        (ClientSettings(resolver_from_s=2.0), (), "resolver_from_s"),
        (ClientSettings(resolver="silent", resolver_from_s=-1.0), (), "resolver_from_s"),
    ],
)
def test_what_cannot_be_true_is_said(client, changes, words):
    """One line for each, with its table."""
    (fault,) = client_faults(client, changes)
    assert words in fault
    assert fault.startswith("[")
