"""开办: from an empty house to one that works on Monday: the first administrator, the subdistrict, lists from files."""
