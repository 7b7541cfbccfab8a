"""The internet side of the lab: resolvers, web servers, certificates, pages."""
