"""Numbers named on the command line: of revisions, proposals and changes."""

import click

# As the interface has it: from one, and such as every database can hold.
NUMBER = click.IntRange(1, 999_999_999)
