"""The bar on the cost of encryption."""

from tests.bench.field_encryption import MOST_EXTRA_MICROSECONDS, measure_extra_microseconds


def test_field_costs_little_more_than_its_cipher() -> None:
    assert measure_extra_microseconds() <= MOST_EXTRA_MICROSECONDS
