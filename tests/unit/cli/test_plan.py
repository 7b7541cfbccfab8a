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
    assert "here   subject   look up site-0.example A at system   for https://site-0.example/" in lines
    assert "here   subject   look up site-1.example A at udp://192.0.2.53:53   for https://site-1.example/" in lines
    assert sum("sentinel" in line for line in lines) == 2


def test_rows_without_a_category_stay_off_until_it_was_said_once(hushmap, home):
    """--with none switches them on; after a consent that held them they are on by themselves."""
    (home / "plain.txt").write_text("https://a.example/\n")
    assert "nothing: every target is off" in hushmap("plan", "-f", "plain.txt").stdout
    assert "1 site · " in hushmap("plan", "-f", "plain.txt", "--with", "none").stdout
    hushmap("consent", "give", 1, "--risk", "none")
    assert "1 site · " in hushmap("plan", "-f", "plain.txt").stdout


def test_what_was_typed_can_be_typed_again(hushmap):
    """The line that starts the run repeats every option."""
    words = ["-i", "https://a.example/", "-f", "sites.csv", "--with", "LGBT", "--without", "NEWS"]
    words += ["--resolver", "192.0.2.53", "--other-resolver", "198.51.100.1", "--max-data", "5M"]
    assert f"Start: hushmap run {' '.join(words).replace('5M', '5000000')}" in hushmap("plan", *words).stdout
