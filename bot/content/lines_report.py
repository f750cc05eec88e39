"""What `lines list`, `lines verify` and `lines check` say to an operator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

from bot.core.crisis_resource_rows import (
    EMERGENCY_ROW,
    Country,
    CrisisLine,
    ResourceRow,
    Verification,
    Verifications,
)
from bot.core.crisis_resources import VISIBLE, Directory, RowState
from bot.core.errors import ContentError, HandrailError

Ask = Callable[[str], str]
Tell = Callable[[str], None]

COLUMNS = ("COUNTRY", "LINE", "NUMBERS", "HOURS", "CONFIDENCE", "STATE")
GAP = "  "


class LineNotVerified(HandrailError):
    """The verification was refused, nothing was saved; the text says why and what to do."""


def get_country(directory: Directory, text: str) -> Country:
    """Find a country by what an operator typed; raise LineNotVerified where there is none."""
    found = directory.find_named(text)
    if found:
        return found
    near = ", ".join(f"{each.code} ({each.name})" for each in directory.search(text)[:3])
    hint = f" Did you mean {near}?" if near else " Use a code like GB."
    raise LineNotVerified(f"No country {text!r} is listed.{hint}")


def list_lines(
    directory: Directory, verifications: Verifications, country: str | None, at: datetime
) -> list[str]:
    """Return a table of every row, of one country or all, with what people see of it."""
    seen = directory.with_verifications(verifications)
    countries = [get_country(seen, country)] if country else seen.countries
    rows = [_cells(seen, each, row, at) for each in countries for row in each.rows]
    table = [COLUMNS, *rows]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(COLUMNS))]
    return [_spaced(cells, widths) for cells in table]


def check_lines(
    directory: Directory,
    verifications: Verifications,
    at: datetime,
    error: ContentError | None = None,
) -> tuple[int, list[str]]:
    """Return an exit code and a line for each thing to do.

    1 for what has run out, has changed since it was verified, or can't be read (`error`, met
    when loading the verifications); 0 where there are only warnings.
    """
    seen = directory.with_verifications(verifications)
    wrong = [f"error: {error}"] if error else []
    wrong += [_outdated(each) for each in seen.outdated_verifications()]
    for country in seen.countries:
        wrong += _run_out(seen, country, at)
    warnings = [
        f"warning: {each.country}: {each.row}: runs out on {each.expires_on}; verify it before then"
        for each in seen.expiring(at)
    ]
    warnings += [
        _nothing_shown(each) for each in seen.countries if not _shows_a_line(seen, each, at)
    ]
    return (1 if wrong else 0), [*wrong, *warnings]


@dataclass(frozen=True, slots=True)
class Given:
    """What stood on the command line; whatever is missing is asked for."""

    line: str | None = None
    numbers: Sequence[str] = ()
    by: str | None = None


def verify_line(
    directory: Directory,
    verifications: Verifications,
    country: str,
    given: Given,
    *,
    at: datetime,
    ask: Ask,
    tell: Tell,
) -> Verifications:
    """Return the verifications with one row added; raise LineNotVerified if anything differs.

    Every number of the row has to be typed exactly as it is listed.
    """
    found = get_country(directory, country)
    row = _get_row(found, given.line or _ask_which(found, ask, tell))
    for text in describe_row(directory, found, row):
        tell(text)
    _compare(row, given.numbers or _ask_numbers(row, ask))
    by = (given.by if given.by is not None else ask("Your name: ")).strip()
    if not by:
        raise LineNotVerified("Nothing was saved: say who verified it.")
    today = at.astimezone(UTC).date()
    made = Verification(found.code, row.name, row.fingerprint, by, today)
    tell(f"Saved: {found.code} {row.name}, until {today + directory.verified_for}.")
    return {**verifications, (found.code, row.name): made}


def describe_row(directory: Directory, country: Country, row: ResourceRow) -> list[str]:
    """Return all that is known about a row: what to check and where it was read."""
    lines = [f"{country.name} ({country.code}): {row.name}", f"  numbers: {_numbers(row)}"]
    if isinstance(row, CrisisLine):
        lines += _describe_line(row)
    if country.note:
        lines.append(f"  country note: {country.note}")
    lines.append(f"  confidence: {row.confidence}")
    return lines + [f"  source {each}: {directory.sources[each]}" for each in row.sources]


def _describe_line(line: CrisisLine) -> list[str]:
    unread = "" if line.url_read else " (nobody has read this address yet)"
    chat_hours = f"; chat {line.chat_hours}" if line.chat_hours != line.hours else ""
    facts = {
        "kind": line.kind,
        "for": line.for_whom,
        "hours": f"{line.hours}{chat_hours}",
        "hours as the sources give them": line.hours_as_given,
        "languages": " ".join(line.languages),
        "address": f"{line.url}{unread}" if line.url else "",
        "to check": line.verify_note,
    }
    return [f"  {name}: {fact}" for name, fact in facts.items() if fact]


def _numbers(row: ResourceRow) -> str:
    return "; ".join(row.channels) if isinstance(row, CrisisLine) else row.fingerprint


def _cells(
    directory: Directory, country: Country, row: ResourceRow, at: datetime
) -> tuple[str, ...]:
    hours = str(row.hours) if isinstance(row, CrisisLine) else ""
    state = directory.standing(country.code, row, at).state
    return (country.code, row.name, _numbers(row), hours, row.confidence, state)


def _spaced(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return GAP.join(padded).rstrip()


def _outdated(verification: Verification) -> str:
    where = f"{verification.country}: {verification.row}"
    return (
        f"error: {where}: has changed since {verification.verified_by} verified it; verify it again"
    )


def _run_out(directory: Directory, country: Country, at: datetime) -> list[str]:
    rows = ((row, directory.standing(country.code, row, at)) for row in country.rows)
    return [
        f"error: {country.code}: {row.name}: has run out and is {standing.state}; verify it again"
        for row, standing in rows
        if standing.lapsed or standing.state is RowState.EXPIRED
    ]


def _shows_a_line(directory: Directory, country: Country, at: datetime) -> bool:
    states = (directory.standing(country.code, line, at).state for line in country.lines)
    return any(state in VISIBLE for state in states)


def _nothing_shown(country: Country) -> str:
    if not country.lines:
        return f"warning: {country.code}: {country.name} has no line; the finder is shown instead"
    names = ", ".join(line.name for line in country.lines)
    return f"warning: {country.code}: no line is shown until you verify one ({names})"


def _ask_which(country: Country, ask: Ask, tell: Tell) -> str:
    for row in country.rows:
        tell(f"  {row.name}: {_numbers(row)}")
    return ask("Which one did you verify? Its name: ")


def _get_row(country: Country, name: str) -> ResourceRow:
    found = country.find_row(name)
    if found:
        return found
    names = [row.name for row in country.rows]
    near = get_close_matches(name, names, n=1) or names
    raise LineNotVerified(
        f"{country.name} has no row {name!r}. Its rows: {', '.join(near)}."
        f" The emergency numbers are the row {EMERGENCY_ROW!r}."
    )


def _ask_numbers(row: ResourceRow, ask: Ask) -> list[str]:
    count = len(row.numbers)
    return [
        ask(f"Number {position} of {count}, as you dialled it or read it at the provider: ")
        for position in range(1, count + 1)
    ]


def _compare(row: ResourceRow, typed: Sequence[str]) -> None:
    given = [number.strip() for number in typed]
    unknown = [number for number in given if number not in row.numbers]
    missing = [number for number in row.numbers if number not in given]
    if not unknown and not missing:
        return
    listed = " and ".join(repr(number) for number in row.numbers)
    said = " and ".join(repr(number) for number in given) or "nothing"
    raise LineNotVerified(
        f"Nothing was saved: {row.name} is listed with {listed}, you gave {said}."
        " Give every number exactly as listed, and only if the provider really has it."
        " If the provider's number is another one, do not verify this row."
    )
