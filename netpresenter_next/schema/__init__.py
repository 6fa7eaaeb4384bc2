"""The attribute tables: what a user and a group consist of (RFC 7643)."""
