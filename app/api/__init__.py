"""The JSON front, /api/v1: endpoints and schemas, one module per noun."""
