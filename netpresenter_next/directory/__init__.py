"""The domain: every rule about people and groups, for SCIM, pages and commands."""
