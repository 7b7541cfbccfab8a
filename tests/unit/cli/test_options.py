"""What plan and run can be told."""

import click
import pytest

from hushmap.cli.options import RUNS, Size, Wishes, asked, examples, json_option, output, wishes


@pytest.mark.parametrize(
    ("text", "amount"), [("100M", 100_000_000), ("1G", 10**9), ("20k", 20_000), ("5", 5), ("7MB", 7_000_000), (9, 9)]
)
def test_sizes_as_people_write_them(text, amount):
    """k, M and G, with or without B, are decimal."""
    assert Size().convert(text, None, None) == amount


@pytest.mark.parametrize("text", ["", "M", "0", "0M", "1.5M", "-3", "1T", "much"])
def test_what_is_no_amount_is_refused(text):
    """Anything else is bad usage."""
    with pytest.raises(click.BadParameter, match="no amount of data"):
        Size().convert(text, None, None)


def test_every_option_becomes_a_wish():
    """The options of `asked` and the fields of `Wishes` are the same, and their defaults too."""

    @click.command()
    @asked
    def verb(**values):
        return wishes(values)

    assert verb.main([], standalone_mode=False) == Wishes()
    assert {param.name for param in verb.params} == {*Wishes.__struct_fields__} - {"asked"}


def test_shared_options_have_their_defaults():
    """-o is the folder of runs, --json is off, and examples stand below the help text."""

    @examples("hushmap x", "hushmap y")
    @click.command()
    @output
    @json_option
    def verb(base, as_json):
        """Do it."""
        return base, as_json

    assert verb.main([], standalone_mode=False) == (RUNS, False)
    assert verb.help.splitlines()[-2:] == ["hushmap x", "hushmap y"]


def test_a_help_text_loses_the_indent_of_its_docstring():
    """Examples have none; without this the second paragraph would keep its own."""

    @examples("hushmap x", "hushmap y")
    @click.command("x")
    def command():
        """First.

        Second, which goes
        on.
        """

    assert command.help.startswith("First.\n\nSecond, which goes\non.\n\n\b\nhushmap x")
