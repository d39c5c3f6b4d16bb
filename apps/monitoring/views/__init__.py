"""The pages of the quarter."""
