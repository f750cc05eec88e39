"""What each person sees: one browser page for each place, served by the simulated Discord.

SimCord's preview shows one channel and stands still until told otherwise. Here several stand side
by side, what the bot does by itself appears by itself, and the page says what it is.
"""
# SimCord offers no public way to open several previews or to refresh them from outside; its exact
# version is pinned, and every private name of it that we use is in this file.
# ruff: noqa: SLF001

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import simcord
from aiohttp import web
from simcord.preview import Preview
from simcord.preview._server import PreviewServer

from bot.rehearsal.world import World

STATIC = Path(__file__).with_name("static")
# Pages that were closed without a goodbye count until their lease ends; tabs are reloaded often.
MOST_PAGES = 500
LAST_REQUESTS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as some people may see it; the first of them is the one shown."""

    name: str
    title: str
    channel: simcord.ChannelHandle
    viewers: tuple[simcord.UserHandle | simcord.MemberActor, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page was served, so that open tabs find it again after a new start."""

    port: int
    capability: str


def places_of(world: World) -> tuple[Place, ...]:
    """Return every place that the landing page links."""
    return (
        Place("cleo", "Cleo's DM with Handrail", world.cleo.dm_channel, (world.cleo,)),
        Place("support", "#support in Harbour", world.support, world.in_support),
        Place("thea", "Thea's DM with Handrail", world.thea.dm_channel, (world.thea,)),
        Place("sam", "Sam's DM with Handrail", world.sam.dm_channel, (world.sam,)),
        Place("mo", "Mo's DM with Handrail", world.mo.dm_channel, (world.mo,)),
        Place("moderators", "#moderators in Harbour", world.moderators, world.in_moderators),
    )


class Surfaces:
    """The open pages of one world. `lock` orders what people do with the flow of time."""

    def __init__(self, env: simcord.Env, lock: asyncio.Lock) -> None:
        self._env = env
        self._lock = lock
        self._previews: dict[str, Preview] = {}
        self._seen = -1

    async def open(
        self, places: tuple[Place, ...], *, back_to: str, kept: Mapping[str, Address]
    ) -> None:
        """Serve a page for each place, at its `kept` address where there is one."""
        for place in places:
            self._previews[place.name] = await self._open(place, back_to, kept.get(place.name))

    async def _open(self, place: Place, back_to: str, kept: Address | None) -> Preview:
        # One preview at a time is what SimCord allows through its own door.
        self._env._preview = None
        preview = self._env.preview(
            place.channel,
            viewers=place.viewers,
            layout="channel",
            display="responsive",
            # Day before month and hours to 24, as on the landing page.
            locale="en-GB",
        )
        preview._server = SurfaceServer(preview, place, back_to, port=kept.port if kept else 0)
        if kept:
            preview.capability = kept.capability
        setattr(preview, "_MAX_PAGES", MOST_PAGES)  # noqa: B010  # a class constant to mypy
        self._order_actions(preview)
        return await preview.__aenter__()

    def _order_actions(self, preview: Preview) -> None:
        act: Callable[..., Awaitable[dict[str, object]]] = preview._action

        async def act_in_order(context: str | None, body: object) -> dict[str, object]:
            async with self._lock:
                # The step that marks an action's effects needs to know whose action it is.
                self._env._preview = preview
                result = await act(context, self._as_of_now(preview, context, body))
                self.show_changes()
            return result

        setattr(preview, "_action", act_in_order)  # noqa: B010  # a method to mypy

    def _as_of_now(self, preview: Preview, context: str | None, body: object) -> object:
        # The page changes under people's hands, because time flows and bots restart: a press is
        # meant for what it names, not for the revision that was on the screen.
        page = preview._pages.get(context or "")
        if page is None or not isinstance(body, dict):
            return body
        return {
            **body,
            "published_revision": page.revision,
            "bot_generation": self._env._generation,
        }

    def show_changes(self) -> None:
        """Publish every open page if anything happened since the last time."""
        happened = len(self._env.backend.transcript) + len(self._env.http_requests)
        if happened == self._seen:
            return
        self._seen = happened
        for preview in self._previews.values():
            preview._advance_presentation_time()
            for page in tuple(preview._pages.values()):
                preview._publish(page, reason="refresh")

    def show_all(self) -> None:
        """Publish every open page."""
        self._seen = -1
        self.show_changes()

    @property
    def urls(self) -> dict[str, str]:
        """Each place's address with its key; whoever has it can act as the people there."""
        return {name: preview.url for name, preview in self._previews.items()}

    @property
    def addresses(self) -> dict[str, Address]:
        """Where each page is served now."""
        return {
            name: Address(preview._server.port, preview.capability)
            for name, preview in self._previews.items()
            if preview._server.port is not None
        }

    async def close(self) -> None:
        """Stop serving."""
        for preview in self._previews.values():
            await preview.close()


class SurfaceServer(PreviewServer):
    """Serves a preview dressed for people who rehearse, without the tools of test writers."""

    def __init__(self, preview: Preview, place: Place, back_to: str, *, port: int) -> None:
        super().__init__(preview, port)
        self._replacements = {
            "/": (
                ("<title>SimCord Preview</title>", f"<title>{place.title} - rehearsal</title>"),
                ('<div class="preview-brand">', _heading(place.title, back_to)),
                ('id="preview-shell"', f'id="preview-shell" data-viewers="{len(place.viewers)}"'),
            )
        }
        self._additions = {
            "/preview.css": (STATIC / "surface.css").read_text(encoding="utf-8"),
            "/app.js": (STATIC / "surface.js").read_text(encoding="utf-8"),
        }

    async def start(self) -> None:
        """Listen; at the end, a press that waits for its turn does not hold up the goodbye."""
        await super().start()
        self.runner._shutdown_timeout = LAST_REQUESTS_SECONDS

    async def _static(self, request: web.Request) -> web.Response:
        response: web.Response = await super()._static(request)
        text = response.text if request.path in {"/", *self._additions} else None
        if text is None:
            return response
        for old, new in self._replacements.get(request.path, ()):
            text = text.replace(old, new)
        response.text = text + self._additions.get(request.path, "")
        return response


def _heading(title: str, back_to: str) -> str:
    return (
        f'<a class="rehearsal-back" href="{back_to}" target="handrail-rehearsal">All people</a>'
        f'<strong class="rehearsal-title">{title}</strong>'
        '<div class="preview-brand" hidden>'
    )
