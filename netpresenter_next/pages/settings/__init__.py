"""The pages of Settings: one module for each page."""
