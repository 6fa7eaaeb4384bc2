"""Upkeep of an instance: migrations, scheduled jobs, retention, and checks."""
