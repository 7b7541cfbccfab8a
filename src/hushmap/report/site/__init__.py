"""The site: what many runs found, as pages that a group can publish as they are.

book  all that a site says, as values
"""
