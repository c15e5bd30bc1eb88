"""Measurements. Figures about speed come from here, as ratios to a baseline of the same run."""
