"""FLOOR 8: the command line: one file per verb; composes, decides nothing.

app       the verbs, loaded when called      options     what plan and run can be told
choosing  which targets are on               place       network, resolvers, helper
ordering  all of it as a RunPlan             asking      consent before any packet
screen    stdout for data, stderr for notes  reporting   what a run says while it runs
*_text    what people read, as pure functions from data to lines
"""

from hushmap.cli.app import main

__all__ = ["main"]
