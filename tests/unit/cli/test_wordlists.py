"""Words as they are given: files, places, canaries."""

import pytest

from hushmap.catalog import CatalogError
from hushmap.cli import wordlists
from hushmap.cli.choosing import choose
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import Wishes
from hushmap.cli.wordlists import OF_WORDS, canaries, said, sent, word_part, words_in
from hushmap.experiments import EXPERIMENTS
from hushmap.model import Encoding, Place
from hushmap.runs import RunFolder
from unit.cli.scene import HELPER, NETWORK

TYPED = ("run", "-f", "words.txt", "--experiment", "keyword", "--with", "none", *NETWORK)


@pytest.fixture
def listed(home):
    """A plain list of three words."""
    (home / "words.txt").write_text("# mine\nkw-alpha\nkw-bravo\nkw-alpha\n测试词甲\n")
    return "words.txt"


def test_words_go_where_they_are_said_to(listed):
    """Each word in each place and encoding; the path of a request and its own way unless it is said."""
    wishes = Wishes(experiment="keyword", files=(listed,))
    part = word_part(listed, wishes, sent(wishes), 7)
    assert [(one.text, one.place, one.encoding) for one in part.targets] == [
        (word, Place.HTTP_PATH, None) for word in ("kw-alpha", "kw-bravo", "测试词甲")
    ]
    more = Wishes(experiment="keyword", place="http-query,tls-sni", encoding="gb18030,", files=(listed,))
    assert sent(more).places == (Place.TLS_SNI, Place.HTTP_QUERY)
    assert sent(more).encodings == (Encoding.GB18030, None)
    assert sent(Wishes(experiment="domain")).places == (Place.TLS_SNI,)
    with pytest.raises(Fault, match="--place: unknown place 'tls'; use dns-name"):
        sent(Wishes(place="tls"))
    with pytest.raises(Fault, match="--encoding: unknown encoding 'latin'; use"):
        sent(Wishes(encoding="latin"))


def test_canaries_calibrate_every_place():
    """Each is asked about once in each place, before all else."""
    wishes = Wishes(canaries=("kw-c", "kw-c"), place="tls-sni,http-path")
    found = canaries(wishes, sent(wishes))
    assert [(one.experiment, one.place, one.canary) for one in found.targets] == [
        ("calibrate", Place.TLS_SNI, True),
        ("calibrate", Place.HTTP_PATH, True),
    ]
    assert canaries(Wishes(), sent(wishes)) is None


@pytest.mark.parametrize(
    ("word", "place", "why"),
    [
        ("", None, "is empty"),
        ("a\tb", None, "cannot be seen"),
        ("two words", "tls-sni", "is not a valid host name, as which it would travel in tls-sni"),
        ("me@example.org", None, "looks like a person's address"),
        ("xxtermxx", None, "is on the hard exclusion list"),
    ],
)
def test_a_word_that_cannot_be_sent_is_one_line(monkeypatch, word, place, why):
    """What was typed is checked as a list's words are."""
    never = type("Never", (), {"hit": lambda self, text: "term" in text})()
    monkeypatch.setattr(wordlists, "exclusions", lambda: never)
    with pytest.raises(Fault, match=f"--canary: .*{why}"):
        said("--canary", word, sent(Wishes(place=place)))


def test_a_list_with_a_canary_is_screened_in_packs_and_counted_by_its_words(listed):
    """One calibration and one pack; consent is asked for as many words as there are."""
    told = Wishes(experiment="keyword", files=(listed,), canaries=("kw-c",), with_=("none",))
    chosen = choose(told, seed=7)
    assert [one.experiment for one in chosen.on] == ["calibrate", "screen"]
    assert sorted(chosen.on[1].words) == ["kw-alpha", "kw-bravo", "测试词甲"]
    assert (chosen.words, words_in(chosen.on)) == (3, 3)
    left = choose(
        Wishes(experiment="keyword", files=(listed,), canaries=("kw-c",), with_=("none",), without=("kw-alpha",))
    )
    assert left.words == 2
    alone = choose(Wishes(experiment="keyword", files=(listed,), with_=("none",)))
    assert {one.experiment for one in alone.on} == {"keyword"}


def test_a_long_list_is_never_held_as_so_many_targets(listed, monkeypatch):
    """Beyond what one run asks about it comes in packs at once; where it cannot, the person is told."""
    monkeypatch.setattr(wordlists, "MAX_TARGETS", 2)
    monkeypatch.setattr("hushmap.cli.choosing.MAX_TARGETS", 2)
    told = Wishes(experiment="keyword", files=(listed,), canaries=("kw-c",), with_=("none",), without=("kw-alpha",))
    chosen = choose(told)
    assert [len(one.words) for one in chosen.on] == [0, 2]
    with pytest.raises(Fault, match="3 things to ask about, and a run asks about 2 at most: split the list, or have"):
        choose(Wishes(experiment="keyword", files=(listed,), with_=("none",)))


def test_a_table_of_words_is_known_by_its_header(home):
    """Nothing need be said for it; its own columns win."""
    (home / "w.csv").write_text("word,place,category_code,canary\nkw-c,http-query,NEWS,yes\nkw-a,http-query,NEWS,\n")
    chosen = choose(Wishes(files=("w.csv",)))
    assert [(one.experiment, one.place) for one in chosen.on] == [
        ("calibrate", Place.HTTP_QUERY),
        ("screen", Place.HTTP_QUERY),
    ]
    assert {one.experiment for one in choose(Wishes(files=("w.csv",), experiment="isolate")).on} == {
        "calibrate",
        "isolate",
    }


def test_a_list_may_be_for_any_experiment(home):
    """Sites may be asked about in another way than their list says."""
    assert {one.experiment for one in choose(Wishes(files=("sites.csv",), experiment="sni")).on} == {"sni"}
    assert {one.experiment for one in choose(Wishes(files=("sites.csv",), experiment="web")).on} == {"web"}


def test_the_harmless_word_is_asked_about_by_nobody(listed):
    """It may be given, and then is no word of the list."""
    told = Wishes(experiment="keyword", files=(listed,), with_=("none",), baseline_word="calm")
    assert choose(told).deck.baseline_word == "calm"
    with pytest.raises(Fault, match=r"words.txt: kw-bravo is this run's harmless word"):
        choose(Wishes(experiment="keyword", files=(listed,), baseline_word="kw-bravo"))


def test_every_experiment_of_words_is_known():
    """Those that the table of experiments has."""
    assert set(EXPERIMENTS) >= OF_WORDS


def test_words_need_a_server_of_ones_own(listed, hushmap, stage):
    """Without one nothing is asked, and the line says why and what to give; OONI's is a stranger's."""
    for more in ((), ("--helper", "ooni")):
        done = hushmap(*TYPED, *more)
        assert (done.exit_code, stage.log) == (Exit.USAGE, [])
        assert done.stderr.splitlines()[-1] == (
            "hushmap: words are sent to a server of your own and to nobody else, and none was named: give --helper "
            "STRING (docs/how-to/helper.md), or --address ADDRESS:PORT of a server that is yours"
        )


@pytest.mark.parametrize(
    "address", ["192.0.2.10", "192.0.2.10:0", "helper.example:80", "2001:db8::1:80", "[192.0.2.1]:8"]
)
def test_an_address_has_a_port(listed, hushmap, address):
    """Anything else is one line."""
    done = hushmap(*TYPED, "--address", address)
    assert done.exit_code == Exit.USAGE
    assert f"--address {address!r} is no address with a port" in done.stderr
    both = hushmap(*TYPED, "--address", "192.0.2.10:80", "--helper", HELPER)
    assert "--address and --helper both say where words go" in both.stderr


def test_a_list_of_words_is_measured(listed, hushmap, stage):
    """Words of a plain list go to the helper, and are counted as words."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, "--risk", "none", *NETWORK).exit_code == 0
    done = hushmap(*TYPED, "--helper", HELPER)
    assert done.exit_code == 0, done.output
    assert "1 line repeats a word" in done.stderr
    assert "    3  " in done.stdout


def test_what_is_wrong_with_a_list_ends_before_anything_is_sent(home, hushmap, stage):
    """One line with the place, exit code 2."""
    (home / "words.txt").write_bytes("甲乙\n".encode() + "丙丁\n".encode("gb18030"))
    done = hushmap(*TYPED, "--helper", HELPER)
    assert (done.exit_code, stage.log) == (Exit.USAGE, [])
    assert done.stderr.splitlines() == [
        (
            "hushmap: words.txt:2:1: is not utf-8, in which line 1 is: encodings are mixed; a list has one encoding: "
            "save the whole file as UTF-8"
        )
    ]
    (home / "words.txt").write_text("#\n")
    with pytest.raises(CatalogError, match="holds no word"):
        choose(Wishes(experiment="keyword", files=("words.txt",)))


@pytest.mark.parametrize("option", ["--place", "--encoding", "--baseline-word", "--read-as"])
def test_what_is_for_words_is_not_ignored_without_any(hushmap, option):
    """A list of sites has no place of words."""
    value = "gb18030" if option in {"--encoding", "--read-as"} else "tls-sni"
    done = hushmap("plan", "-f", "sites.csv", option, value)
    assert done.exit_code == Exit.USAGE
    assert f"{option} is for words, and there are none" in done.stderr


def test_words_may_go_to_a_server_of_ones_own_without_a_helper(listed, hushmap, stage, home):
    """It is told as what it is, stands in the manifest, and has to be given again to go on."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, "--risk", "none", *NETWORK).exit_code == 0
    planned = hushmap("plan", *TYPED[1:], "--address", "203.0.113.10:80").stdout
    assert "of what goes to your server 203.0.113.10: kw-alpha, kw-bravo, 测试词甲" in " ".join(planned.split())
    done = hushmap(*TYPED, "--address", "203.0.113.10:80")
    assert done.exit_code == 0, done.output
    manifest = RunFolder.open(next((home / "results" / "runs").iterdir())).manifest
    assert (manifest.helper, manifest.options["only_address"]) == ("203.0.113.10", True)
    assert {ask.address for ask in stage.log if ask.url and "kw-" in ask.url} == {"203.0.113.10"}
    again = hushmap("run", "--resume")
    assert "give that address again with --address" in again.stderr
    assert hushmap("run", "--resume", "--address", "203.0.113.10:80").exit_code == 0
    wrong = hushmap("run", "--resume", "--address", "203.0.113.10:80", "--place", "tls-sni")
    assert "leave out what says how words are asked about" in wrong.stderr


def test_what_a_place_cannot_carry_is_one_line(hushmap, home, stage):
    """Of a list, of a text that was typed, and of a deck's."""
    (home / "texts.txt").write_text("calm\n" + "calm weather " * 700 + "\n")
    typed = ("plan", "-f", "texts.txt", "--experiment", "isolate", "--with", "none")
    done = hushmap(*typed)
    assert done.exit_code == Exit.USAGE
    assert "texts.txt:2:1: 'calm weather" in done.stderr
    assert "cannot be sent in http-path: " in done.stderr
    long = hushmap("keyword", "isolate", "calm weather " * 700, "--plan")
    assert (long.exit_code, long.stderr.count("\n")) == (Exit.USAGE, 1)
    (home / "deck.toml").write_text(
        'name = "mine"\ntitle = "t"\nbaselines = ["www.example.com", "www.iana.org"]\nbaseline_word = "calm"\n'
        '[[part]]\nexperiment = "isolate"\nlist = "l.csv"\n'
    )
    (home / "l.csv").write_text("word,place\n" + "calm weather " * 700 + ",http-path\n")
    deck = hushmap("plan", "./deck.toml")
    assert deck.exit_code == Exit.USAGE
    assert "l.csv:2: cannot be sent in http-path: " in deck.stderr


def test_a_word_list_is_used_as_a_screen_in_a_deck(hushmap, home):
    """A part of a deck may be screened too: its canary calibrates, its words share packs."""
    (home / "deck.toml").write_text(
        'name = "mine"\ntitle = "t"\nbaselines = ["www.example.com", "www.iana.org"]\nbaseline_word = "calm"\n'
        '[[part]]\nexperiment = "screen"\nlist = "l.csv"\n'
    )
    (home / "l.csv").write_text("word,place,category_code,canary\nkw-c,http-path,NEWS,yes\nkw-a,http-path,NEWS,\n")
    chosen = choose(Wishes(deck="./deck.toml"))
    assert [one.experiment for one in chosen.on] == ["calibrate", "screen"]


def test_variants_of_a_word_are_counted_and_asked_each_by_itself(hushmap, home, monkeypatch):
    """People take them for one word, filters may not; a long list is not searched."""
    (home / "words.txt").write_text("kw-alpha\nKW-Alpha\nkw-bravo\n")
    wishes = Wishes(experiment="keyword", files=("words.txt",))
    said_so = []
    monkeypatch.setattr(wordlists.screen, "note", said_so.append)
    assert len(word_part("words.txt", wishes, sent(wishes), 7).targets) == 3
    assert said_so == ["words.txt: 1 word is a variant of another (case, width or script); each is asked by itself"]
    monkeypatch.setattr(wordlists, "MAX_LINKED", 2)
    word_part("words.txt", wishes, sent(wishes), 7)
    assert len(said_so) == 1
