"""A record's base as OONI's, by example."""

import msgspec
import pytest

from hushmap.codec.ooni_outline import outline_of, record_from, shift_of
from hushmap.codec.ooni_shape import WebKeys
from hushmap.model import Context, Record, Software, Vantage

VANTAGE = Vantage(country="XE", asn=64501, network="Net-A", resolver="192.0.2.53", resolver_asn=64502)
RECORD = Record(
    id="20261121T2233Z-3f9c-0007",
    run="20261121T2233Z-3f9c",
    experiment="web",
    target="https://news.example/",
    started="2026-11-21T22:34:10Z",
    ended="2026-11-21T22:36:40Z",
    run_started="2026-11-21T22:33:00Z",
    vantage=VANTAGE,
    software=Software(version="0.1.0"),
    annotations={"deck": "sites"},
)


def outlined(**changes):
    """The base of RECORD with other fields, after a look that it reads back."""
    record = msgspec.structs.replace(RECORD, **changes)
    keys = WebKeys(control_failure=None, control=None, x_hushmap={}, x_hushmap_trials=())
    line = outline_of(record, keys)
    assert msgspec.convert(record_from(line), Record) == record
    return line


def test_the_base():
    """Every key of OONI's says what our record says."""
    line = outlined()
    assert (line.id, line.report_id, line.input) == (RECORD.id, RECORD.run, RECORD.target)
    assert (line.measurement_start_time, line.test_start_time) == ("2026-11-21 22:34:10", "2026-11-21 22:33:00")
    assert (line.test_runtime, shift_of(line)) == (150.0, 70.0)
    assert (line.probe_cc, line.probe_asn, line.probe_network_name) == ("XE", "AS64501", "Net-A")
    assert (line.resolver_ip, line.resolver_asn) == ("192.0.2.53", "AS64502")
    assert (line.software_name, line.software_version, line.annotations) == ("hushmap", "0.1.0", {"deck": "sites"})
    assert (line.probe_ip, line.test_name, line.test_version) == ("127.0.0.1", "web_connectivity", "0.5.0+hushmap.1")
    assert line.test_keys.x_hushmap == {"v": 1}
    assert line.test_helpers == {}


def test_what_is_unknown():
    """OONI has a value for each; none of them is ours."""
    line = outlined(vantage=Vantage())
    assert (line.probe_cc, line.probe_asn, line.probe_network_name) == ("ZZ", "AS0", "")
    assert (line.resolver_ip, line.resolver_asn) == (msgspec.UNSET, "AS0")
    assert outlined(vantage=Vantage(country="Exampleland", asn=-3)).probe_cc == "ZZ"


@pytest.mark.parametrize("resolver", ["192.168.1.1", "127.0.0.53", "fe80::1", "fd00::53", "system", ""])
def test_a_resolver_of_the_local_network_is_not_told(resolver):
    """OONI's readers would look for its network."""
    line = outlined(vantage=Vantage(resolver=resolver))
    assert line.resolver_ip is msgspec.UNSET
    assert line.test_keys.x_hushmap["vantage"] == {"resolver": resolver}


def test_what_the_base_lacks():
    """Facts of the run, and how the vantage is known, stand under our key, and only they."""
    found = outlined(
        category="NEWS",
        canary=True,
        context=Context(helper="203.0.113.10"),
        vantage=msgspec.structs.replace(VANTAGE, kind="home", known={"asn": "declared"}),
        software=Software(version="0.1.0", python="3.11.2"),
    )
    assert found.test_helpers["backend"].address == "203.0.113.10"
    assert found.test_keys.x_hushmap == {
        "v": 1,
        "category": "NEWS",
        "canary": True,
        "context": {"helper": "203.0.113.10"},
        "vantage": {"kind": "home", "known": {"asn": "declared"}},
        "software": {"python": "3.11.2"},
    }


@pytest.mark.parametrize(("helper", "kind"), [("203.0.113.10", "hushmap"), ("https://th.example", "https")])
def test_the_helper(helper, kind):
    """One of OONI's kind is named as OONI names it."""
    backend = outlined(context=Context(helper=helper)).test_helpers["backend"]
    assert (backend.address, backend.type) == (helper, kind)


@pytest.mark.parametrize("field", ["started", "ended", "run_started"])
def test_a_time_that_is_none(field):
    """A record without times cannot be placed in OONI's."""
    with pytest.raises(ValueError, match=rf"is no time - at `\$.{field}`"):
        outlined(**{field: "soon"})


def tampered(**ours):
    """The tree of a base that says this of what it lacks."""
    line = outlined()
    keys = msgspec.structs.replace(line.test_keys, x_hushmap=ours)
    return record_from(msgspec.structs.replace(line, test_keys=keys))


@pytest.mark.parametrize("number", [None, "1", 0, 2, 10**30])
def test_a_schema_number_that_is_not_read(number):
    """What a later version wrote is refused by name."""
    with pytest.raises(ValueError, match=r"schema number .* is none that this Hushmap reads \(1 to 1\)"):
        tampered(v=number)


def test_what_is_said_to_lack_may_be_nonsense():
    """It is left to the model to refuse; what is no record of `web` cannot be had by it."""
    assert tampered(v=1, vantage=7)["vantage"] == 7
    assert tampered(v=1, experiment="keyword", source={}, kind="amend")["experiment"] == "web"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(tampered(v=1, vantage=7), Record)
