"""The pages that a person sees, as Flask blueprints."""
