"""Commands, buttons, menus and modals: from a person's tap to the bot's answer."""

import asyncio
import time
from dataclasses import dataclass, field

from tests.wire.gateway import Gateway
from tests.wire.messages import LOADING, Messages
from tests.wire.payloads import Payload, Refusal, inner, items, number
from tests.wire.state import EPHEMERAL, Channel, Message, User, World

SLASH, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


@dataclass(slots=True)
class Interaction:
    """One tap or command, and what the bot made of it."""

    id: int
    kind: int
    user: User
    channel: Channel
    source: Message | None
    started_at: float
    answered_at: float | None = None
    answer_kind: int | None = None
    answer: Payload = field(default_factory=dict)
    message: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def token(self) -> str:
        return f"token{self.id}"

    @property
    def seconds(self) -> float:
        """How long the first answer took; LookupError where there is none."""
        if self.answered_at is None:
            raise LookupError("not answered")
        return self.answered_at - self.started_at

    @property
    def modal(self) -> Payload:
        """The modal that opened; LookupError where none did."""
        if self.answer_kind != MODAL:
            raise LookupError("no modal opened")
        return self.answer

    @property
    def choices(self) -> list[Payload]:
        return items(self.answer, "choices")


@dataclass(slots=True)
class Interactions:
    """Hands interactions to the bot and takes its answers by Discord's rules."""

    world: World
    gateway: Gateway
    messages: Messages
    answer_within: float = 3.0
    _by_token: dict[str, Interaction] = field(default_factory=dict)

    def start(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Payload,
        *,
        source: Message | None = None,
        by_person: bool = False,
    ) -> Interaction:
        """Send it to the bot; `by_person`: the person installed the app, not the server."""
        began = Interaction(
            self.world.next_id(), kind, user, channel, source, started_at=time.monotonic()
        )
        self._by_token[began.token] = began
        payload = self._payload(began, data, by_person=by_person)
        self.gateway.send("INTERACTION_CREATE", payload, guild_id=channel.guild_id)
        return began

    def _payload(self, began: Interaction, data: Payload, *, by_person: bool) -> Payload:
        guild_id = began.channel.guild_id
        owners = {"1": str(began.user.id)} if by_person else {"0": str(guild_id or 0)}
        payload: Payload = {
            "id": str(began.id),
            "application_id": str(self.world.bot.id),
            "type": began.kind,
            "token": began.token,
            "version": 1,
            "data": data,
            "channel": began.channel.payload(),
            "channel_id": str(began.channel.id),
            "locale": began.user.locale,
            "context": began.channel.context,
            "authorizing_integration_owners": owners,
            "entitlements": [],
            "app_permissions": "2147483647",
            "attachment_size_limit": 10_485_760,
        }
        if began.source is not None:
            payload["message"] = began.source.payload()
        if guild_id is None:
            return payload | {"user": began.user.payload()}
        place = {"id": str(guild_id), "locale": "en-US", "features": []}
        guild: Payload = {"guild_id": str(guild_id), "guild": place, "guild_locale": "en-US"}
        return payload | guild | {"member": began.user.as_member()}

    def take_answer(self, token: str, body: Payload) -> Payload:
        """Accept the first answer: once, and in time."""
        began = self._by_token.get(token)
        if began is None or time.monotonic() - began.started_at > self.answer_within:
            raise Refusal(404, 10062, "Unknown interaction")
        if began.answered_at is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        kind, data = number(body, "type"), inner(body, "data")
        self._carry_out(began, kind, data)
        began.answer_kind, began.answer = kind, data
        began.answered_at = time.monotonic()
        began.done.set()
        return self._receipt(began, kind)

    def _carry_out(self, began: Interaction, kind: int, data: Payload) -> None:
        if kind in (REPLY, DEFER):
            flags = number(data, "flags") | (LOADING if kind == DEFER else 0)
            began.message = self._say(began, data | {"flags": flags})
        elif kind in (UPDATE, DEFER_UPDATE):
            if began.source is None:
                raise Refusal(400, 50035, "Invalid Form Body")
            began.message = began.source
            if kind == UPDATE:
                self.messages.edit(began.source, data)
        elif kind == MODAL and began.kind == MODAL_SUBMIT:
            raise Refusal(400, 50035, "Invalid Form Body")

    def _say(self, began: Interaction, body: Payload) -> Message:
        only_for = began.user if number(body, "flags") & EPHEMERAL else None
        return self.messages.post(began.channel, self.world.bot, body, only_for=only_for)

    def _receipt(self, began: Interaction, kind: int) -> Payload:
        about: Payload = {"id": str(began.id), "type": began.kind}
        if began.message is None:
            return {"interaction": about}
        about["response_message_id"] = str(began.message.id)
        about["response_message_loading"] = kind == DEFER
        about["response_message_ephemeral"] = began.message.is_ephemeral
        resource = {"type": kind, "message": began.message.payload()}
        return {"interaction": about, "resource": resource}

    def follow_up(self, token: str, body: Payload) -> Message:
        """Fill a deferred answer, or add a message; public unless the body says otherwise."""
        began = self._answered(token)
        if began.message is not None and number(began.message.body, "flags") & LOADING:
            self.messages.edit(began.message, body)
            return began.message
        message = self._say(began, body)
        began.follow_ups.append(message)
        return message

    def find_message(self, token: str, which: str) -> Message:
        """Return the original answer or a follow-up by id."""
        began = self._answered(token)
        mine = [each for each in (began.message, *began.follow_ups) if each is not None]
        for message in mine:
            named = message is began.message if which == "@original" else str(message.id) == which
            if named and not message.is_deleted:
                return message
        raise Refusal(404, 10008, "Unknown Message")

    def _answered(self, token: str) -> Interaction:
        began = self._by_token.get(token)
        if began is None or began.answered_at is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return began
