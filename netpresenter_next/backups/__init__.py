"""Backups: how they are made, checked and restored."""
