"""The tests: one folder a layer, one module a noun, all of them on SQLite and on PostgreSQL."""
