"""FLOOR 1: network bytes <-> values, without a socket or a clock.

dns    queries, answers, replies        tls    the name in a ClientHello, alerts
http   requests and responses (h11)     url    URLs of the web as values
html   facts of a page                  names  host names as they go on the wire
helper what is asked of a helper        json   Structs as JSON, faults as one line
ooni_names  our failures <-> OONI's df-007

Rooms import the modules: `from hushmap.wire import dns, http`.
"""

from hushmap.wire import dns, helper, html, http, json, names, ooni_names, tls, url

__all__ = ["dns", "helper", "html", "http", "json", "names", "ooni_names", "tls", "url"]
