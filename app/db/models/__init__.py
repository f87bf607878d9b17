"""One module of tables per noun."""
