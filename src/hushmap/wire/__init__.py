"""FLOOR 1: network bytes <-> values, without a socket or a clock.

dns    queries, answers, replies        tls    the name in a ClientHello, alerts
http   requests and responses (h11)     url    URLs of the web as values
html   facts of a page                  names  host names as they go on the wire
helper what is asked of a helper        json   Structs as JSON, faults as one line
ooni_names  our failures <-> OONI's df-007     ooni_helper  OONI's test-helper protocol
cookies     of one page load

Rooms import the modules: `from hushmap.wire import dns, http`.
"""

from hushmap.wire import cookies, dns, helper, html, http, json, names, ooni_helper, ooni_names, tls, url

__all__ = ["cookies", "dns", "helper", "html", "http", "json", "names", "ooni_helper", "ooni_names", "tls", "url"]
