"""What judging knows beside the record: fingerprints, with the hash of the files they came from."""

import msgspec


class Fingerprint(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A mark by which a block notice is known."""

    id: str
    where: str
    """`body`, `title`, `header.NAME`, `location`, `dns` (an address) or `certificate` (its issuer or subject)."""
    pattern: str
    kind: str = "contains"
    """`contains`, `prefix`, `full` or `regexp`."""
    scope: str = "nat"
    """nat, isp, prod, inst, vbw (vague wording) or fp (known false positive: clears instead of accusing)."""
    countries: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    """Sites, with those below them, for which it holds; empty: all. Negative fingerprints are scoped by it."""
    source: str = ""
    notice: str = ""


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """One value with everything that rules may consult; `sha256` covers the files it was read from."""

    fingerprints: tuple[Fingerprint, ...] = ()
    sha256: str = ""
