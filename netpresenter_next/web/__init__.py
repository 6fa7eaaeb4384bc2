"""What every request of a browser passes: Flask, but no page."""
