"""Output: values in, text or bytes out; the database is never seen here."""
