"""What the application does by itself: backups, pruning, checks, migrations."""
