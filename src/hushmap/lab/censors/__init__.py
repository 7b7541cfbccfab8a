"""Censors as pure rules by layer: dns, ip, tcp, tls, http, residual; `rule` has their vocabulary, `box` their place."""
