"""The domain: every rule about people and groups, whoever asks."""
