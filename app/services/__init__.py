"""Acts: one function per thing a person can do; the only writers."""
