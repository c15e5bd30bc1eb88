"""Papers of an incident; put into the table of kinds when the room is ready."""

from huiyin.incidents.papers import relief_book, report, statement, summary

ROWS = (report.KIND, statement.KIND, relief_book.KIND, summary.KIND)
