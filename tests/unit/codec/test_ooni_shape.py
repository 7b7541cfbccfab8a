"""The shape of an OONI measurement: required keys, and the values that mean nothing."""

import msgspec

from hushmap.codec.ooni_shape import Measurement, Request, Response, WebKeys

KEYS = WebKeys(control_failure=None, control=None, x_hushmap={}, x_hushmap_trials=())


def test_every_required_key_is_one():
    """df-000 marks what must be there; a Struct without defaults cannot leave it out."""
    required = {field.encode_name for field in msgspec.structs.fields(Measurement) if field.required}
    fixed = {field.encode_name for field in msgspec.structs.fields(Measurement)} - required
    assert {"measurement_start_time", "probe_asn", "probe_cc", "report_id", "test_keys", "test_version"} <= required
    assert {"data_format_version", "probe_ip", "test_name"} <= fixed


def test_a_verdict_is_never_claimed():
    """The keys that OONI's readers take for its verdict are null."""
    tree = msgspec.to_builtins(KEYS)
    assert {tree[key] for key in ("blocking", "accessible", "dns_consistency", "http_experiment_failure")} == {None}
    assert not {key for key in tree if key.startswith("x_") and key.endswith("flags")}


def test_what_we_do_not_send_or_keep_is_as_ooni_writes_it():
    """No request body, no Tor, and code 0 for no answer."""
    request = msgspec.to_builtins(Request(headers={}, headers_list=(), method="GET", url="https://news.example/"))
    assert request["tor"] == {"exit_ip": None, "exit_name": None, "is_tor": False}
    assert msgspec.to_builtins(Response()) == {
        "body": "",
        "body_is_truncated": False,
        "code": 0,
        "headers": {},
        "headers_list": (),
    }
