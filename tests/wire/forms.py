"""What Discord's app sends for a command, a half-typed option and a filled-in modal."""

from collections.abc import Mapping

from tests.wire.payloads import Payload, inner, items, number, text
from tests.wire.state import World, walk

SUBCOMMAND, GROUP = 1, 2
TEXT_DISPLAY, ACTION_ROW, LABEL = 10, 1, 18


def slash_data(
    world: World, name: str, values: Mapping[str, str | int], *, context: int
) -> Payload:
    """Build a command's data; LookupError for one that is not registered or not offered there."""
    root, *path = name.split()
    if root not in world.commands:
        raise LookupError(f"/{root} is not registered; there are {sorted(world.commands)}")
    command = world.commands[root]
    contexts = command.get("contexts")
    if isinstance(contexts, list) and context not in contexts:
        raise LookupError(f"/{root} is not offered here")
    options = _options(command, path, values)
    about: Payload = {"id": text(command, "id"), "name": root, "type": number(command, "type")}
    return about | {"options": options}


def _options(command: Payload, path: list[str], values: Mapping[str, str | int]) -> list[Payload]:
    known = {text(each, "name"): each for each in items(command, "options")}
    if path:
        chosen = known[path[0]]
        nested = _options(chosen, path[1:], values)
        return [{"name": path[0], "type": number(chosen, "type"), "options": nested}]
    return [
        {"name": name, "type": number(known[name], "type"), "value": value}
        for name, value in values.items()
    ]


def focused(data: Payload, option: str) -> None:
    """Mark an option as the one being typed."""
    for each in items(data, "options"):
        if text(each, "name") == option:
            each["focused"] = True
        focused(each, option)


def filled_in(modal: Payload, words: Mapping[str, str]) -> Payload:
    """Build a submit; fields without a word are sent empty, as Discord does."""
    components = items(modal, "components")
    fields = {text(each, "custom_id") for each in walk(components)}
    labels = {_label(each) for each in walk(components)}
    if unknown := set(words) - fields - labels:
        raise LookupError(f"the modal has no field {sorted(unknown)}")
    sent = [_submitted(each, words) for each in components if number(each, "type") != TEXT_DISPLAY]
    return {"custom_id": text(modal, "custom_id"), "components": sent}


def _label(component: Payload) -> str:
    return text(component, "label")


def _submitted(component: Payload, words: Mapping[str, str], label: str = "") -> Payload:
    kind = number(component, "type")
    if kind == ACTION_ROW:
        inside = [_submitted(each, words) for each in items(component, "components")]
        return {"type": kind, "id": 1, "components": inside}
    if kind == LABEL:
        inside_label = _submitted(inner(component, "component"), words, _label(component))
        return {"type": kind, "id": 1, "component": inside_label}
    custom_id = text(component, "custom_id")
    value = words.get(custom_id, words.get(label or _label(component), ""))
    field: Payload = {"type": kind, "id": 1, "custom_id": custom_id}
    return field | ({"value": value} if kind == 4 else {"values": [value] if value else []})
