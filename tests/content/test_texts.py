"""A text is found by key and language, and a wrong file is named."""

from pathlib import Path

import pytest

from bot.content.texts import FluentTexts, MissingText, load_texts
from bot.core.errors import ContentError
from bot.core.people import ENGLISH, Language

GERMAN = Language("de")


def texts(folder: Path, **files: str) -> FluentTexts:
    for language, text in files.items():
        (folder / language).mkdir()
        (folder / language / "words.ftl").write_text(text, encoding="utf-8")
    return load_texts(folder)


def test_text_is_found_in_the_language_and_else_in_english(tmp_path: Path) -> None:
    found = texts(tmp_path, en="row = Hello\n    .help = Help\n", de="row = Hallo\n")

    assert found.say(GERMAN, "row") == "Hallo"
    assert found.say(GERMAN, "row.help") == "Help"
    assert found.say(Language("xx"), "row") == "Hello"
    assert found.languages == (GERMAN, ENGLISH)


def test_values_are_filled_in_every_time(tmp_path: Path) -> None:
    found = texts(
        tmp_path, en="place = { $name } { $step ->\n    [one] once\n   *[other] often\n }\n"
    )

    assert found.say(ENGLISH, "place", name="Mara", step=1) == "Mara once"
    assert found.say(ENGLISH, "place", name="Mo", step=5) == "Mo often"


@pytest.mark.parametrize("key", ["nothing", "row.nothing", "nothing.row"])
def test_key_without_text_is_an_error(tmp_path: Path, key: str) -> None:
    with pytest.raises(MissingText):
        texts(tmp_path, en="row = Hello\n").say(ENGLISH, key)


def test_text_that_lacks_its_value_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingText):
        texts(tmp_path, en="row = { $name }\n").say(ENGLISH, "row")


def test_words_are_those_of_the_language_and_of_english(tmp_path: Path) -> None:
    found = texts(tmp_path, en="stop = stop | Halt\n", de="stop = stopp\n")

    assert found.words(GERMAN, "stop") == {"stop", "halt", "stopp"}


def test_broken_file_names_itself_and_the_key(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as raised:
        texts(tmp_path, en="row = Hello\nbroken key\n")

    assert str(raised.value).startswith("texts/en/words.ftl: broken key: ")


def test_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "words.ftl").write_bytes(b"\xff\xfe")

    with pytest.raises(ContentError, match="UTF-8"):
        load_texts(tmp_path)


def test_english_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="English"):
        texts(tmp_path, de="row = Hallo\n")
