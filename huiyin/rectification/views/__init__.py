"""Pages of the rectification room, one module a tab."""
