"""Sending messages by e-mail and webhook, without a database."""
