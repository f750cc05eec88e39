"""The plainest discord.py bot: the stand-in is checked with it, and the benchmark compares with it.

Run as `python -m tests.wire.plain_bot`; reads DISCORD_TOKEN and DISCORD_API_BASE.
"""

import asyncio
import os
import sys

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


class PlainBot(commands.Bot):
    """Answers /ground with a constant and repeats what a DM says."""

    def __init__(self) -> None:
        super().__init__(command_prefix=commands.when_mentioned, intents=discord.Intents.default())

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        # Reached again after an invalid session, so it is not enough to pass it once.
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        self.tree.add_command(ground)
        await self.tree.sync()

    async def on_message(self, message: discord.Message, /) -> None:
        if message.guild is None and not message.author.bot:
            await message.channel.send(f"You said: {message.content}")


@app_commands.command(description="Ground me")
async def ground(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Press your feet into the floor.", ephemeral=True)


def start(bot: PlainBot) -> None:
    """Run until stopped; a refused token ends with code 1."""
    Route.BASE = os.environ["DISCORD_API_BASE"]
    try:
        asyncio.run(_run(bot))
    except discord.LoginFailure:
        sys.exit("token refused")
    except discord.PrivilegedIntentsRequired:
        sys.exit("intents refused")


async def _run(bot: PlainBot) -> None:
    discord.utils.setup_logging()
    async with bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    start(PlainBot())
