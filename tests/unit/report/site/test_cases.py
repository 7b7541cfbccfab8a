"""Cases: of confirmed changes alone, with what did not change, and context that shows no cause."""

import json

import msgspec
import pytest

from hushmap.report.site import feed
from hushmap.report.site.added import CaseError
from hushmap.report.site.cases import chosen, confirmed, is_post, made, only, pages, told
from unit.report.site.added import case_id, making, register
from unit.report.site.happened import happened, of_service, unsure
from unit.report.test_page import Reader


def with_incidents(making_, *incidents):
    """The same site with other incidents."""
    book = msgspec.structs.replace(making_.book, incidents=incidents)
    return msgspec.structs.replace(making_, book=book)


def one_of(making_):
    """The incident that is the case."""
    return chosen(making_, case_id(making_))


def test_a_case_has_a_page_and_the_same_for_machines():
    """HTML that is closed, Markdown, JSON with a schema."""
    site = making()
    found = dict(pages(site))
    name = case_id(site)
    assert [*found] == [f"cases/{name}.html", f"cases/{name}.md", f"cases/{name}.json"]
    reader = Reader()
    reader.feed(found[f"cases/{name}.html"].decode())
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    told_ = json.loads(found[f"cases/{name}.json"])
    assert (told_["schema"], told_["id"]) == ("hushmap.case/1", name)
    text = " ".join(" ".join(reader.texts).split())
    assert "was last seen working on 15 Nov 2026, 18:00 UTC and first seen failing on 16 Nov 2026" in text
    assert "Blocked by name, 3 of 3 measurements that decided anything" in text
    assert "no figure in it was measured here" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_cause_is_claimed(lang):
    """In no language, and consistent is said of campaigns alone."""
    site = making(lang)
    text = dict(pages(site))[f"cases/{case_id(site)}.md"].decode()
    assert "caused" not in text
    assert ("consistent with" if lang == "en" else "相符") in text


def test_what_did_not_change_is_told():
    """The same site elsewhere, whether it changed there or not; hosts that worked on; what chance would bring."""
    site = making()
    elsewhere = made(site, case_id(site)).unchanged
    assert elsewhere[0].startswith(
        "Net-B (AS64502, XE): a change of https://news.example.org/ is confirmed there too"
    )
    assert "about 0.004 of them at most would be confirmed by chance, and somewhat more where" in elsewhere[-1]
    alone = with_incidents(site, one_of(site))
    said = made(alone, case_id(alone)).unchanged
    assert said[0].startswith("Net-B (AS64502, XE): no change of https://news.example.org/ is confirmed there")
    service = with_incidents(site, of_service(one_of(site)))
    assert (
        "Of the same service these worked meanwhile: shop.example.com, cdn.example.net."
        in made(service, "5e41ce").unchanged
    )
    abroad = msgspec.structs.replace(one_of(site), hosts=("gone.example",))
    nowhere = made(with_incidents(site, abroad), abroad.id)
    assert nowhere.unchanged[0].startswith("No other network was measured for it")
    assert nowhere.evidence == ()


def test_context_is_the_registers():
    """With its claims; an empty register is said to be one that is never complete."""
    site = making()
    case = made(site, case_id(site))
    assert [one.id for one in case.context][:1] == ["clean-1"]
    assert case.aside[0].startswith("What follows is told by its sources")
    bare = making(register={})
    case = made(bare, case_id(bare))
    assert (case.context, case.aside[0][:30]) == ((), "The register has no event with")
    assert set(register()) > {one.id for one in made(site, case_id(site)).context}


def test_what_is_not_confirmed_is_no_case():
    """Nor what is not there, nor what several incidents begin like, nor what a person may have written."""
    site = making()
    with pytest.raises(CaseError, match="there is no such incident"):
        made(site, "ffffff")
    with pytest.raises(CaseError, match="several incidents begin so"):
        made(site, "")
    first = unsure(one_of(site))
    with pytest.raises(CaseError, match="no change of it is confirmed"):
        made(with_incidents(site, first), first.id)
    post = msgspec.structs.replace(one_of(site), key=msgspec.structs.replace(one_of(site).key, experiment="watch"))
    assert is_post(post)
    with pytest.raises(CaseError, match="persons write posts"):
        made(with_incidents(site, post), post.id)


def test_without_a_name_the_only_one_is_meant():
    """None and several are said, with their names."""
    site = making()
    with pytest.raises(CaseError, match="3 changes are confirmed; name the one that is meant first"):
        only(site)
    assert only(with_incidents(site, one_of(site))) == case_id(site)
    with pytest.raises(CaseError, match="no change is confirmed there"):
        only(with_incidents(site, unsure(one_of(site))))
    many = [msgspec.structs.replace(one_of(site), id=f"{number:012}") for number in range(7)]
    with pytest.raises(CaseError, match="and 2 more"):
        only(with_incidents(site, *many))


def test_a_lifting_alone_is_a_case_too():
    """What was never seen working and surely works again."""
    site = making()
    standing = msgspec.structs.replace(one_of(site), onset_last_working=None, status="standing", onset_confirmed=None)
    assert confirmed(standing)
    case = made(with_incidents(site, standing), standing.id)
    assert [one.id for one in case.context if one.id == "clean-1"] == ["clean-1"], "ten days before its lifting"
    assert not any("When between the two attempts" in said for said in case.limits)


def test_the_overview_names_the_cases():
    """None where there is none."""
    site = making()
    assert told(site) == ((case_id(site), "Case: news.example.org, Net-A (AS64501, XE)"),)
    assert told(happened()) == ()


def test_a_case_that_is_named_twice_is_made_once():
    """By its id again, or by the beginning of it."""
    once = making()
    twice = making(cases=(case_id(once), case_id(once)[:6], case_id(once)))
    assert [path for path, _ in pages(twice)] == [path for path, _ in pages(once)]
    assert told(twice) == told(once)
    assert feed.atom(twice) == feed.atom(once)
