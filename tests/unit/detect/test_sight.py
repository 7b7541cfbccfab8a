"""Tests of hushmap.detect.sight."""

import msgspec
import pytest

from hushmap.detect.sight import Leg, alike, certificate_refused, host_of
from hushmap.model import Answer, Ask, Context, Failure, Fingerprint, HelperWatch, Knowledge, Layer, Page, Side
from trials import CONTEXT, ISP, NAME, NOTHING, OTHER, PAGE, SITE, connected, loaded, looked, lookup, shaken

EDGE, THERE, FAR = "198.51.100.8", Side.HELPER, "198.51.100.9"
MARKS = Knowledge(
    fingerprints=(
        Fingerprint(id="law", where="title", pattern="Blocked by law"),
        Fingerprint(id="sink", where="dns", pattern=EDGE, kind="full"),
    )
)
NOTICE = Page(status=200, title="Blocked by law", body_sha256="bb", body_length=5)
SECURE, PLAIN = f"https://{NAME}/", f"http://{NAME}/"


def leg(*trials, url=SECURE, host=NAME, context=CONTEXT, knowledge=NOTHING):
    """What these trials show of the host."""
    return Leg(host, url, trials, context, knowledge)


@pytest.mark.parametrize(
    ("ask", "host"),
    [
        (Ask(layer=Layer.DNS, name="a.example"), "a.example"),
        (Ask(layer=Layer.HTTP, url="http://B.example:8080/x"), "b.example"),
        (Ask(layer=Layer.TLS, sni="c.example"), "c.example"),
        (Ask(layer=Layer.TCP, host="d.example"), "d.example"),
        (Ask(layer=Layer.HTTP, url="http://[bad"), None),
        (Ask(layer=Layer.TCP), None),
    ],
)
def test_a_trial_is_about_the_name_that_it_sends(ask, host):
    """By layer; a URL that is none names nobody."""
    assert host_of(ask) == host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"status": 200}, {"status": 404}, False),
        ({"body_sha256": "a", "body_length": 3}, {"body_sha256": "a", "body_length": 3}, True),
        ({"body_sha256": "a"}, {"body_sha256": "a"}, False),
        ({"location": "/x"}, {"location": "/x"}, True),
        ({"location": "/x"}, {"location": "/y"}, False),
        ({"sketch": (1, 2, 3, 4)}, {"sketch": (1, 2, 9, 9)}, True),
        ({"sketch": (1, 2, 3, 4)}, {"sketch": (1, 9, 9, 9)}, False),
        ({"sketch": (1, 2)}, {"sketch": (1,)}, False),
        ({"title": "News"}, {"title": "News"}, True),
        ({"title": ""}, {"title": ""}, False),
        ({}, {}, False),
    ],
)
def test_pages_are_alike_by_strong_signs_only(one, other, same):
    """A body, a redirect, half a sketch or a title; never what two empty pages share."""
    assert alike(Page(**{"status": 200} | one), Page(**{"status": 200} | other)) is same


def test_lookups_are_told_apart_by_who_is_measured():
    """Own resolvers, comparison resolvers, the helper; not the dark address, pairs or asks without a resolver."""
    seen = leg(
        lookup(1, (SITE,), resolver="system"),
        lookup(2, (EDGE,)),
        lookup(3, (FAR,), resolver=OTHER, changed="resolver"),
        lookup(4, ("203.0.113.1",), side=THERE),
        lookup(5, ("203.0.113.2",), resolver=CONTEXT.dark),
        lookup(6, ("203.0.113.3",), pair=1),
        msgspec.structs.replace(lookup(7, (SITE,)), ask=Ask(layer=Layer.DNS, name=NAME)),
        lookup(8, ("203.0.113.4",), name="other.example"),
    )
    assert list(seen.own) == ["system", ISP]
    assert (seen.compared, seen.told, seen.offered_here) == ((FAR,), ("203.0.113.1",), (SITE,))
    assert seen.known == (SITE, EDGE, FAR, "203.0.113.1")
    assert leg(lookup(2, (EDGE,))).offered_here == (EDGE,)
    assert leg(loaded(1, address=SITE), host=NAME).offered_here == ()


def test_a_url_that_names_an_address_offers_that_address():
    """Nobody was asked, and nobody had to be."""
    url = f"http://{SITE}/"
    assert leg(loaded(1, url=url), url=url, host=SITE).offered_here == (SITE,)


def test_an_address_is_proven_by_a_certificate_from_either_side():
    """Over plain HTTP by the helper's being told of it."""
    assert leg(loaded(1)).proven(SITE)
    assert leg(loaded(1, Failure.RESET, at="handshake"), loaded(2, side=THERE)).proven(SITE)
    assert not leg(loaded(1, Failure.INVALID_HOSTNAME, at="handshake")).proven(SITE)
    assert not leg(loaded(1, url=PLAIN), url=PLAIN).proven(SITE)
    assert leg(lookup(1, (SITE,), side=THERE), url=PLAIN).proven(SITE)


@pytest.mark.parametrize(
    ("trials", "sign"),
    [
        ([loaded(1, address=EDGE)], None),
        ([lookup(1, (EDGE,))], "blockpage"),
        ([lookup(1, (EDGE,)), lookup(2, (EDGE,), side=THERE)], None),
    ],
)
def test_a_known_notice_address_is_wrong_unless_the_site_is_there_or_everyone_is_told_so(trials, sign):
    """A certificate clears it, and so does the helper's lookup: then the site moved there itself."""
    assert leg(*trials, knowledge=MARKS).wrong(EDGE) == sign


def test_an_answer_by_an_alias_of_a_notice_is_wrong():
    """Providers make barred names aliases of the notice's; unless the helper's answer came by it too."""
    known = Knowledge(fingerprints=(Fingerprint(id="cuii", where="dns", pattern="notice.example", kind="full"),))
    answer = Answer(t=1.0, addresses=(FAR,), cnames=("cdn.example", "Notice.example."))
    here = looked(1, (answer,))
    assert leg(here, knowledge=known).wrong(FAR) == "blockpage"
    assert leg(here, knowledge=known).notice_named(FAR).id == "cuii"
    assert leg(here, knowledge=known).notice_named(SITE) is None
    assert leg(here, looked(2, (answer,), side=THERE), knowledge=known).wrong(FAR) is None


def test_a_page_that_is_innocent_at_this_site_is_no_notice():
    """A negative fingerprint of another site clears nothing here."""
    for domain, cleared in ((NAME, True), ("other.example", False)):
        clears = Fingerprint(id="fp", where="title", pattern="Blocked by law", scope="fp", domains=(domain,))
        known = Knowledge(fingerprints=(*MARKS.fingerprints, clears))
        assert (leg(loaded(1, NOTICE, url=PLAIN), url=PLAIN, knowledge=known).notice_from(SITE) is None) is cleared


def test_an_impossible_address_is_wrong_unless_the_helper_is_told_it_too():
    """A site may have published an address of its own network."""
    assert leg(lookup(1, ("10.0.0.1",))).wrong("10.0.0.1") == "bogon"
    assert leg(lookup(1, ("10.0.0.1",)), lookup(2, ("10.0.0.1",), side=THERE)).wrong("10.0.0.1") is None


def test_what_is_no_address_is_no_sign():
    """A record that was damaged holds texts in the place of addresses: they accuse nobody."""
    for text in ("", "300.1.1.1", "news.example"):
        assert leg(lookup(1, (text,))).wrong(text) is None


def notice(number, address=FAR, **more):
    """A notice over plain HTTP from an address."""
    return loaded(number, NOTICE, address=address, url=PLAIN, changed="notice", **more)


def test_an_address_that_shows_a_notice_is_wrong_where_others_name_another():
    """Without anybody else's word it may be the site's own."""
    mine = [lookup(1, (FAR,)), notice(2)]
    assert leg(*mine, knowledge=MARKS).wrong(FAR) is None
    assert leg(*mine, lookup(3, (SITE,), side=THERE), knowledge=MARKS).wrong(FAR) == "blockpage"
    other = lookup(3, (SITE,), resolver=OTHER, changed="resolver")
    assert leg(*mine, other, knowledge=MARKS).wrong(FAR) == "blockpage"
    agreed = lookup(3, (FAR,), resolver=OTHER, changed="resolver")
    assert leg(*mine, agreed, knowledge=MARKS).wrong(FAR) is None
    assert leg(*mine, agreed, lookup(4, (SITE,), side=THERE), knowledge=MARKS).wrong(FAR) == "blockpage"


def test_a_notice_counts_only_where_no_valid_certificate_vouches_for_it():
    """What a site says under its own certificate is the site's."""
    assert leg(loaded(1, NOTICE), knowledge=MARKS).notice_from(SITE) is None
    assert leg(loaded(1, PAGE, url=PLAIN), notice(2, SITE), knowledge=MARKS).notice_from(SITE)[0].id == 2
    assert leg(loaded(1, Failure.RESET), knowledge=MARKS).notice_from(SITE) is None


def test_another_sites_certificate_at_the_helper_shows_a_wrong_answer():
    """If the site's home is known; not where the helper is sent there itself, or by the same alias."""
    foreign = loaded(2, Failure.INVALID_HOSTNAME, address=EDGE, at="handshake", side=THERE)
    home = loaded(3)
    assert leg(lookup(1, (EDGE,)), foreign, home).wrong(EDGE) == "other"
    assert leg(lookup(1, (EDGE,)), foreign).wrong(EDGE) is None
    assert leg(lookup(1, (EDGE,)), foreign, home, lookup(4, (EDGE, SITE), side=THERE)).wrong(EDGE) is None
    alias = looked(1, (Answer(t=1.0, addresses=(EDGE,), cnames=("cdn.example",)),))
    told = looked(4, (Answer(t=1.0, addresses=(SITE,), cnames=("cdn.example",)),), side=THERE)
    assert leg(alias, foreign, home, told).wrong(EDGE) is None
    unalike = looked(4, (Answer(t=1.0, addresses=(SITE,), cnames=("another.example",)),), side=THERE)
    assert leg(alias, foreign, home, unalike).wrong(EDGE) == "other"
    cut = loaded(2, Failure.RESET, address=EDGE, at="handshake", side=THERE)
    assert leg(lookup(1, (EDGE,)), cut, home).wrong(EDGE) is None


@pytest.mark.parametrize(
    ("trials", "url", "four", "six"),
    [
        ([], SECURE, False, False),
        ([loaded(1)], SECURE, True, False),
        ([loaded(1, address="2001:db8::7")], SECURE, False, True),
        ([lookup(1, (SITE,), side=THERE)], SECURE, False, False),
        (
            [lookup(1, (SITE,), side=THERE), lookup(2, (EDGE,), resolver=OTHER, changed="resolver")],
            PLAIN,
            True,
            False,
        ),
        ([lookup(1, (SITE,)), lookup(2, ("10.0.0.1",), side=THERE)], PLAIN, False, False),
    ],
)
def test_a_name_exists_by_certificate_or_by_two_sources(trials, url, four, six):
    """A single resolver may answer for names that do not exist; an impossible address is no answer."""
    seen = leg(*trials, url=url)
    assert (seen.exists("A"), seen.exists("AAAA")) == (four, six)


def test_a_plain_page_is_the_sites_if_the_helper_got_it_where_it_was_told():
    """The helper's page from an address that only a resolver here named may be the liar's own."""
    here, there = loaded(1, url=PLAIN), loaded(2, url=PLAIN, side=THERE)
    assert leg(here, there, url=PLAIN).loads(SITE)
    assert leg(here, there, lookup(3, (SITE,), side=THERE), url=PLAIN).loads(SITE)
    assert not leg(here, there, lookup(3, (EDGE,), side=THERE), url=PLAIN).loads(SITE)
    assert not leg(here, there, lookup(3, Failure.NXDOMAIN, side=THERE), url=PLAIN).loads(SITE)
    assert not leg(here, url=PLAIN).loads(SITE)
    shown = [notice(1, SITE), notice(2, SITE, side=THERE)]
    shown = [msgspec.structs.replace(trial, changed=None) for trial in shown]
    assert not leg(*shown, url=PLAIN, knowledge=MARKS).loads(SITE)


def test_over_https_a_valid_certificate_and_a_page_are_enough():
    """A page that broke off is none."""
    assert leg(loaded(1)).loads(SITE)
    assert not leg(loaded(1, Failure.EOF)).loads(SITE)
    assert leg(lookup(1, (SITE,)), loaded(2)).reached[0].id == 2


def test_repeats_replace_the_surveys_attempt():
    """The newest page load from an address is the one that is judged."""
    seen = leg(loaded(1, Failure.RESET, at="handshake"), loaded(2))
    assert (seen.last(SITE).id, len(seen.attempts(SITE)), seen.last(EDGE)) == (2, 2, None)
    assert leg(shaken(1), shaken(2, pair=3), shaken(3, sni="x.example")).attempts(SITE)[0].id == 1
    assert leg(connected(1)).addresses == ()


@pytest.mark.parametrize(
    ("watch", "online"),
    [((), False), ((HelperWatch(t=500.0, reached=True),), True), ((HelperWatch(t=0.0, reached=False),), False)],
)
def test_a_helper_counts_if_it_had_just_reached_a_harmless_name(watch, online):
    """Within ten minutes, by whatever scale."""
    context = Context(helper="203.0.113.10", helper_watch=watch)
    asked = msgspec.structs.replace(loaded(1, side=THERE), t=100.0)
    assert leg(asked, context=context).helper_online is online
    assert not leg(asked, context=msgspec.structs.replace(context, scale=5.0)).helper_online
    assert not leg(loaded(1), context=context).helper_online


def test_the_helpers_loads_are_those_that_the_site_answered():
    """With a valid certificate, where there is one to ask for."""
    bad = loaded(2, Failure.INVALID_HOSTNAME, at="handshake", side=THERE)
    assert [trial.id for trial in leg(loaded(1, side=THERE), bad).helper_loads] == [1]
    assert leg(loaded(1, url=PLAIN, side=THERE), url=PLAIN).helper_loads
    assert not leg(notice(1, side=THERE)).helper_loads


def test_a_refused_certificate_is_a_handshake_that_reached_a_server():
    """A reset is none."""
    assert certificate_refused(loaded(1, Failure.INVALID_HOSTNAME, at="handshake"))
    assert not certificate_refused(loaded(1, Failure.RESET, at="handshake"))
    assert not certificate_refused(lookup(1, ()))


FAR_AWAY = msgspec.structs.replace(CONTEXT, helper="https://0.th.ooni.org/")
FINAL = Page(status=200, title="News", body_length=9)


@pytest.mark.parametrize(
    ("page", "same"),
    [
        (Page(status=200, title="News of the day", body_length=9, body_sha256="aa"), True),
        (Page(status=200, title="Something else", body_length=9, body_sha256="aa"), False),
        (Page(status=200, body_sha256="", body_length=9), False),
    ],
)
def test_a_page_without_a_hash_is_compared_by_what_is_told_of_it(page, same):
    """Two absent hashes are no agreement."""
    there = Page(status=200, title="News of the day", body_length=9)
    assert alike(page, there) is same
    assert alike(Page(status=200, body_length=9), Page(status=200, body_length=9)) is False


@pytest.mark.parametrize(
    ("status", "location", "stays"),
    [
        (301, f"https://{NAME}/", True),
        (302, "/there", False),
        (303, f"https://www.{NAME}/", True),
        (307, f"https://m.{NAME}/", True),
        (307, f"http://www.{NAME}/", False),
        (308, f"https://x{NAME}/", False),
        (301, "https://notice.example/", False),
        (301, "https://[bad/", False),
        (301, "mailto:a", False),
        (301, None, False),
        (200, f"https://{NAME}/", False),
    ],
)
def test_a_redirect_to_the_sites_own_tls_needs_no_page_to_compare(status, location, stays):
    """Where the helper tells only where it came out; the certificate proves the next hop. One in the clear may loop."""
    page = Page(status=status, location=location, title="Else")
    trials = (loaded(1, page, url=PLAIN), loaded(2, FINAL, url=PLAIN, side=THERE), lookup(3, (SITE,), side=THERE))
    assert leg(*trials, url=PLAIN, context=FAR_AWAY).loads(SITE) is stays
    assert not leg(*trials, url=PLAIN).loads(SITE)
    assert not leg(*trials[::2], url=PLAIN, context=FAR_AWAY).loads(SITE)
