"""Excel files in and out: templates with an example row, checked reading, a copy with the problems in it."""
