"""The handlers of SCIM resources: one object for each resource type."""
