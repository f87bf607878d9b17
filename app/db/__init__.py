"""Storage: the engine, the tables and the only commit."""
