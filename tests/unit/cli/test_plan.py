"""`hushmap plan` says everything and sends nothing."""

import json

from unit.cli.scene import HELPER, NETWORK


def test_it_sends_nothing_and_says_so(hushmap, stage):
    """A plan opens no network; its first line says that nothing has been sent."""
    done = hushmap("plan", "sites-global", *NETWORK, "--helper", HELPER)
    assert (done.exit_code, done.stderr, stage.nets) == (0, "", [])
    assert done.stdout.startswith("Nothing has been sent.")
    assert "helper 203.0.113.10" in done.stdout
    assert "a-token" not in done.stdout
    assert "Start: hushmap run sites-global --network 'AS64501 Net-A' --country XE --helper …" in done.stdout


def test_a_helper_with_a_name_is_named(hushmap):
    """A helper that would have to be looked up is shown by its name."""
    done = hushmap("plan", "sites-global", "--helper", HELPER.replace("203.0.113.10", "helper.example.net"))
    assert "helper helper.example.net" in done.stdout
    assert "0.0.0.0" not in done.stdout


def test_json_is_one_object(hushmap):
    """--json holds targets, categories, requests, seconds, bytes, who sees it, and what is off; --all adds the asks."""
    plan = json.loads(hushmap("plan", "-f", "sites.csv", "--json").stdout)
    assert {"targets", "categories", "requests", "seconds", "bytes", "seen_by", "off"} <= set(plan)
    assert (plan["targets"], plan["off"][0]["category"]) == (2, "LGBT")
    more = json.loads(hushmap("plan", "-f", "sites.csv", "--json", "--all").stdout)
    assert {ask["target"] for ask in more["asks"]} == {None, "https://site-0.example/", "https://site-1.example/"}


def test_all_prints_every_first_request(hushmap):
    """--all prints one request a line."""
    lines = hushmap("plan", "-f", "sites.csv", "--all", "--resolver", "192.0.2.53").stdout.splitlines()
    assert "web: at most 150 requests a target, and one name at most 24 times from here" in lines
    assert "here   subject   look up site-0.example A at system   for https://site-0.example/" in lines
    assert "here   subject   look up site-1.example A at udp://192.0.2.53:53   for https://site-1.example/" in lines
    assert sum("sentinel" in line for line in lines) == 2


def test_words_without_a_helper_are_not_priced_and_nobody_sees_them(hushmap):
    """What would not be sent costs nothing: the plan says how many words that are, and who sees the harmless names."""
    done = hushmap("plan", "words-china", "--json")
    plan = json.loads(done.stdout)
    assert plan["not_asked"] == plan["targets"] > 0
    assert [one["what"] for one in plan["seen_by"]] == ["your address, every minute of the run"]
    text = hushmap("plan", "words-china").stdout
    assert "words would not be sent anywhere" in text
    assert "asked in a row" not in text
    assert "keyword: at most" not in hushmap("plan", "words-china", "--all").stdout


def test_addresses_of_dns_servers_and_what_else_is_seen(hushmap):
    """DNS servers are addresses; where a page leads to sees a page load, and a helper's name is looked up."""
    words = ["--resolver", "192.0.2.53", "--other-resolver", "tcp://[2001:db8::53]:5353"]
    named = HELPER.replace("203.0.113.10", "helper.example.net")
    text = hushmap("plan", "-f", "sites.csv", *words, "--helper", named).stdout
    assert "DNS server 192.0.2.53 How" in " ".join(text.split())
    assert "://" not in text.partition("Who sees")[2].partition("Consent")[0]
    assert "2001:db8::53 port 5353 by TCP" in " ".join(text.split())
    assert "sites they redirect to (up to 10 each)" in text
    assert "your helper's name helper.example.net" in text
    every = hushmap("plan", "-f", "sites.csv", "--helper", named, "--all").stdout
    assert "0.0.0.0" not in every
    assert "here and at the helper" in every


def test_rows_without_a_category_stay_off_until_it_was_said_once(hushmap, home):
    """--with none switches them on; after a consent that held them they are on by themselves."""
    (home / "plain.txt").write_text("https://a.example/\n")
    assert "nothing: every target is off" in hushmap("plan", "-f", "plain.txt").stdout
    assert "1 site · " in hushmap("plan", "-f", "plain.txt", "--with", "none").stdout
    hushmap("consent", "give", 1, "--i-have-read", 1, "--risk", "none")
    assert "1 site · " in hushmap("plan", "-f", "plain.txt").stdout


def test_what_was_typed_can_be_typed_again(hushmap):
    """The line that starts the run repeats every option."""
    words = ["-i", "https://a.example/", "-f", "sites.csv", "--with", "LGBT", "--without", "NEWS"]
    words += ["--resolver", "192.0.2.53", "--other-resolver", "198.51.100.1", "--max-data", "5M"]
    assert f"Start: hushmap run {' '.join(words).replace('5M', '5000000')}" in hushmap("plan", *words).stdout


def test_oonis_helper_is_named_with_what_it_sees(hushmap, stage):
    """By its own name, with the option as it was typed: it is no secret. Words are not sent there."""
    done = hushmap("plan", "-f", "sites.csv", *NETWORK, "--helper", "ooni")
    assert (done.exit_code, stage.nets) == (0, [])
    text = " ".join(done.stdout.split())
    assert "OONI's helper 0.th.ooni.org the 2 URLs and your address" in text
    assert "your system's DNS server the helper's name 0.th.ooni.org" in text
    assert "--helper ooni" in text
    named = hushmap("plan", "-f", "sites.csv", "--helper", "https://helper.example:8444").stdout
    assert "helper helper.example:8444 the 2 URLs" in " ".join(named.split())
    words = hushmap("plan", "words-china", "--helper", "ooni").stdout
    assert "words would not be sent anywhere" in words
