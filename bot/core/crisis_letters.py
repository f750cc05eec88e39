"""Folds letters to plain lower-case ones, by how they look, and remembers where each stood."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_LOOK_ALIKES = {
    # Cyrillic
    **dict(zip("аеёорсухіїјѕԁһӏкмтвнгпԛԝьзъғ", "aeeopcyxiijsdhlkmtbhrnqwb3bf", strict=True)),
    # Greek
    **dict(zip("αβγεηικμνορτυχωςσδθλ", "abyenikuvoptuxwssdol", strict=True)),
    # Latin letters that compatibility folding leaves alone
    **dict(
        zip("ıłøđħŧɑɡɩʟɪᴀʙᴄᴅᴇꜰɢʜᴊᴋᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "ilodhtagiliabcdefghjkmnoprstuvwyz", strict=True)
    ),
    # Armenian letters, seen in fancy-text makers
    **dict(zip("օսոհզ", "ounhq", strict=True)),  # noqa: RUF001 - look-alikes are the point
    # Punctuation with one meaning
    **dict(zip("‘’ʼʹ´`＇‛", "''''''''", strict=True)),  # noqa: RUF001 - look-alikes are the point
    **dict(zip("“”„«»‟❝❞", '""""""""', strict=True)),
    **dict(zip("‐‑‒–—−", "------", strict=True)),  # noqa: RUF001 - look-alikes are the point
    "…": ".",
}
_ENCLOSED_ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)  # negative circled, negative squared, regional
_ALPHABET_LENGTH = 26
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cc"})


@dataclass(frozen=True, slots=True)
class Folded:
    """Plain text and, for each of its characters, the offset of the original."""

    text: str
    offsets: Sequence[int]


def fold(text: str) -> Folded:
    """Write any text in lower case without accents, look-alikes or invisible characters."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)))
    letters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        plain = _plain(character)
        letters.append(plain)
        offsets.extend([offset] * len(plain))
    return Folded("".join(letters), offsets)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character.isascii():
        return character.lower()
    known = _LOOK_ALIKES.get(character) or _enclosed(ord(character))
    if known:
        return known
    # Decompose before and after lower-casing: each step can bring out the other's work.
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_LOOK_ALIKES.get(part, part) for part in _visible(decomposed))


def _visible(decomposed: str) -> str:
    parts = unicodedata.normalize("NFKD", decomposed)
    return "".join(part for part in parts if unicodedata.category(part) not in _INVISIBLE)


def _enclosed(code: int) -> str:
    for first in _ENCLOSED_ALPHABETS:
        if first <= code < first + _ALPHABET_LENGTH:
            return chr(ord("a") + code - first)
    return ""
