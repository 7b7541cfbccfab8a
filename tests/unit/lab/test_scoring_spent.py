"""What a run spent on each target."""

import msgspec

from hushmap.lab.scoring_spent import Spent, read_spent, spent
from hushmap.model import Amend, Ask, Connect, Context, Failure, Layer, Record, Role, Side, Trial, Void

NEWS = "https://news.example/"


def record(*trials, target=NEWS, layer=None, context=None):
    """A record of these trials."""
    moment = "2026-11-22T00:00:00Z"
    return Record(
        id="r", run="x", experiment="web", target=target, layer=layer, started=moment, ended=moment,
        run_started=moment, trials=trials, context=context or Context(),
    )  # fmt: skip


def trial(number, **ask):
    """A trial that was carried out."""
    more = {name: ask.pop(name) for name in ("side", "role", "undone", "steps", "t0", "t") if name in ask}
    return Trial(id=number, ask=Ask(**ask), **more)


REFUSED = Connect(t0=0.0, t=0.1, address="198.51.100.1", port=443, failure=Failure.REFUSED)


def test_a_contact_is_a_trial_from_here_whose_packets_carry_the_name():
    """Lookup, server name, host header and URL; not the helper's, not a baseline's, not a bare connection."""
    found = spent(
        record(
            trial(1, layer=Layer.DNS, name="News.example.", qtype="A+AAAA"),
            trial(2, layer=Layer.TLS, sni="news.example"),
            trial(3, layer=Layer.HTTP, url="http://news.example/x"),
            trial(4, layer=Layer.HTTP, url="http://198.51.100.1/", host="news.example"),
            trial(5, layer=Layer.DNS, name="news.example", side=Side.HELPER),
            trial(6, layer=Layer.TLS, sni="base.example", role=Role.BASELINE),
            trial(7, layer=Layer.TCP, host="news.example"),
            trial(8, layer=Layer.TLS, sni="news.example", undone="budget"),
            trial(9, layer=Layer.TLS, sni="news.example", steps=(REFUSED,)),
        )
    )
    assert (found.trials, found.contacts) == (8, 4), "the name of the last was never said"


def test_what_was_void_was_sent_all_the_same():
    """A retry is one more contact."""
    some = [trial(number, layer=Layer.TLS, sni="news.example") for number in (1, 2)]
    void = Context(voids=(Void(trial=1, reason="network_lost"),))
    assert spent(record(*some, context=void)).contacts == 2


def test_a_harmless_name_is_no_contact_and_a_bare_name_is_a_target():
    """Nor is a URL that nothing can be sent to."""
    asked = trial(1, layer=Layer.DNS, name="news.example")
    assert spent(record(asked, target="news.example")).contacts == 1
    assert spent(record(asked, context=Context(baseline_names=("News.example",)))).contacts == 0
    assert spent(record(trial(1, layer=Layer.HTTP, url="http://[x/"))).contacts == 0


def test_a_word_to_a_helper_of_ones_own_is_no_contact():
    """By its address, or by the resolver that stands there; to anybody else it is one."""
    ours = Context(helper="203.0.113.10", dark="udp://203.0.113.10:53")
    found = spent(
        record(
            trial(1, layer=Layer.HTTP, url="http://x/kw", address="203.0.113.10"),
            trial(2, layer=Layer.DNS, name="kw.base.example", resolver="udp://203.0.113.10:53"),
            trial(3, layer=Layer.HTTP, url="http://x/kw", address="198.51.100.1"),
            target="kw",
            layer="http-path",
            context=ours,
        )
    )
    assert found.contacts == 1


def test_a_word_travels_with_subjects_and_canaries():
    """Baselines carry the harmless word."""
    found = spent(
        record(
            trial(1, layer=Layer.DNS, name="kw.base.example"),
            trial(2, layer=Layer.DNS, name="calm.base.example", role=Role.BASELINE),
            trial(3, layer=Layer.DNS, name="kw.base.example", role=Role.CANARY, t0=1.0, t=3.5),
            target="kw",
            layer="dns-name",
        )
    )
    assert found == Spent(trials=3, contacts=2, seconds=3.5)


def test_a_run_is_read_by_target_and_place(tmp_path):
    """Amend lines are no records; without a file nothing was spent."""
    lines = [record(), record(target="kw", layer="tls-sni"), Amend(record="r", voids=())]
    (tmp_path / "records.jsonl").write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    assert set(read_spent(tmp_path)) == {(NEWS, None), ("kw", "tls-sni")}
    assert read_spent(tmp_path / "none") == {}
