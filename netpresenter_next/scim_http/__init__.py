"""The SCIM endpoints over HTTP (RFC 7644)."""
