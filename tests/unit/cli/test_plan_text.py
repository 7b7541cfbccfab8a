"""A plan as lines."""

from hushmap.catalog import open_deck, switch
from hushmap.cli.plan_text import PlanText, lines, request
from hushmap.model import Ask, Layer, Part, Place, Target, Vantage
from hushmap.runner import HelperPlace, RunPlan, SeenBy, preview
from unit.cli.scene import changed

SITES = tuple(
    Target(experiment="web", text=f"https://site-{number}.example/", category=category)
    for number, category in enumerate(("NEWS", "NEWS", "HUMR", "LGBT"))
)
RUN = RunPlan(
    run="", deck="my-sites", targets=SITES[:3], off=SITES[3:], baselines=("www.example.com", "www.iana.org"),
    resolvers=("system",), helper=HelperPlace(address="203.0.113.10", http=80, tls=443, tcp=7, dark=True),
)  # fmt: skip
TEXT = PlanText(
    plan=preview(RUN),
    on=RUN.targets,
    off=RUN.off,
    parts=(Part(experiment="web", list="my-sites.csv", sha256="9f2c41" + "0" * 58, targets=SITES),),
    vantage=Vantage(asn=64501, network="Net-A", country="XE", known={"asn": "declared"}),
    resolvers=("192.0.2.53",),
    where="results/runs",
    command=("my-sites",),
)


def test_a_plan_reads_as_the_mock_up():
    """What, from where, how, who sees, consent, and what to type next."""
    plan = TEXT.plan
    assert list(lines(TEXT)) == [
        "Nothing has been sent. This is what hushmap run would do.",
        "my-sites · 3 sites · experiment web · list my-sites.csv (sha256 9f2c41…)",
        "What      2 news, 1 human rights",
        "          1 more row stays off: 1 LGBT (LGBT); switch on one by one, e.g. --with LGBT",
        "From      Net-A (AS64501), XE: declared by you · DNS server 192.0.2.53",
        "How       one attempt each; more, beside a harmless twin, only where something looks wrong",
        (
            f"          {plan.requests.min:,.0f} requests if all is well, at most {plan.requests.max:,.0f} · at most 20 a "
            "second, 1 a second to one host"
        ),
        *_how(lines(TEXT)),
        "          one name is sent from this line at most 24 times a day",
        "Who sees  your provider and anyone on the line  the 3 names, asked in a row, from your line",
        "          the 3 sites                           your address, a page load",
        "          your system's DNS server              the 3 names",
        "          helper 203.0.113.10                   the 3 names and your address",
        "          www.example.com, www.iana.org         your address, every minute of the run",
        "          nobody else                           results stay in results/runs until you publish them",
        "Consent   asked by hushmap run, before anything is sent",
        "Every first request, one a line, and what may follow: hushmap plan my-sites --all",
        "Start: hushmap run my-sites",
    ]


def _how(found):
    """Time and data, whose numbers follow from the experiments."""
    every = list(found)
    start = next(number for number, line in enumerate(every) if line.startswith("          about "))
    end = next(number for number, line in enumerate(every) if "one name is sent" in line)
    assert "(stop earlier: --max-data" in " ".join(every[start:end])
    return every[start:end]


def test_words_need_a_helper_and_the_plan_says_so():
    """Without a helper no word would be sent, and none of them decided."""
    deck = open_deck("words-china")
    on, off = switch(deck.targets)
    run = changed(RUN, targets=on, off=off, helper=None)
    text = "\n".join(lines(changed(TEXT, plan=preview(run), on=on, off=off, parts=deck.parts)))
    assert f"{len(on)} words · experiment keyword" in text
    assert f"{len(on)} words would not be sent anywhere" in text


def test_a_long_name_is_broken_and_the_columns_stay():
    """Who sees is a table: what stands in its second column begins under it, whatever stands in its first."""
    who = ", ".join(f"2001:db8::{number}" for number in range(9))
    plan = changed(TEXT.plan, seen_by=(SeenBy(who=who, what="the " * 30),))
    text = list(lines(changed(TEXT, plan=plan)))
    rows = text[next(number for number, line in enumerate(text) if line.startswith("Who sees")) :]
    rows = rows[: next(number for number, line in enumerate(rows) if line.startswith("Consent"))]
    assert len(rows) > 3
    assert {line[54:57] for line in rows if line[54:]} == {"the", "res"}
    assert all(len(line) <= 100 and line[52:54] in {"", "  "} for line in rows)


def test_nothing_is_on():
    """A plan in which everything is off says so, and nobody sees anything."""
    run = changed(RUN, targets=(), off=SITES)
    text = list(lines(changed(TEXT, plan=preview(run), on=(), off=SITES, resolvers=())))
    assert "What      nothing: every target is off" in text
    assert any(line.startswith("Who sees  nobody else") for line in text)
    assert not any(line.startswith(("How", "Consent")) for line in text)
    assert "DNS server unknown" in " ".join(text)


def test_several_experiments_and_both_kinds_are_named():
    """Sites and words, and every experiment, stand in the first line."""
    word = Target(experiment="keyword", text="weather", place=Place.HTTP_PATH, category="MISC")
    run = changed(RUN, targets=(*SITES[:1], word), off=())
    assert (
        "1 site and 1 word · experiments keyword and web"
        in list(lines(changed(TEXT, plan=preview(run), on=run.targets, off=())))[1]
    )


def test_every_layer_of_a_request_has_words():
    """An ask of each layer is one line."""
    place = {"address": "203.0.113.7", "port": 443}
    asks = [
        Ask(layer=Layer.DNS, name="a.example", qtype="A+AAAA", resolver="system"),
        Ask(layer=Layer.TCP, **place),
        Ask(layer=Layer.TLS, sni="a.example", **place),
        Ask(layer=Layer.HTTP, url="https://a.example/", address="203.0.113.7"),
        Ask(layer=Layer.HTTP, url="https://a.example/", address="203.0.113.7", method="POST", payload=b"q=kw-a"),
        Ask(layer=Layer.RAW, payload=b"abc", **place),
    ]
    assert [request(ask) for ask in asks] == [
        "look up a.example A+AAAA at system",
        "connect at 203.0.113.7 port 443",
        "TLS handshake naming a.example at 203.0.113.7 port 443",
        "GET https://a.example/ at 203.0.113.7",
        "POST https://a.example/ with q=kw-a at 203.0.113.7",
        "send 3 bytes at 203.0.113.7 port 443",
    ]
