"""A plain bot with a button, a menu, a modal and an autocomplete, to check the stand-in with."""

import discord
from discord import app_commands

from tests.wire.plain_bot import PlainBot, start


class NameModal(discord.ui.Modal, title="Your name"):
    called: discord.ui.Label[discord.ui.View] = discord.ui.Label(
        text="What are you called", component=discord.ui.TextInput(custom_id="called")
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        field = self.called.component
        assert isinstance(field, discord.ui.TextInput)
        await interaction.response.send_message(f"Hello {field.value}", ephemeral=True)


class FormView(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Next", custom_id="next")
    async def onward(
        self, interaction: discord.Interaction, _button: discord.ui.Button["FormView"]
    ) -> None:
        await interaction.response.edit_message(content="Second step")

    @discord.ui.button(label="Name", custom_id="name")
    async def name(
        self, interaction: discord.Interaction, _button: discord.ui.Button["FormView"]
    ) -> None:
        await interaction.response.send_modal(NameModal())

    @discord.ui.select(custom_id="colour", options=[discord.SelectOption(label="blue")])
    async def colour(
        self, interaction: discord.Interaction, menu: discord.ui.Select["FormView"]
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"You chose {menu.values[0]}")


class FormBot(PlainBot):
    async def setup_hook(self) -> None:
        self.add_view(FormView())
        self.tree.add_command(form)
        await super().setup_hook()


@app_commands.command(description="A form")
async def form(interaction: discord.Interaction, word: str = "") -> None:
    await interaction.response.send_message(f"First step {word}", view=FormView())


@form.autocomplete("word")
async def words(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed}ing", value=typed)]


if __name__ == "__main__":
    start(FormBot())
