"""The tables of the database itself."""
