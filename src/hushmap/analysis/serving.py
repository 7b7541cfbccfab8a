"""Which hosts belong to which service, as the shipped definitions have it."""

from functools import cache

from hushmap.catalog import probes_dir, read_service


@cache
def hosts_of_services() -> dict[str, str]:
    """The service of each host that one of `probes/services` names; of several the first by name."""
    owners: dict[str, str] = {}
    for path in sorted((probes_dir() / "services").glob("*.toml")):
        service = read_service(path)
        for endpoint in service.endpoints:
            if endpoint.name:
                owners.setdefault(endpoint.name, service.name)
    return owners
