"""A site into its folder: nobody else's file is touched."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from hushmap.report.site import writing
from hushmap.report.site.writing import SUMS, OthersError, beside, look, write

PAGES = [("index.html", b"one"), ("targets/a.html", b"two")]
SITE = [*PAGES, *((name, b"x") for name in ("data.html", "feed.xml", "method.html", "style.css"))]
NAMES = {name for name, _ in SITE}


def test_every_file_is_listed_with_its_hash(tmp_path):
    """`sha256sum -c SHA256SUMS` says whether a site is as it was made; files that were there count too."""
    folder = tmp_path / "site"
    (folder / "downloads").mkdir(parents=True)
    (folder / "downloads" / "a.csv").write_bytes(b"three")
    done = write(folder, PAGES, ["downloads/a.csv"])
    assert (done.page, done.files) == (folder / "index.html", 4)
    assert done.size == 11 + (folder / SUMS).stat().st_size
    lines = (folder / SUMS).read_text().splitlines()
    assert f"{hashlib.sha256(b'two').hexdigest()}  targets/a.html" in lines
    assert [line[66:] for line in lines] == ["downloads/a.csv", "index.html", "targets/a.html"]


def test_old_pages_go_and_others_stay(tmp_path):
    """A site written again holds no page of what is no longer in it."""
    folder = tmp_path / "site"
    with beside(folder) as part:
        write(part, SITE)
    assert look(folder) == {*NAMES, SUMS}
    with beside(folder) as part:
        write(part, [one for one in SITE if one[0] != "targets/a.html"])
    assert {path.name for path in folder.rglob("*")} == {SUMS, *NAMES} - {"targets/a.html"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_is_interrupted_harms_nothing(tmp_path):
    """The site that was there stays as it was, and nothing else is left."""
    folder = tmp_path / "site"
    with beside(folder) as part:
        write(part, SITE)

    def half():
        yield "index.html", b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), beside(folder) as part:
        write(part, half())
    assert (folder / "index.html").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("at", range(8))
def test_a_site_that_was_half_replaced_may_be_replaced(tmp_path, monkeypatch, at):
    """Wherever it was interrupted, each file is known to be a site's, and the next one takes all of them away."""
    folder, moves = tmp_path / "site", iter(range(99))
    with beside(folder) as part:
        write(part, SITE)
    after = [one for one in SITE if one[0] != "targets/a.html"] + [("A-new.html", b"3"), ("zz/new.html", b"4")]
    move = writing._move

    def interrupted(source, target):
        if next(moves) == at:
            raise KeyboardInterrupt
        move(source, target)

    monkeypatch.setattr(writing, "_move", interrupted)
    with pytest.raises(KeyboardInterrupt), beside(folder) as part:
        write(part, after)
    monkeypatch.setattr(writing, "_move", move)
    with beside(folder) as part:
        write(part, SITE)
    assert look(folder) == {*NAMES, SUMS}


def test_a_disk_of_its_own_is_no_hindrance(tmp_path, monkeypatch):
    """There a file is copied; what else goes wrong is said."""

    def failing(number):
        def replace(*_):
            raise OSError(number, os.strerror(number))

        return replace

    monkeypatch.setattr(Path, "replace", failing(errno.EXDEV))
    with beside(tmp_path / "site") as part:
        write(part, SITE)
    assert look(tmp_path / "site") == {*NAMES, SUMS}
    monkeypatch.setattr(Path, "replace", failing(errno.EACCES))
    with pytest.raises(PermissionError), beside(tmp_path / "site") as part:
        write(part, SITE)


def test_a_folder_of_others_is_refused(tmp_path):
    """Before anything is written; a page of earlier versions may be written again."""
    assert look(tmp_path / "none") == frozenset()
    (tmp_path / "index.html").write_text("x")
    assert look(tmp_path) == {"index.html"}
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("x")
    with pytest.raises(OthersError, match=r"thesis/chapter\.txt"):
        look(tmp_path)
    with pytest.raises(OthersError, match=r"index\.html"):
        look(tmp_path / "index.html")


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x"])
def test_no_path_leads_out(tmp_path, path):
    """Whatever a page is called, it lies in the folder."""
    with pytest.raises(ValueError, match="is no path"):
        write(tmp_path / "site", [(path, b"")])


def test_a_path_comes_once(tmp_path):
    """Two pages of one name would be one page of the second."""
    with pytest.raises(ValueError, match="is no path"):
        write(tmp_path, [*PAGES, PAGES[0]])


def test_a_list_that_was_forged_takes_nothing_outside(tmp_path):
    """Only what is in the folder can go; a line that leads out of it removes nothing."""
    (tmp_path / "keep.txt").write_text("x")
    folder = tmp_path / "site"
    write(folder, SITE)
    (folder / SUMS).write_text((folder / SUMS).read_text() + f"{'0' * 64}  ../keep.txt\n")
    with beside(folder) as part:
        write(part, SITE)
    assert (tmp_path / "keep.txt").exists()


def test_a_list_of_someone_elses_files_gives_none_of_them_away(tmp_path):
    """A person may keep hashes of their own files under the same name: these are no site's to replace."""
    write(tmp_path, [("index.html", b"mine"), ("thesis.txt", b"mine")])
    with pytest.raises(OthersError, match=SUMS), beside(tmp_path) as part:
        write(part, SITE)
    assert (tmp_path / "thesis.txt").read_bytes() == b"mine"


def test_nothing_is_written_through_a_link(tmp_path):
    """A link to a folder elsewhere is a file of others."""
    folder = tmp_path / "site"
    write(folder, SITE)
    (folder / "downloads").symlink_to(tmp_path)
    with pytest.raises(OthersError, match="downloads"):
        look(folder)
