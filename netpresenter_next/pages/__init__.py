"""The pages that people see: Flask blueprints, and the sentences that pages show."""
