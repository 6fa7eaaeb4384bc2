"""What SCIM does with each kind of resource: one object for each type."""
