"""An operator sees what people are shown, and can't confirm a number they did not check."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.content.crisis_resources import bundled_resources, load_directory
from bot.content.lines_report import Given, LineNotVerified, check_lines, list_lines, verify_line
from bot.core.crisis_resource_rows import Verification, Verifications
from bot.core.crisis_resources import Directory, EmergencyNeed
from bot.core.errors import ContentError
from bot.core.people import CountryCode

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AT, DE = CountryCode("AT"), CountryCode("DE")
AUSTRIAN_LINE = Given("Telefonseelsorge", ["142"], "Ola")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(bundled_resources())


class FakeTerminal:
    """Answers questions from a list, and keeps what was asked and told."""

    def __init__(self, *answers: str) -> None:
        self.answers: Iterator[str] = iter(answers)
        self.asked: list[str] = []
        self.told: list[str] = []

    def ask(self, question: str) -> str:
        self.asked.append(question)
        return next(self.answers)

    def tell(self, text: str) -> None:
        self.told.append(text)


def verify(
    directory: Directory,
    country: str,
    given: Given,
    terminal: FakeTerminal | None = None,
    *,
    before: Verifications | None = None,
) -> Verifications:
    used = terminal or FakeTerminal()
    return verify_line(
        directory, before or {}, country, given, at=NOW, ask=used.ask, tell=used.tell
    )


def row_of(lines: list[str], name: str) -> str:
    return next(line for line in lines if name in line)


# lines list


def test_list_shows_numbers_exactly_with_hours_confidence_and_state(directory: Directory) -> None:
    lines = list_lines(directory, {}, "us", NOW)

    assert lines[0].split() == ["COUNTRY", "LINE", "NUMBERS", "HOURS", "CONFIDENCE", "STATE"]
    assert row_of(lines, "emergency").split()[2:] == ["general", "911", "high", "shown"]
    assert "text HOME to 741741" in row_of(lines, "Crisis Text Line")
    assert row_of(lines, "988 Suicide").endswith("high        shown unconfirmed")
    assert row_of(lines, "Veterans").endswith("hidden until verified")
    assert len(lines) == 13


def test_list_of_everything_has_each_row_of_each_country(directory: Directory) -> None:
    assert len(list_lines(directory, {}, None, NOW)) == 1 + 72 + 145


def test_list_shows_what_was_verified_and_what_ran_out(directory: Directory) -> None:
    verified = verify(directory, "AT", AUSTRIAN_LINE)

    now = list_lines(directory, verified, "Austria", NOW)
    later = list_lines(directory, verified, "AT", NOW + timedelta(days=184))

    assert row_of(now, "Telefonseelsorge").endswith("shown")
    assert row_of(later, "Telefonseelsorge").endswith("expired")


@pytest.mark.parametrize(
    ("typed", "hint"), [("germ", "DE (Germany)"), ("Atlantis", "code like GB")]
)
def test_unknown_country_is_refused_with_a_hint(
    directory: Directory, typed: str, hint: str
) -> None:
    with pytest.raises(LineNotVerified) as refused:
        list_lines(directory, {}, typed, NOW)

    assert hint in str(refused.value)


# lines verify


def test_verified_line_is_the_one_people_are_shown(directory: Directory) -> None:
    verified = verify(directory, "AT", AUSTRIAN_LINE)

    answer = directory.with_verifications(verified).help_for(
        AT, need=EmergencyNeed.UNSPECIFIED, at=NOW
    )

    assert answer.line is not None
    assert answer.line.name == "Telefonseelsorge"
    assert not answer.unconfirmed
    assert verified[AT, "Telefonseelsorge"].verified_on == date(2026, 11, 23)


def test_operator_is_shown_the_sources_and_what_to_check_then_asked(directory: Directory) -> None:
    terminal = FakeTerminal(
        "telefonseelsorge", "0800 111 0 111", " 0800 111 0 222", "116 123", "Ola"
    )

    verified = verify(directory, "de", Given(), terminal)

    told = "\n".join(terminal.told)
    assert "to check: 116 123 read in WP21 only." in told
    assert "source OH26: " in told
    assert "Saved: DE TelefonSeelsorge, until 2027-05-25." in told
    assert len(terminal.asked) == 5
    assert verified[DE, "TelefonSeelsorge"].verified_by == "Ola"


@pytest.mark.parametrize(
    ("country", "line", "facts"),
    [
        ("BE", "Zelfmoordlijn 1813", ["chat 18:30-22:00 Europe/Brussels", "country note: "]),
        ("GB", "Childline", ["for: under 19s", "kind: child", "address: https://"]),
        ("US", "Veterans Crisis Line", ["nobody has read this address yet"]),
        ("IN", "iCall (TISS)", ["hours as the sources give them: Mon-Sat 10:00-20:00 IST"]),
    ],
)
def test_everything_known_about_a_row_is_shown_before_the_question(
    directory: Directory, country: str, line: str, facts: list[str]
) -> None:
    terminal = FakeTerminal()

    with pytest.raises(LineNotVerified):
        verify(directory, country, Given(line, ["0"], "Ola"), terminal)

    assert all(fact in "\n".join(terminal.told) for fact in facts)


@pytest.mark.parametrize(
    "numbers", [["143"], ["14 2"], ["142", "143"], [""]], ids=["other", "spaced", "extra", "none"]
)
def test_number_that_differs_is_refused_and_nothing_is_saved(
    directory: Directory, numbers: list[str]
) -> None:
    with pytest.raises(LineNotVerified, match="Nothing was saved: Telefonseelsorge is listed"):
        verify(directory, "AT", Given("Telefonseelsorge", numbers, "Ola"))


def test_every_number_of_a_row_has_to_be_given(directory: Directory) -> None:
    with pytest.raises(LineNotVerified, match="'0800 111 0 222'"):
        verify(directory, "DE", Given("TelefonSeelsorge", ["0800 111 0 111"], "Ola"))


def test_emergency_numbers_can_be_verified_too(directory: Directory) -> None:
    verified = verify(directory, "CZ", Given("emergency", ["112", "155"], "Ola"))

    seen = directory.with_verifications(verified)
    answer = seen.help_for(CountryCode("CZ"), need=EmergencyNeed.MEDICAL, at=NOW)

    assert [(each.number, each.unconfirmed) for each in answer.emergency] == [("155", False)]


def test_earlier_verifications_are_kept(directory: Directory) -> None:
    first = verify(directory, "AT", AUSTRIAN_LINE)

    both = verify(directory, "CZ", Given("emergency", ["155", "112"], "Ola"), before=first)

    assert len(both) == 2


def test_a_name_is_needed(directory: Directory) -> None:
    with pytest.raises(LineNotVerified, match="say who"):
        verify(directory, "AT", Given("Telefonseelsorge", ["142"], " "))


@pytest.mark.parametrize(
    ("line", "hint"), [("Telefonseelsorg", "Telefonseelsorge."), ("xyz", "Rat auf Draht")]
)
def test_unknown_line_is_refused_with_the_names_there_are(
    directory: Directory, line: str, hint: str
) -> None:
    with pytest.raises(LineNotVerified, match="has no row") as refused:
        verify(directory, "AT", Given(line, ["142"], "Ola"))

    assert hint in str(refused.value)


# lines check


def test_fresh_installation_passes_with_a_warning_for_each_country_without_a_line(
    directory: Directory,
) -> None:
    code, lines = check_lines(directory, {}, NOW)

    assert code == 0
    assert "warning: TR: Turkiye has no line; the finder is shown instead" in lines
    assert row_of(lines, "AT:").startswith("warning: AT: no line is shown until you verify one")
    assert not any("GB" in line for line in lines)


def test_row_that_runs_out_soon_is_a_warning(directory: Directory) -> None:
    verified = verify(directory, "AT", AUSTRIAN_LINE)

    code, lines = check_lines(directory, verified, NOW + timedelta(days=160))

    assert code == 0
    assert lines[0] == (
        "warning: AT: Telefonseelsorge: runs out on 2027-05-25; verify it before then"
    )


def test_row_that_ran_out_is_an_error(directory: Directory) -> None:
    verified = verify(directory, "AT", AUSTRIAN_LINE)

    code, lines = check_lines(directory, verified, NOW + timedelta(days=184))

    assert code == 1
    assert lines[0] == ("error: AT: Telefonseelsorge: has run out and is expired; verify it again")


def test_lists_older_than_a_year_are_an_error(directory: Directory) -> None:
    code, lines = check_lines(directory, {}, NOW + timedelta(days=365))

    assert code == 1
    assert len([line for line in lines if line.startswith("error")]) == 29


def test_row_that_changed_since_it_was_verified_is_an_error(directory: Directory) -> None:
    old = Verification(AT, "Telefonseelsorge", "call 141; hours 24/7", "Ola", NOW.date())

    code, lines = check_lines(directory, {(AT, old.row): old}, NOW)

    assert code == 1
    assert lines[0] == (
        "error: AT: Telefonseelsorge: has changed since Ola verified it; verify it again"
    )


def test_damaged_verification_file_is_an_error(directory: Directory) -> None:
    error = ContentError("verified_lines.json", "file", "can't be read")

    code, lines = check_lines(directory, {}, NOW, error)

    assert code == 1
    assert lines[0] == "error: verified_lines.json: file: can't be read"
