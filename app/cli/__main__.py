"""`python -m app.cli` is `engross`."""

from app.cli.root import main

main()
