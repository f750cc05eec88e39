"""Tries the crisis phrases on lines of text: one line in, one JSON object out, nothing kept."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.core.crisis import Detection, Finding, Place, Tier
from bot.core.crisis_detector import Detector

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How lines are read and judged."""

    jsonl: bool = False
    place: Place = Place.CHANNEL
    explain: bool = False


class _UnreadableLine(ValueError):
    """A line that holds no text; the reason quotes none of it."""


def run_scan(
    lines: Iterable[bytes], write: Callable[[str], object], detector: Detector, options: ScanOptions
) -> None:
    """Write one line of JSON for every line, in order and at once; fails on none."""
    for line in lines:
        write(scan_line(line, detector, options) + "\n")


def scan_line(line: bytes, detector: Detector, options: ScanOptions) -> str:
    """One JSON object for one line; an unreadable one has tier none and an `error`."""
    try:
        text = _text_of(line, jsonl=options.jsonl)
    except _UnreadableLine as error:
        return json.dumps(_as_json(Detection(Tier.NONE)) | {"error": str(error)})
    detection = detector.detect(text, options.place)
    answer = _as_json(detection)
    if options.explain:
        answer["explanation"] = [
            _finding_as_json(found) for found in detection.explanation.findings
        ]
    return json.dumps(answer)


def _text_of(line: bytes, *, jsonl: bool) -> str:
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise _UnreadableLine("the line is not valid UTF-8") from None
    return _text_in_json(text) if jsonl and text.strip() else text


def _text_in_json(line: str) -> str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise _UnreadableLine("the line is not valid JSON") from None
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str):
        raise _UnreadableLine('the line is not an object with a "text" that is a string')
    return text


def _as_json(detection: Detection) -> dict[str, Json]:
    return {
        "tier": detection.tier.value,
        "category": detection.category.value,
        "language": detection.language,
        "cues": list(detection.cues),
    }


def _finding_as_json(finding: Finding) -> dict[str, Json]:
    return {
        "cue": finding.cue,
        "category": finding.category.value,
        "written_tier": finding.written_tier.value,
        "tier": finding.tier.value,
        "span": list(finding.span),
        "clause": list(finding.clause),
        "guards": list(finding.guards),
    }
