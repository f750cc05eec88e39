"""The tables of the keys, which live apart."""
