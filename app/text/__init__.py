"""The text engine: pure functions over blocks, no I/O, no clock, no randomness."""
