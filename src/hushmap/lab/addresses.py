"""The lab's map: which address is who.

All ranges are set aside for documentation or benchmarks (RFC 5737, 3849, 2544), so that a record made in the lab can
never be mistaken for one of a real network.
"""

CLIENT = "198.18.0.2"
CLIENT6 = "2001:db8::2"
HELPER = "203.0.113.10"
ISP_RESOLVER = "198.51.100.53"
"""Of the client's provider: censors that act in a resolver act in this one."""
HONEST_RESOLVER = "203.0.113.53"
"""Answers as the scenario's zone says, to everyone; also the helper's own."""
HONEST_RESOLVER6 = "2001:db8:53::53"

HELPER_PORT = 8443
ECHO_HTTP = 80
ECHO_TLS = 443
ECHO_TCP = 7
ECHO_QUIC = 443
"""The echo ports are the protocols' own: on another port a censor may not look (METHOD 3)."""

DEVICE = "wan"
COUNTRY = "XL"
"""User-assigned (ISO 3166, XA to XZ): the lab is in no country."""
NETWORK = "AS64496 Lab-Net"
"""An AS number for documentation (RFC 5398)."""
TOKEN_FILE = "/run/hushmap-lab/token"  # noqa: S105 (where it lies, not what it is)
"""In the client's own /run: the lab's word, which its clients also have in their environment. Addresses prove
nothing: VPN clients that work by a TUN device give themselves ones of RFC 2544 too."""
TOKEN_NAME = "HUSHMAP_LAB_TOKEN"  # noqa: S105 (the variable's name)

SYSTEM_STORE = "system.pem"
"""Lies beside the lab's roots and holds them and the interceptor's, for a client whose system store trusts that."""


def hop(number: int) -> tuple[str, str]:
    """The v4 and v6 address of virtual router `number`, counted from the client."""
    return f"198.18.1.{number}", f"2001:db8:1::{number:x}"


def other_address(number: int) -> tuple[str, str]:
    """The address of virtual router `number` on another of its ports."""
    return f"198.18.2.{number}", f"2001:db8:9::{number:x}"
