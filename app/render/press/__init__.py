"""The press: a process of its own, with limits and without network, that turns print HTML into the pages of a PDF."""
