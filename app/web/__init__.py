"""The HTML front: pages and form posts, one module per noun."""
