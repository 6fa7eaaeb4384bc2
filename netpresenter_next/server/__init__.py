"""The HTTP server: requests from the wire to the application."""
