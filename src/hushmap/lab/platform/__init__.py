"""Driftwood, the lab's own search and microblog platform: what it hides and removes is known.

contents  what is on it and what becomes of it: the truth
serving   requests and time into pages, with all that fails
pages     what it says                       driftwood.toml  how a page of it is read
network   a scenario in which it stands
"""
