"""The rehearsal's people and places, and the few things that can happen to them from outside."""

from dataclasses import dataclass

import discord
import simcord

BOT_NAME = "Handrail"
CANNOT_SEND_TO_THIS_PERSON = 50007
FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class World:
    """Four people, a server with two channels, and each person's DM with the bot."""

    env: simcord.Env
    cleo: simcord.UserHandle
    thea: simcord.UserHandle
    mo: simcord.UserHandle
    sam: simcord.UserHandle
    support: simcord.ChannelHandle
    moderators: simcord.ChannelHandle
    in_support: tuple[simcord.MemberActor, ...]
    in_moderators: tuple[simcord.MemberActor, ...]

    @property
    def cleo_takes_dms(self) -> bool:
        """Tell whether a message that the bot sends to Cleo arrives."""
        return not self._closed_dm_faults()

    def close_cleos_dms(self) -> None:
        """From now on Discord refuses what the bot sends to Cleo, as when she blocks it."""
        self.env.inject_error(
            "POST",
            self._cleos_messages,
            status=FORBIDDEN,
            code=CANNOT_SEND_TO_THIS_PERSON,
            message="Cannot send messages to this user",
            times=None,
        )

    def open_cleos_dms(self) -> None:
        """Let the bot's messages reach Cleo again."""
        for fault in self._closed_dm_faults():
            self.env.backend.faults.remove(fault)

    @property
    def _cleos_messages(self) -> str:
        return f"/channels/{self.cleo.dm_channel.id}/messages"

    def _closed_dm_faults(self) -> list[dict[str, object]]:
        return [f for f in self.env.backend.faults if f["path"] == self._cleos_messages]


def seed(env: simcord.Env) -> World:
    """Put the people and places into `env`; before it starts, the bot finds them there."""
    env.backend.bot_user.name = BOT_NAME
    cleo, thea, mo, sam = (_person(env, name) for name in ("Cleo", "Thea", "Mo", "Sam"))
    guild = env.create_guild("Harbour")
    moderator = guild.create_role("Moderator", permissions=_moderator_permissions())
    therapist = guild.create_role("Therapist")
    member_cleo, member_sam = guild.add_member(cleo), guild.add_member(sam)
    member_thea = guild.add_member(thea, roles=[therapist])
    member_mo = guild.add_member(mo, roles=[moderator])
    return World(
        env=env,
        cleo=cleo,
        thea=thea,
        mo=mo,
        sam=sam,
        support=guild.create_text_channel("support", topic="Members help each other here."),
        moderators=_moderators_channel(guild, moderator),
        in_support=(member_cleo, member_mo, member_thea, member_sam),
        in_moderators=(member_mo,),
    )


def _person(env: simcord.Env, name: str) -> simcord.UserHandle:
    return env.create_user(name.lower(), global_name=name)


def _moderator_permissions() -> discord.Permissions:
    return discord.Permissions(manage_guild=True, manage_messages=True, moderate_members=True)


def _moderators_channel(
    guild: simcord.GuildHandle, moderator: simcord.RoleHandle
) -> simcord.ChannelHandle:
    seen = discord.PermissionOverwrite(view_channel=True, send_messages=True)
    hidden = discord.PermissionOverwrite(view_channel=False)
    # A server gives the bot a role of its own name when it is invited.
    return guild.create_text_channel(
        "moderators",
        topic="Only moderators and Handrail see this.",
        overwrites={guild.default_role: hidden, moderator: seen, guild.roles[BOT_NAME]: seen},
    )
