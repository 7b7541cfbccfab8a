"""FLOOR 4: what a person orders that is no measurement: lists, fingerprints, OONI's API, buckets."""

__all__: list[str] = []
