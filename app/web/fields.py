"""How much a form may hold: a page of paragraphs has many fields, and a field may be a whole section."""

MOST_FIELDS = 20_000
LONGEST_FIELD = 2_000_000
