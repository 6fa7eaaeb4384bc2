"""Settings from the environment, and the commands to type."""
