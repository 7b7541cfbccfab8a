"""Driftwood, the lab's own search and microblog platform: what it hides and removes is known.

pages    what it says                       driftwood.toml  how a page of it is read
"""
