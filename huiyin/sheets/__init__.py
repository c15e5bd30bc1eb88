"""Tables that people fill in with a spreadsheet: described once, offered as a template, read back with its problems."""
