"""Censors as pure rules by layer; `rule` has their vocabulary, `box` is where they stand."""
