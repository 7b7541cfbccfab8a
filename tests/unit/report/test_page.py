"""The page is one harmless file: complete, balanced, without script, whatever the network put into it."""

import re
from html.parser import HTMLParser

import pytest

from hushmap.detect.groups import LABEL_GROUPS
from hushmap.model import (
    Answer,
    Certificate,
    Context,
    Failure,
    Fetch,
    Handshake,
    Layer,
    Outcome,
    Page,
    Resolve,
    Vantage,
    Void,
)
from hushmap.report import render, write
from hushmap.report.page import POLICY
from hushmap.report.words import languages, texts
from unit.report.sample import entries, entry, lookup, opened, run_view, trial, verdict, word_pairs

VOID = {"meta", "link", "br", "hr", "img", "input", "rect", "source"}
HOSTILE = [
    "</td><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' style='background:url(//evil.example/)",
    "<svg/onload=alert(1)>",
    "</title></style><iframe src=//evil.example>",
    "\u202egnp.exe\u2066",
    "nul\x00bell\x07esc\x1b[2J",
    "{{ 7 * 7 }}{% raw %}",
    "{title.__class__}",
    "\ud800 lone",
    "javascript:alert(1)",
    "t" * 10_000,
]


class Reader(HTMLParser):
    """Collects what a browser would act on, and checks that every element is closed in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.seen, self.attributes, self.texts, self.ids = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        """Open an element."""
        self.seen.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """An element that closes itself."""
        self.seen.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        """Close the innermost element."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> is out of order"

    def handle_data(self, data):
        """Keep the words."""
        self.texts.append(data)


def read(run, shown):
    """The page's text and what is in it."""
    files = render(run, shown)
    assert sorted(files) == ["index.html", "style.css"]
    reader = Reader()
    reader.feed(files["index.html"].decode())
    reader.close()
    assert reader.open == []
    return reader, files["index.html"].decode()


def check_harmless(reader, html):
    """No script, no style but ours, nothing from elsewhere, and the policy that says so."""
    assert not {"script", "iframe", "object", "embed", "form", "base", "style", "img"} & set(reader.seen)
    names = {name for _, name, _ in reader.attributes}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    links = [
        (tag, value) for tag, name, value in reader.attributes if name in {"href", "src", "srcset", "action", "data"}
    ]
    assert links == [("link", "style.css")]
    policies = [value for tag, name, value in reader.attributes if tag == "meta" and name == "http-equiv"]
    assert policies == ["Content-Security-Policy"]
    assert f'content="{POLICY.replace(chr(39), "&#39;")}"' in html
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", html)
    assert len(reader.ids) == len(set(reader.ids))


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("notices", [{}, {"lab": True}, {"replay": True}])
def test_page_is_whole_and_harmless(lang, notices):
    """In every language, with every notice, the page is balanced HTML that runs and loads nothing."""
    reader, html = read(run_view(lang=lang, **notices), entries(lang))
    check_harmless(reader, html)
    assert html.startswith("<!doctype html>")
    assert f'<html lang="{lang}" dir="ltr">' in html
    words = texts(lang)
    assert (words["lab"] in html) is notices.get("lab", False)
    assert (words["replay"] in html) is notices.get("replay", False)


def test_style_sheet_loads_nothing():
    """The style sheet itself has no address in it."""
    style = render(run_view(), [])["style.css"].decode()
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in style


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_not_escape(text):
    """Target, title, certificate, server answers, notice, network name, ids: each is shown as text and does nothing."""
    steps = (
        Resolve(t0=0.0, t=0.1, resolver=text, name=text, qtype=text, answers=(Answer(t=0.1, addresses=(text,)),)),
        Handshake(
            t0=0.1, t=0.2, address=text, port=1, sni=text, chain=(Certificate(sha256="", subject=text, issuer=text),)
        ),
        Fetch(t0=0.2, t=0.3, url=text, method=text, host=text, page=Page(status=200, title=text)),
    )
    made = trial(1, opened(0.0, address=text), *steps, layer=Layer.HTTP, changed=text)
    undone = trial(2, undone=text)
    voids = Context(voids=(Void(trial=1, reason=text),))
    judged = verdict(
        Outcome.BLOCKED,
        "http.blockpage",
        text,
        subject=(1, 1),
        facts={"notice": text, "fingerprint": text, "site": text},
        error_model=text,
        rule=text,
    )
    shown = [
        entry(1, text, judged, [made, undone], category=text, context=voids, layer=text),
        entry(2, text, judged, [made], experiment="keyword", layer="http-path"),
    ]
    run = run_view(
        title=text, vantage=Vantage(network=text, country=text, known={"network": text}), deck=text, run=text
    )
    reader, html = read(run, shown)
    check_harmless(reader, html)
    assert len(html) < 120_000


def test_long_title_is_cut():
    """Ten thousand characters of a title are shown as a few dozen."""
    steps = (Fetch(t0=0.0, t=0.1, url="http://a.example/", page=Page(status=200, title="t" * 10_000)),)
    made = trial(1, *steps, layer=Layer.HTTP)
    html = render(run_view(), [entry(1, "a.example", verdict(Outcome.OK), [made])])["index.html"].decode()
    assert "t" * 91 not in html
    assert "t" * 90 + "…" in html


def test_every_label_and_sentence_appears():
    """Each verdict's label, sentence, how-sure and limits line is on the page, and each of the seven groups."""
    shown = entries()
    reader, _ = read(run_view(), shown)
    text = re.sub(r"\s+", " ", "".join(reader.texts))
    for item in shown:
        saying = item.saying
        for line in (saying.label, saying.sentence, saying.how_sure, saying.limits):
            assert line in text
    for name in LABEL_GROUPS:
        assert name in text


def test_only_direct_evidence_is_marked_so():
    """Red is for a false reply that was itself seen: three of these targets carry the class, none of the others."""
    html = render(run_view(), entries())["index.html"].decode()
    assert html.count('class="verdict blocked direct"') == 2
    assert html.count('class="verdict blocked"') == 2


def test_sites_and_words_are_counted_apart():
    """The key sentences count them in sentences of their own."""
    _, html = read(run_view(), entries())
    assert "10 sites measured on Net-A (AS64501, XE), 21 Nov 2026, 22:33 to 22:37 UTC: 3 Blocked, 1 Slowed" in html
    assert "2 words, counted apart: 1 Cut off by a word, 1 Not triggered." in html
    only_words = [item for item in entries() if item.record.experiment == "keyword"]
    assert "2 words measured on" in read(run_view(), only_words)[1]


def test_vantage_says_how_each_thing_is_known():
    """Declared, looked up or unknown: each is written beside the value."""
    _, html = read(run_view(), [])
    assert "AS64501</bdi> <small>declared by the person who measured</small>" in html
    assert "Net-A</bdi> <small>looked up in a database</small>" in html
    assert ">unknown</bdi></dd>" in html


def test_a_run_that_ended_early_says_so():
    """Planned 20, measured 12."""
    assert "12 of 20 targets were measured" in read(run_view(planned=20), entries())[1]
    assert "ended early" not in read(run_view(planned=None), entries())[1]


def test_nothing_measured_is_said():
    """An empty run has a page too."""
    reader, html = read(run_view(helper=False, scale=5.0), [])
    check_harmless(reader, html)
    assert "Nothing was measured on Net-A" in html
    assert "all divided by 5" in html
    assert "<svg" not in html


def test_right_to_left_languages_turn_the_page(monkeypatch):
    """A language written from the right sets the direction and turns the drawing, tested with a pseudo-locale."""
    from hushmap.detect import messages

    monkeypatch.setattr("hushmap.report.words.languages", lambda: ("en", "fa"))
    monkeypatch.setattr("hushmap.report.words.texts", lambda _: texts("en"))
    monkeypatch.setitem(messages.CATALOGUES, "fa", messages.EN)
    reader, html = read(run_view(lang="fa"), entries())
    check_harmless(reader, html)
    assert '<html lang="fa" dir="rtl">' in html


def test_an_unknown_language_is_an_error():
    """There is no silent fallback."""
    with pytest.raises(ValueError, match="no page in language 'xx'"):
        render(run_view(lang="xx"), [])


def test_same_run_gives_the_same_bytes():
    """Nothing of the clock or of chance is in the page."""
    assert render(run_view(), entries()) == render(run_view(), entries())


def test_write_puts_the_page_into_the_run_folder(tmp_path):
    """RUN/report/index.html and its style sheet; a second writing replaces the first."""
    for _ in range(2):
        first = write(tmp_path, run_view(), entries())
    assert first == tmp_path / "report" / "index.html"
    assert {path.name: path.read_bytes() for path in (tmp_path / "report").iterdir()} == render(run_view(), entries())


def test_platform_labels_stand_for_themselves():
    """A platform's own label is neither a site's group nor lost."""
    judged = verdict(Outcome.BLOCKED, "platform.empty", facts={"platform": "P"})
    _, html = read(run_view(), [entry(1, "moon", judged, experiment="platform")])
    assert "1 Fewer results than a control" in html


def test_a_long_record_says_how_many_attempts_are_left_out():
    """The page lists at most 120 attempts of one target."""
    many = [trial(i, lookup(float(i), "a.example", failure=Failure.TIMEOUT), layer=Layer.DNS) for i in range(1, 131)]
    assert (
        "10 more attempts are in the record."
        in read(run_view(), [entry(1, "a.example", verdict(Outcome.OK), many)])[1]
    )
    assert "more attempts" not in read(run_view(), [entry(1, "a.example", verdict(Outcome.OK), word_pairs("x"))])[1]
