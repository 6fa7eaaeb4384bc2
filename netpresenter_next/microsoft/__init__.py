"""OpenID Connect with Microsoft: no database, no page."""
