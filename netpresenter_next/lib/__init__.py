"""Small modules that know nothing of this product."""
