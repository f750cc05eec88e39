"""The only SQL: SQLite by default, PostgreSQL past one machine."""
