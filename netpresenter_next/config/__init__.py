"""Settings from the environment, and command lines to show in messages."""
