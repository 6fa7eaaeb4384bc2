"""The HTTP server: it receives requests and passes them to the application."""
