"""The explorer: the evidence of any number of runs, to roam in a browser on this computer.

columns   every verdict as small numbers       keeping   the same kept beside an archive
wanted    an address -> what is meant          counting  what is meant -> counts, cells, days
deciding  the measurements that a page rests on
happening, triggering   lists of changes and of triggers
"""
