"""Encryption of single fields under a key of one person, and of those keys under the master key.

AES-256-GCM with a random 96-bit nonce. What a field belongs to is bound into it, so that one copied
into another table, column or person's row does not open.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.invitations import ALPHABET, LENGTH
from bot.core.people import PersonId
from bot.services.storage_port import StorageError

KEY_BYTES = 32
NONCE_BYTES = 12
# The first byte of a stored field: how it was made.
VERSION = 1
_PREFIX = bytes([VERSION])
_HEAD = 1 + NONCE_BYTES

WRONG_MASTER_KEY = (
    "HANDRAIL_MASTER_KEY does not fit this database: set the key it was made with"
    " (or give that one as HANDRAIL_MASTER_KEY_OLD)."
)
KEY_MISSING = (
    "The keys of this database are missing or do not fit it: restore its key file"
    " from the same time as the database."
)
DAMAGED = "A stored field can't be decrypted: restore the database and its keys from a backup."


def new_id() -> str:
    """Return 22 random url-safe characters."""
    return urlsafe_b64encode(urandom(16)).rstrip(b"=").decode("ascii")


def new_code() -> str:
    """Return a random invitation code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def keyed_hash(key: bytes, purpose: str, value: str) -> str:
    """Return the HMAC-SHA256 of a value, different for each purpose."""
    return hmac.new(key, f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()


class FieldCipher:
    """The keys of some people, ready to use; it stays valid whatever is forgotten elsewhere."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Mapping[PersonId, AESGCM]) -> None:
        self._keys = keys

    def encrypt(self, person: PersonId, table: str, column: str, text: str) -> bytes:
        """Return the text as it is stored."""
        nonce = urandom(NONCE_BYTES)
        bound = f"{table}|{column}|{person}|{VERSION}".encode()
        return _PREFIX + nonce + self._keys[person].encrypt(nonce, text.encode(), bound)

    def decrypt(self, person: PersonId, table: str, column: str, stored: bytes) -> str:
        """Return the text; raises StorageError where the field is damaged or somebody else's."""
        key = self._keys.get(person)
        if key is None:
            raise StorageError(KEY_MISSING)
        bound = f"{table}|{column}|{person}|{stored[0]}".encode()
        try:
            return key.decrypt(stored[1:_HEAD], stored[_HEAD:], bound).decode()
        except InvalidTag:
            raise StorageError(DAMAGED) from None


@dataclass(frozen=True, slots=True, repr=False)
class Wrapped:
    """A key as it is stored: encrypted under the master key with this name."""

    master: str
    data: bytes


class MasterKeys:
    """The operator's current key, and older ones that still open what they once closed."""

    def __init__(self, current: str, older: Sequence[str] = ()) -> None:
        """Take keys of 64 hexadecimal digits each."""
        self._current = _name_of(current)
        self._keys = {_name_of(each): AESGCM(bytes.fromhex(each)) for each in (*older, current)}

    @property
    def current(self) -> str:
        """The name of the key under which new keys are kept; it tells nothing about the key."""
        return self._current

    def wrap(self, key: bytes, purpose: str) -> Wrapped:
        """Encrypt a key under the current master key."""
        nonce = urandom(NONCE_BYTES)
        bound = f"{purpose}|{self._current}".encode()
        return Wrapped(self._current, nonce + self._keys[self._current].encrypt(nonce, key, bound))

    def unwrap(self, wrapped: Wrapped, purpose: str) -> bytes:
        """Decrypt a key; raises StorageError where no master key that was given fits."""
        master = self._keys.get(wrapped.master)
        if master is None:
            raise StorageError(WRONG_MASTER_KEY)
        nonce, data = wrapped.data[:NONCE_BYTES], wrapped.data[NONCE_BYTES:]
        try:
            return master.decrypt(nonce, data, f"{purpose}|{wrapped.master}".encode())
        except InvalidTag:
            raise StorageError(DAMAGED) from None


def _name_of(key: str) -> str:
    return keyed_hash(bytes.fromhex(key), "name", "")[:16]
