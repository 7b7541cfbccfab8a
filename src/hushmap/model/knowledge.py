"""What judging knows beside the record: fingerprints, with the hash of the files they came from."""

import msgspec


class Fingerprint(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A mark by which a block notice is known."""

    id: str
    where: str
    """`body`, `title`, `header.NAME`, `location`, `dns` (an address) or `certificate` (its issuer or subject)."""
    pattern: str
    kind: str = "contains"
    """`contains`, `prefix`, `full` or `regexp` (see `expression`)."""
    scope: str = "nat"
    """nat, isp, prod, inst, unk (nobody knows whose: not of a page that refuses by its status), or one that accuses
    nobody: vbw (vague wording), injb (an injection that is no block), prov (the site's own provider), fp (a false
    positive: clears)."""
    countries: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    """Sites, with those below them, for which it holds; empty: all. Negative fingerprints are scoped by it."""
    source: str = ""
    notice: str = ""


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """One value with everything that rules may consult; `sha256` covers the files it was read from."""

    fingerprints: tuple[Fingerprint, ...] = ()
    sha256: str = ""
