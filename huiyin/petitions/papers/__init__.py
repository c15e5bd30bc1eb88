"""Papers of a petition that need this room's records; put into the table of kinds when the room is ready."""

from huiyin.petitions.papers import extension, hearing, objection, objection_result, review_opinion

ROWS = (extension.KIND, objection.KIND, objection_result.KIND, review_opinion.KIND, hearing.KIND)
