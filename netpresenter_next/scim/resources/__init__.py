"""Resources: validation, PATCH, and how they are represented."""
