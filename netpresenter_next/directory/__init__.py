"""The rules about people, groups, roles and sessions, for SCIM, pages and commands."""
