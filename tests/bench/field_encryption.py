"""What encrypting one field costs beyond the cipher's own time."""

from collections.abc import Callable
from os import urandom
from time import perf_counter_ns

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.people import PersonId
from bot.storage.encryption import NONCE_BYTES, FieldCipher

MOST_EXTRA_MICROSECONDS = 5.0
ROUNDS, FIELDS = 40, 1000
NANOSECONDS = 1000
PERSON = PersonId(1_200_000_000_000_000_001)
# As long as a therapist's own words usually are.
TEXT = "How was the walk you wanted to take today? You can press one of the three buttons. " * 2
BOUND = f"check_in_plans|words|{PERSON}|1".encode()


def measure_extra_microseconds() -> float:
    """Return the difference for one field between the quickest rounds of both."""
    key = AESGCM(urandom(32))
    cipher = FieldCipher({PERSON: key})
    data, nonces = TEXT.encode(), [urandom(NONCE_BYTES) for _ in range(FIELDS)]

    def whole() -> None:
        for _ in range(FIELDS):
            cipher.encrypt(PERSON, "check_in_plans", "words", TEXT)

    def alone() -> None:
        for nonce in nonces:
            key.encrypt(nonce, data, BOUND)

    # The quickest of many rounds is the one that nothing else on the machine disturbed.
    rounds = [(_nanoseconds(whole), _nanoseconds(alone)) for _ in range(ROUNDS)]
    ours, ciphers = min(ours for ours, _ in rounds), min(cipher for _, cipher in rounds)
    return (ours - ciphers) / FIELDS / NANOSECONDS


def _nanoseconds(work: Callable[[], None]) -> int:
    began = perf_counter_ns()
    work()
    return perf_counter_ns() - began
