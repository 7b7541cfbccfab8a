"""Hushmap measures which sites and words are blocked on a network, how, and how sure that is.

The house, floor by floor (an import goes down, never up; `[tool.hushmap.floors]` in pyproject.toml is the law):

    0  model        nouns: Ask, Step, Trial, Record, Verdict, Deck, Knowledge
    1  wire         network bytes <-> values       sampling  sequential tests, intervals
       catalog      reads probes/
    2  codec        file bytes <-> Record          detect    trials + Knowledge -> Verdict
       net          the only measuring room with sockets
    3  experiments  pure inquiries                 runs      the run folder
    4  runner       the only loop                  judge     records -> verdicts
       servers      the helper
    7  report       the page                       lab       the simulated network
    8  cli          one file per verb
"""

__version__ = "0.1.0"
