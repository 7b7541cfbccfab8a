"""Services: `probes/services/NAME.toml`, one file each, as lists call them.

A file says which endpoints a service has, what a live one answers, and which of them it takes; each with the document
that says so and its date, for endpoints move. Beside a list of somebody else's its own services come first.
"""

import re
from base64 import b64decode
from pathlib import Path

from hushmap.catalog.errors import among, shown
from hushmap.catalog.excluded import exclusions
from hushmap.catalog.names import NameFaultError, public_name
from hushmap.catalog.places import probes_dir
from hushmap.catalog.source import read
from hushmap.catalog.tables import FILE_NAME, Table, iso_day, parse
from hushmap.model import CATEGORIES, Endpoint, Group, Live, Service, Transport, is_address, is_public

MAX_ENDPOINTS = 16
"""Each costs some contacts, and pairs where it fails; a service of more is asked in part."""
_PATH = re.compile(r"/[!-~]{0,199}")
_KEY = 32
"""Bytes of a public key (X25519)."""
_NEEDS = {"any": False, "every": True}
_PORTS = {
    Live.HTTP: 80,
    Live.HTTPS: 443,
    Live.TLS: 443,
    Live.DNS: 53,
    Live.STUN: 3478,
    Live.WIREGUARD: 51820,
    Live.OPENVPN: 1194,
}
"""IANA's, where there is one."""
_CARRIERS = {
    Live.DNS: (Transport.UDP,),
    Live.STUN: (Transport.UDP,),
    Live.WIREGUARD: (Transport.UDP,),
    Live.OPENVPN: (Transport.UDP, Transport.TCP),
}
"""What carries it, the usual one first; TCP where nothing stands here."""
_KEYS = {"group", "name", "address", "port", "answers", "transport", "path", "verify", "key", "source", "date"}


def service_path(name: str, beside: Path) -> Path | None:
    """The file of a service: next to the folder of the list that names it, in it, or shipped."""
    for folder in (beside / "services", beside.parent / "services", probes_dir() / "services"):
        path = folder / f"{name}.toml"
        if FILE_NAME.fullmatch(name) and path.is_file():
            return path
    return None


def read_service(path: Path | str) -> Service:
    """Read a service; `CatalogError` at the first fault."""
    source = read(Path(path))
    table = parse(source)
    table.only({"name", "title", "category", "group", "endpoint"})
    name = table.file_name("name")
    category = table.text("category")
    if category not in CATEGORIES:
        remedy = f"use one of {' '.join(sorted(CATEGORIES))}"
        raise table.fault("category", f"unknown category {shown(category)}", remedy)
    groups = tuple(_group(each) for each in table.tables("group"))
    known = [group.name for group in groups]
    if len(set(known)) < len(known):
        raise table.fault("group", "two groups of one name", "give each a name of its own")
    endpoints = tuple(_endpoint(each, known) for each in table.tables("endpoint"))
    _whole(table, groups, endpoints)
    title = table.text("title")
    _allowed(table, "title", title)
    return Service(name=name, title=title, category=category, groups=groups, endpoints=endpoints)


def _whole(table: Table, groups: tuple[Group, ...], endpoints: tuple[Endpoint, ...]) -> None:
    """What no single endpoint shows."""
    if len(endpoints) > MAX_ENDPOINTS:
        raise table.fault("endpoint", f"more than {MAX_ENDPOINTS} endpoints", "keep those that tell most")
    used = {endpoint.group for endpoint in endpoints}
    for group in groups:
        if group.name not in used:
            raise table.fault("group", f"group {shown(group.name)} has no endpoint", "give it one, or remove it")
    places = [(endpoint.text, endpoint.answers, endpoint.transport, endpoint.path) for endpoint in endpoints]
    for place in places:
        if places.count(place) > 1:
            raise table.fault("endpoint", f"{place[0]} is asked the same twice", "remove one of them")


def _group(table: Table) -> Group:
    table.only({"name", "needs"})
    needs = table.text("needs", "any")
    if needs not in _NEEDS:
        raise table.fault("needs", f"unknown needs {shown(needs)}", "use any or every")
    return Group(name=table.text("name"), every=_NEEDS[needs])


def _endpoint(table: Table, groups: list[str]) -> Endpoint:
    table.only(_KEYS)
    group = table.text("group", groups[0])
    if group not in groups:
        raise table.fault("group", f"there is no group {shown(group)}", f"use {among(groups)}")
    kind = table.text("answers")
    if kind not in set(Live):
        raise table.fault("answers", f"unknown answer {shown(kind)}", f"use {among(Live)}")
    answers = Live(kind)
    name, address = _host(table, answers)
    path = table.text("path", "/")
    if not _PATH.fullmatch(path):
        raise table.fault("path", f"{shown(path)} is no path", "begin with /, and percent-encode the rest")
    _allowed(table, "path", path)
    return Endpoint(
        group=group,
        answers=answers,
        port=_port(table, answers),
        name=name,
        address=address,
        transport=_transport(table, answers),
        path=path,
        verify=_verify(table),
        key=_key(table, answers),
        source=table.text("source"),
        date=_date(table),
    )


def _host(table: Table, answers: Live) -> tuple[str | None, str | None]:
    """The name or the address; a page without a name is nobody's, a resolver is asked at its address."""
    given = [key for key in ("name", "address") if key in table.values]
    if len(given) != 1:
        raise table.fault("name", f"{len(given)} of name and address", "write one of them")
    if given == ["name"]:
        if answers is Live.DNS:
            raise table.fault("name", "a resolver is asked at its address", "write address")
        try:
            name = public_name(table.text("name"))
        except NameFaultError as fault:
            what, remedy = fault.args
            raise table.fault("name", f"{shown(table.text('name'))} {what}", remedy) from None
        _allowed(table, "name", name)
        return name, None
    address = table.text("address")
    if answers in {Live.HTTP, Live.HTTPS}:
        raise table.fault("address", "a page needs the name of its site", "write name")
    if not is_address(address) or not is_public(address):
        raise table.fault("address", f"{shown(address)} is no address of the public internet", "write one that is")
    return None, address


def _port(table: Table, answers: Live) -> int:
    port = table.values.get("port", _PORTS.get(answers))
    if port is None:
        raise table.fault("port", f"no port, and {answers} has none of its own", "add port = 443, say")
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise table.fault("port", f"{shown(str(port))} is no port", "write a number from 1 to 65535")
    return port


def _transport(table: Table, answers: Live) -> Transport:
    carriers = _CARRIERS.get(answers, (Transport.TCP,))
    given = table.text("transport", carriers[0])
    if given not in carriers:
        raise table.fault("transport", f"{answers} does not go over {shown(given)}", f"use {' or '.join(carriers)}")
    return Transport(given)


def _verify(table: Table) -> bool:
    verify = table.values.get("verify", True)
    if not isinstance(verify, bool):
        raise table.fault("verify", "verify is neither true nor false", "write verify = false, or leave it out")
    return verify


def _key(table: Table, answers: Live) -> str | None:
    if "key" not in table.values:
        return None
    key = table.text("key")
    try:
        size = len(b64decode(key, validate=True))
    except ValueError:  # binascii's own is one; letters beyond ASCII are another
        size = 0
    if answers is not Live.WIREGUARD or size != _KEY:
        raise table.fault("key", "is no public key of WireGuard", f"write its {_KEY} bytes in base64")
    return key


def _date(table: Table) -> str:
    text = table.text("date")
    if iso_day(text) is None:
        raise table.fault("date", f"{shown(text)} is not a date", "write YYYY-MM-DD")
    return text


def _allowed(table: Table, key: str, text: str) -> None:
    if exclusions().hit(text):
        raise table.fault(key, "is on the hard exclusion list", "remove it: this has no switch (ETHICS.md)")
