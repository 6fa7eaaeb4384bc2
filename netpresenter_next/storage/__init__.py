"""What keeps the data safe: faults of the disk, backups, checks, upkeep."""
