"""`hushmap seal`: sign a bundle, or a finished run, with an SSH key."""

from pathlib import Path

import click

from hushmap.cli import screen
from hushmap.cli.given import where
from hushmap.cli.options import examples, json_option
from hushmap.cli.publish_verify import sealed_path
from hushmap.cli.wording import shell
from hushmap.remote import sign
from hushmap.runs import RunsError, is_bundle, read_bundle, write_seal


@examples("hushmap seal net-a.hush --key id_ed25519", "hushmap seal 20261121T2233Z-3f9c --key id_ed25519.pub")
@click.command("seal")
@click.argument("path", metavar="RUN|FILE.hush")
@click.option(
    "--key", metavar="FILE", type=click.Path(path_type=Path), required=True,
    help="Your SSH key: the private one, or the public one if an agent holds the other.",
)  # fmt: skip
@json_option
def command(*, path: str, key: Path, as_json: bool) -> None:
    """Sign a bundle, or a run as it is now, with an SSH key: who has the public key can tell that it is yours.

    The signature lies beside the bundle (FILE.hush.sig). Of a run a list of its files with their hashes is signed
    (seal.json, seal.json.sig). It tells whose key it was: do not seal what must not be known to be yours. Check it:
    hushmap publish --verify PATH.
    """
    found = where(path)
    if is_bundle(found.name):
        read_bundle(found)  # what is damaged is not vouched for
        what, fresh = found, False
    else:
        fresh = not sealed_path(found).exists()
        what = write_seal(found)
    try:
        beside = sign(what, key)
    except RunsError:
        if fresh:
            what.unlink()  # nobody signed it
        raise
    if as_json:
        screen.out_json({"schema": "hushmap.seal/1", "file": str(sealed_path(found)), "signature": str(beside)})
    screen.note(f"{beside} is written. Check it: {shell('hushmap', 'publish', '--verify', str(found))}")
