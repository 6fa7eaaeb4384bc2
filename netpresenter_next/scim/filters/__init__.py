"""Filters (RFC 7644, 3.4.2.2): parsed, then compiled to SQL or evaluated in memory."""
