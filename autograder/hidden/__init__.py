"""What students never get: value oracles, hidden checks, and the catalogue of known mistakes and right variants."""
