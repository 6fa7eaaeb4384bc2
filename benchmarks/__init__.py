"""What a request costs here, over the least it could cost on the same stack."""
