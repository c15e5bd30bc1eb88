"""Pages of the upstream's orders; which room fills which part of other pages stands in doors."""
