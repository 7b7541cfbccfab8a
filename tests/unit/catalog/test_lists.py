"""Lists of targets: what a row becomes, and the one line that refuses it."""

from importlib.resources import files

import pytest

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.lists import EXPERIMENTS, part_from_urls, read_list, sites_from_file, words_from_table
from hushmap.catalog.words import Sent
from hushmap.model import Encoding, Place, Target

SITES = "url,category_code,category_description,date_added,source,notes,risky,canary,reason\n"
WORDS = "word,place,category_code,canary,source,reason\n"


def texts(part):
    """What the targets of a part ask about."""
    return [target.text for target in part.targets]


def test_a_row_becomes_a_target_with_all_that_the_list_says(probes):
    """Every column has its place in the target, and the list's hash and name stand in the part."""
    path = probes.write(
        "s.csv", SITES + "https://A.example,NEWS,news,2026-11-21,a book,,yes,yes,why\nhttps://b.example/,,,,s,,,,r\n"
    )
    part = read_list(path, "web")
    assert (part.experiment, part.list, len(part.sha256)) == ("web", "s.csv", 64)
    assert part.targets[0] == Target(
        experiment="web",
        text="https://a.example/",
        category="NEWS",
        risky=True,
        canary=True,
        source="a book",
        reason="why",
        line="s.csv:2",
    )
    assert part.targets[1].category is None
    assert not part.targets[1].risky


def test_a_risky_category_makes_a_risky_target(probes):
    """A row of a risky category is risky whatever its own mark says."""
    path = probes.write("s.csv", "url,category_code,risky\nhttps://a.example/,LGBT,no\n")
    assert read_list(path, "web").targets[0].risky


@pytest.mark.parametrize("experiment", ["dns", "sni"])
def test_names_come_from_urls_or_a_column_of_their_own(probes, experiment):
    """Two URLs of one host are one name; a list of names is used as it is, case folded."""
    urls = probes.write("u.csv", "url\nhttps://A.example/x\nhttps://a.example/y\nhttps://新闻.example/\n")
    assert texts(read_list(urls, experiment)) == ["a.example", "xn--efvy88h.example"]
    names = probes.write("n.csv", "name,category_code\nWWW.a.example,NEWS\nb.example,\n")
    part = read_list(names, experiment)
    assert texts(part) == ["www.a.example", "b.example"]
    assert {target.experiment for target in part.targets} == {experiment}


def test_a_word_is_one_target_for_each_of_its_places(probes):
    """Places joined by | are targets in a fixed order; `all` is every place."""
    path = probes.write(
        "w.csv", WORDS + "kw-alpha,dns-name| http-path,NEWS,yes,s,r\nb c,http-path,,,s,r\nkw,all,,,s,r\n"
    )
    part = read_list(path, "keyword")
    assert [(target.text, target.place) for target in part.targets] == [
        ("kw-alpha", Place.DNS_NAME),
        ("kw-alpha", Place.HTTP_PATH),
        ("b c", Place.HTTP_PATH),
        *[("kw", place) for place in Place],
    ]
    assert part.targets[0].canary
    assert part.targets[1].line == "w.csv:2"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("nonsense,,,,s,,,,r", "s.csv:2:1: 'nonsense' does not begin with http:// or https://; write it as"),
        ("https://a.example/,NEWZ,,,s,,,,r", "s.csv:2:20: unknown category 'NEWZ'; use one of ALDR ANON"),
        ("https://a.example/,,,21.11.2026,s,,,,r", "s.csv:2:22: '21.11.2026' is not a date; write YYYY-MM-DD"),
        ("https://a.example/,,,20261121,s,,,,r", "s.csv:2:22: '20261121' is not a date; write YYYY-MM-DD"),
        ("https://a.example/,,,,s,,maybe,,r", "s.csv:2:26: 'maybe' is neither yes nor no"),
        ("https://a.example/,,,,s,,,perhaps,r", "s.csv:2:27: 'perhaps' is neither yes nor no"),
        ("https://a.example/,,,,,,,,r", "s.csv:2:23: no source, in a list that gives reasons"),
        ("https://a.example/,,,,s,,,,", "s.csv:2:28: no reason, in a list that gives reasons"),
        ("https://a.example/,,,,s,,,,r\nhttps://A.example,,,,s,,,,r", "s.csv:3:1: the same as s.csv:2; remove one"),
        ("https://bad-words.example/,,,,s,,,,r", "s.csv:2:1: is on the hard exclusion list; remove the row"),
    ],
)
def test_a_fault_in_a_row_of_sites_is_located(probes, row, message):
    """Each fault in a list of sites is one line at the cell, with its remedy."""
    probes.exclude("bad words")
    path = probes.write("s.csv", SITES + row + "\n")
    with pytest.raises(CatalogError) as caught:
        read_list(path, "web")
    assert str(caught.value).startswith(f"{path.parent}/{message}")


def test_a_word_is_one_target_for_each_of_its_encodings(probes):
    """The column `encoding` names several, joined by |; an unknown one is a fault at its cell."""
    path = probes.write("w.csv", "word,place,encoding\nkw,http-query|http-url,gb18030|\nkx,http-body,\n")
    assert [(target.text, target.place, target.encoding) for target in read_list(path, "keyword").targets] == [
        ("kw", Place.HTTP_PATH, Encoding.GB18030),
        ("kw", Place.HTTP_PATH, None),
        ("kw", Place.HTTP_QUERY, Encoding.GB18030),
        ("kw", Place.HTTP_QUERY, None),
        ("kx", Place.HTTP_BODY, None),
    ]
    with pytest.raises(CatalogError, match=r"w.csv:2:15: unknown encoding 'latin'; use utf-8 gb18030"):
        read_list(probes.write("w.csv", "word,place,encoding\nkw,http-query,latin\n"), "keyword")


def test_where_a_row_says_no_place_the_person_does(probes):
    """A table that names no places goes where the command line says; a row that does wins."""
    sent = Sent(places=(Place.TLS_SNI, Place.HTTP_BODY), encodings=(Encoding.UPPER,))
    part = words_from_table(probes.write("w.csv", "word,category_code\nkw,NEWS\n"), sent)
    assert [(one.experiment, one.place, one.encoding, one.category) for one in part.targets] == [
        ("keyword", Place.TLS_SNI, Encoding.UPPER, "NEWS"),
        ("keyword", Place.HTTP_BODY, Encoding.UPPER, "NEWS"),
    ]
    part = words_from_table(probes.write("w.csv", "word,place,encoding\nkw,http-query,gb18030\nkx,,\n"), sent)
    assert [(one.place, one.encoding) for one in part.targets] == [
        (Place.HTTP_QUERY, Encoding.GB18030),
        (Place.TLS_SNI, Encoding.UPPER),
        (Place.HTTP_BODY, Encoding.UPPER),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",http-path,,,s,r", "w.csv:2:1: '' is empty"),
        ("a\u200bb,http-path,,,s,r", "w.csv:2:1: 'a\\u200bb' holds a character that cannot be seen"),
        ("x" * 201 + ",http-path,,,s,r", "w.csv:2:1: 'xxx"),
        ("me@example.org,http-path,,,s,r", "w.csv:2:1: 'me@example.org' looks like a person's address or number"),
        ("call 010 555-1234,http-path,,,s,r", "w.csv:2:1: 'call 010 555-1234' looks like a person's"),
        ("kw,http-uri,,,s,r", "w.csv:2:4: unknown place 'http-uri'; use dns-name tls-sni"),
        ("kw,,,,s,r", "w.csv:2:4: unknown place ''"),
        ("two words,tls-sni,,,s,r", "w.csv:2:1: 'two words' is not a valid host name"),
        ("two words,all,,,s,r", "w.csv:2:1: 'two words' is not a valid host name"),
        ("kw,all,,,s,r\nkw,tls-sni,,,s,r", "w.csv:3:1: the same as w.csv:2"),
        ("b%61d+words,http-path,,,s,r", "w.csv:2:1: is on the hard exclusion list"),
    ],
)
def test_a_fault_in_a_row_of_words_is_located(probes, row, message):
    """Each fault in a list of words is one line at the cell; nothing excluded and no person's data is let in."""
    probes.exclude("bad words")
    path = probes.write("w.csv", WORDS + row + "\n")
    with pytest.raises(CatalogError) as caught:
        read_list(path, "keyword")
    assert str(caught.value).startswith(f"{path.parent}/{message}")


def test_a_way_leads_to_a_page_or_to_a_name(probes):
    """By URL, whose scheme says what is sent, or by name."""
    urls = probes.write("u.csv", SITES + "http://a.example/,,,,s,,,,r\nhttps://b.example/,,,,s,,,,r\n")
    assert texts(read_list(urls, "hops")) == ["http://a.example/", "https://b.example/"]
    by_name = probes.write("n.csv", SITES.replace("url", "name", 1) + "a.example,,,,s,,,,r\n")
    assert texts(read_list(by_name, "hops")) == ["a.example"]


def test_an_address_has_no_name_to_look_up(probes):
    """A URL whose host is an IP address can be loaded, but is no name for a lookup or a handshake."""
    path = probes.write("s.csv", "url\nhttps://1.1.1.1/\n")
    assert texts(read_list(path, "web")) == ["https://1.1.1.1/"]
    with pytest.raises(CatalogError, match="is an address, not a name"):
        read_list(path, "sni")


def test_a_text_file_holds_one_site_a_line(probes):
    """Comments and blank lines are skipped; a bare name is asked by https; the line is remembered."""
    path = probes.write("s.txt", "# mine\n\n  news.example.org \nnews.example.org/x\r\nhttp://b.example/\n")
    part = sites_from_file(path)
    assert texts(part) == ["https://news.example.org/", "https://news.example.org/x", "http://b.example/"]
    assert part.targets[0].line == "s.txt:3"
    assert part.list == "s.txt"


@pytest.mark.parametrize("header", ["url,category_code", "url", '"url"'])
def test_a_citizen_lab_list_is_recognised(probes, header):
    """A file whose first line is a CSV header is read as such."""
    row = "https://a.example/" + "," * header.count(",")
    assert texts(sites_from_file(probes.write("s.csv", f"{header}\n{row}\n"))) == ["https://a.example/"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: holds no web address"),
        ("# only\n", "1:1: holds no web address"),
        ("a.example\n  localhost\n", "2:3: 'localhost' is not a name of the public internet"),
        ("a.example\nhttps://a.example/\n", "2:1: the same as s.txt:1"),
        ("bad-words.example\n", "1:1: is on the hard exclusion list"),
    ],
)
def test_a_fault_in_a_text_file_is_located(probes, text, message):
    """Each fault in a plain list is one line with its place."""
    probes.exclude("bad words")
    with pytest.raises(CatalogError) as caught:
        sites_from_file(probes.write("s.txt", text))
    assert f"s.txt:{message}" in str(caught.value)


def test_urls_from_the_command_line_are_a_part():
    """Given one by one, in their order; a fault names which one."""
    part = part_from_urls(["https://a.example", "b.example"])
    assert texts(part) == ["https://a.example/", "https://b.example/"]
    assert part.list == "-i"
    assert part.sha256 != part_from_urls(["b.example"]).sha256
    for urls, message in (
        ([], "-i: no web address was given"),
        (["a.example", "x y"], "-i: 'x y' holds a space"),
        (["a\udcff.example", "\ud800"], "-i: 'a\\udcff.example' holds a space or a character"),
    ):
        with pytest.raises(CatalogError) as caught:
            part_from_urls(urls)
        assert str(caught.value).startswith(message)


def test_every_experiment_has_its_reader(probes):
    """A list can be read for each experiment that a deck may name."""
    path = probes.write("s.csv", "url\nhttps://a.example/\n")
    probes.write("services/chat.toml", SERVICE.format("chat", "COMT"))
    probes.write("driftwood.toml", files("hushmap.lab.platform").joinpath("driftwood.toml").read_text("utf-8"))
    others = {
        "encrypted_dns": probes.write("e.csv", "resolver\ntls://dns.example\n"),
        "keyword": probes.write("w.csv", WORDS + "kw,http-path,,,s,r\n"),
        **dict.fromkeys(("screen", "isolate", "calibrate"), probes.write("p.csv", WORDS + "kw,http-path,,,s,r\n")),
        "domain": probes.write("d.csv", WORDS + "a.example,tls-sni,,,s,r\n"),
        "service": probes.write("c.csv", "service\nchat\n"),
        "middlebox": probes.write("m.csv", "request\nodd-headers\n"),
        "search": probes.write("q.csv", "word,platform,reason,source\nkw,driftwood,r,s\n"),
        "watch": probes.write("b.csv", "platform,post,twin\ndriftwood,p1,\ndriftwood,t1,yes\n"),
    }
    for experiment in EXPERIMENTS:
        assert read_list(others.get(experiment, path), experiment).experiment == experiment


SERVICE = (
    'name = "{}"\ntitle = "T"\ncategory = "{}"\n[[group]]\nname = "g"\n[[endpoint]]\nname = "a.example"\n'
    'answers = "https"\nsource = "s"\ndate = "2026-11-22"\n'
)


def test_a_list_of_services_takes_category_and_definition_from_their_files(tmp_path):
    """Risky is what its category makes so, or the row; a service of no file is a fault."""
    (tmp_path / "services").mkdir()
    for name, category in (("chat", "COMT"), ("tunnel", "ANON")):
        (tmp_path / "services" / f"{name}.toml").write_text(SERVICE.format(name, category))
    path = tmp_path / "s.csv"
    path.write_text("service,risky,source,reason\nchat,,s,r\ntunnel,,s,r\n")
    chat, tunnel = read_list(path, "service").targets
    assert (chat.text, chat.category, chat.risky, chat.service.title) == ("chat", "COMT", False, "T")
    assert (tunnel.category, tunnel.risky, tunnel.service.name) == ("ANON", True, "tunnel")
    path.write_text("service\nchat\nnone-such\n")
    with pytest.raises(CatalogError, match=r"s.csv:3:1: there is no service 'none-such'"):
        read_list(path, "service")
    path.write_text("service,category_code\nchat,COMT\n")
    with pytest.raises(CatalogError, match="unknown column 'category_code'"):
        read_list(path, "service")


def test_a_list_of_odd_requests_names_known_ones(tmp_path):
    """They go to an address of ours, and are two."""
    path = tmp_path / "m.csv"
    path.write_text("request,category_code,source,reason\nodd-headers,CTRL,s,r\nodd-request-line,CTRL,s,r\n")
    assert [target.text for target in read_list(path, "middlebox").targets] == ["odd-headers", "odd-request-line"]
    path.write_text("request\nodd-body\n")
    with pytest.raises(CatalogError, match=r"m.csv:2:1: unknown request 'odd-body'; use odd-headers or"):
        read_list(path, "middlebox")


def test_a_list_of_resolvers(probes):
    """Each row is a resolver by name; another is refused with its place."""
    part = read_list(probes.write("r.csv", "resolver,category_code\ntls://Dns.example,HOST\n"), "encrypted_dns")
    assert texts(part) == ["tls://dns.example"]
    with pytest.raises(CatalogError, match=r"r\.csv:2:1.*is no resolver"):
        read_list(probes.write("r.csv", "resolver\nudp://192.0.2.53:53\n"), "encrypted_dns")
