"""`python -m hushmap`: the same as the command `hushmap`, for where the command is not on the path (the lab)."""

from hushmap.cli import main

if __name__ == "__main__":
    main(prog_name="hushmap")
