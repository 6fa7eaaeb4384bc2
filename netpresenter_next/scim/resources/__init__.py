"""SCIM resources: validation, PATCH, serialization and projection."""
