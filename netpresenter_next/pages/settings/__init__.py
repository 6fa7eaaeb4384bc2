"""The pages of Settings, one module a page."""
