"""Tests of hushmap.experiments.registry."""

from importlib.resources import files
from pathlib import Path

import pytest

from doors import endpoint, target
from hushmap.catalog import read_platform
from hushmap.experiments.registry import CONTACTS_A_DAY, EXPERIMENTS, open_inquiry, worst_case
from hushmap.model import Live, Place, Post, Target
from worlds import conditions

PLATFORM = read_platform(Path(str(files("hushmap.lab.platform"))) / "driftwood.toml")
TARGETS = {
    "web": Target(experiment="web", text="https://news.example/"),
    "dns": Target(experiment="dns", text="news.example"),
    "sni": Target(experiment="sni", text="news.example"),
    "encrypted_dns": Target(experiment="encrypted_dns", text="tls://dns.example"),
    "quic": Target(experiment="quic", text="news.example"),
    "ech": Target(experiment="ech", text="news.example"),
    "throttle": Target(experiment="throttle", text="https://news.example/"),
    "residual": Target(experiment="residual", text="news.example"),
    "hops": Target(experiment="hops", text="https://news.example/"),
    "keyword": Target(experiment="keyword", text="kw-alpha", place=Place.HTTP_PATH),
    "calibrate": Target(experiment="calibrate", text="kw-alpha", place=Place.HTTP_PATH, canary=True),
    "screen": Target(experiment="screen", text="words#1", place=Place.HTTP_PATH, words=("kw-alpha", "kw-beta")),
    "isolate": Target(experiment="isolate", text="some text", place=Place.HTTP_PATH),
    "domain": Target(experiment="domain", text="news.example", place=Place.TLS_SNI),
    "middlebox": Target(experiment="middlebox", text="odd-headers"),
    "search": Target(experiment="search", text="kw-alpha", platform=PLATFORM),
    "watch": Target(experiment="watch", text="post-a", post=Post(platform=PLATFORM, twins=("post-b",))),
    "service": target(endpoint(Live.STUN, "stun.chat.example")),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_each_experiment_opens_a_conversation_and_has_a_price(name):
    """What it takes if all is well is no more than the worst case, which keeps the day's contacts."""
    spec, target = EXPERIMENTS[name], TARGETS[name]
    assert spec.name == open_inquiry(target, conditions(), 1).experiment == name
    assert spec.asks.endswith("?")
    cost = worst_case(target, conditions())
    assert 0 < cost.requests_min <= cost.requests_max
    assert 0 < cost.bytes_min <= cost.bytes_max
    assert 0 < cost.seconds_min <= cost.seconds_max
    assert cost.contacts_max <= CONTACTS_A_DAY


def test_a_lab_is_faster_by_its_scale():
    """Nothing else about the price changes."""
    target = TARGETS["web"]
    plain, quick = worst_case(target, conditions()), worst_case(target, conditions(scale=5.0))
    assert quick.seconds_max == pytest.approx(plain.seconds_max / 5)
    assert plain.requests_min == worst_case(target, conditions(dark=None)).requests_min == 3


def test_what_cannot_be_asked_about_is_refused_at_once():
    """No such experiment, no URL, no name."""
    with pytest.raises(KeyError):
        open_inquiry(Target(experiment="tea-leaves", text="x"), conditions(), 1)
    with pytest.raises(ValueError, match=r"."):
        open_inquiry(Target(experiment="web", text="no url"), conditions(), 1)
