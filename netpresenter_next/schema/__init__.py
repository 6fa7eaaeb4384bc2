"""The attribute tables (RFC 7643), the rules for them, and the columns they give."""
