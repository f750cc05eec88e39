"""The part of the composition that keeps something: invitations, check-ins, contacts, alerts."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from discord.ext import commands

from bot.core.outbox import DeliveryOutcome, OutboxKind, OutboxRow
from bot.core.people import GuildId, PersonId
from bot.core.zones import Zones
from bot.discord_io.client import Beside, HandrailBot
from bot.discord_io.messenger import DiscordMessenger
from bot.discord_io.therapists import ListedTherapists
from bot.scheduling.alarm import Alarm
from bot.scheduling.background import Background
from bot.scheduling.housekeeping import Housekeeping
from bot.services.alert_delivery import AlertDelivery
from bot.services.alert_screens import AlertScreens
from bot.services.alerts import AlertService
from bot.services.check_in_planning import CheckInPlanningService
from bot.services.check_ins import CheckInService
from bot.services.clients import ClientService
from bot.services.contact_choices import ContactChoices
from bot.services.contact_inviting import ContactInvitingService
from bot.services.contact_screens import ContactScreens
from bot.services.contacts import ContactService
from bot.services.deliveries import Composer, DeliveryService, by_name
from bot.services.escalation_records import EscalationRecords
from bot.services.help import HelpService
from bot.services.joining import JoiningService
from bot.services.own_check_ins import OwnCheckInService
from bot.services.ports import Clock, Texts
from bot.services.privacy import PrivacyService
from bot.services.retention import RetentionService
from bot.services.storage_port import StorageError, UnitOfWork
from bot.settings import Settings
from bot.storage.encryption import MasterKeys
from bot.storage.sql_storage import SqlStorage, make_storage
from cogs.check_in_plans import CheckInPlansCog
from cogs.check_ins import CheckInsCog
from cogs.clients import ClientsCog
from cogs.contacts import ContactsCog
from cogs.joining import JoiningCog
from cogs.privacy import PrivacyCog

log = logging.getLogger(__name__)

THERAPISTS_LOOKED_AT_EVERY = timedelta(hours=1)
SWEPT_EVERY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Storing:
    """What the rest of the bot needs of the storing part."""

    cogs: Sequence[commands.Cog]
    beside: Sequence[Beside]
    alerts: AlertService
    check_ins: CheckInService


@dataclass(frozen=True, slots=True)
class Wiring:
    """What every storing service is built from."""

    bot: HandrailBot
    settings: Settings
    storage: SqlStorage
    messenger: DiscordMessenger
    texts: Texts
    clock: Clock
    help: HelpService
    therapists: ListedTherapists
    wake: Callable[[], None]

    def install_url(self) -> str:
        """Return the page on which a person adds this bot to their own account."""
        return (
            "https://discord.com/oauth2/authorize"
            f"?client_id={self.bot.application_id}&integration_type=1&scope=applications.commands"
        )


@dataclass(frozen=True, slots=True)
class StorageBeside:
    """Opens the storage before the gateway opens, and what is remembered of it with it."""

    storage: SqlStorage
    alerts: AlertService
    deliveries: DeliveryService
    alarm: Alarm
    background: Background

    async def start(self) -> None:
        """Open, remember, and begin to send; raises StorageError in one line."""
        await self.storage.start()
        await self.alerts.load()
        await self.deliveries.start()
        self.alarm.start()

    async def stop(self) -> None:
        """Let what is under way end, then close."""
        self.alarm.stop()
        await self.background.stop()
        await self.storage.close()


def open_settings_storage(settings: Settings) -> SqlStorage:
    """Make the storage that the settings name; raises StorageError where they name none."""
    keys = (settings.handrail_master_key, settings.handrail_master_key_old)
    current, *older = (key.get_secret_value() for key in keys if key is not None)
    return make_storage(settings.database_url.get_secret_value(), MasterKeys(current, older))


def build_storing(
    bot: HandrailBot,
    settings: Settings,
    *,
    messenger: DiscordMessenger,
    texts: Texts,
    clock: Clock,
    help_service: HelpService,
    look_at_least_every: timedelta,
) -> Storing:
    """Build everything that keeps something; nothing is opened yet."""
    wiring = Wiring(
        bot, settings, open_settings_storage(settings), messenger, texts, clock, help_service,
        therapists=ListedTherapists(
            bot,
            clock,
            listed=[PersonId(each) for each in settings.handrail_therapists],
            roles=settings.handrail_therapist_roles,
            guilds=[GuildId(each) for each in settings.handrail_guilds],
        ),
        # The alarm is made last, because it rings what all the others need.
        wake=lambda: alarm.wake(),  # noqa: PLW0108
    )  # fmt: skip
    background = Background()
    contacts = build_contacts(wiring, background)
    care = build_care(wiring, contacts)
    deliveries = build_deliveries(wiring, care, contacts)
    alarm = Alarm(deliveries.run_once, look_at_least_every)
    opened = StorageBeside(wiring.storage, contacts.alerts, deliveries, alarm, background)
    return Storing(
        cogs=(*care.cogs(bot), *contacts.cogs(bot)),
        beside=(opened, _build_housekeeping(wiring, care.clients)),
        alerts=contacts.alerts,
        check_ins=care.check_ins,
    )


@dataclass(frozen=True, slots=True)
class Contacts:
    """Designated contacts and alerts."""

    choices: ContactChoices
    delivery: AlertDelivery
    alerts: AlertService
    contacts: ContactService
    inviting: ContactInvitingService

    def cogs(self, bot: HandrailBot) -> Sequence[commands.Cog]:
        """Build their command group."""
        return (ContactsCog(bot, self.contacts, self.inviting, self.alerts),)

    def notices(self) -> Mapping[str, Composer]:
        """Return what they tell by themselves."""
        return {**self.contacts.notices(), **self.inviting.notices(), **self.alerts.notices()}


def build_contacts(wiring: Wiring, background: Background) -> Contacts:
    """Build what tells a person whom the client chose."""
    storage, clock, wake = wiring.storage, wiring.clock, wiring.wake
    choices = ContactChoices(storage)
    records = EscalationRecords(storage, clock, wake)
    delivery = AlertDelivery(
        storage, wiring.messenger, clock, choices, records, background, AlertScreens(wiring.texts)
    )
    screens = ContactScreens(wiring.texts)
    return Contacts(
        choices=choices,
        delivery=delivery,
        alerts=AlertService(storage, wiring.texts, clock, choices, records, delivery),
        contacts=ContactService(storage, screens, clock, choices, wake),
        inviting=ContactInvitingService(
            storage, screens, clock, wake, wiring.install_url, wiring.settings.handrail_run_by
        ),
    )


@dataclass(frozen=True, slots=True)
class Care:
    """Therapists, their clients, and check-ins."""

    joining: JoiningService
    clients: ClientService
    privacy: PrivacyService
    check_ins: CheckInService
    planning: CheckInPlanningService
    own: OwnCheckInService

    def cogs(self, bot: HandrailBot) -> Sequence[commands.Cog]:
        """Build their command groups."""
        return (
            JoiningCog(bot, self.joining),
            ClientsCog(bot, self.clients),
            PrivacyCog(bot, self.privacy),
            CheckInsCog(bot, self.check_ins),
            CheckInPlansCog(bot, self.planning, self.own),
        )

    def notices(self) -> Mapping[str, Composer]:
        """Return what they tell by themselves."""
        parts = (self.joining, self.clients, self.privacy, self.check_ins, self.own)
        return {name: each for part in parts for name, each in part.notices().items()}


def build_care(wiring: Wiring, contacts: Contacts) -> Care:
    """Build what pairs a therapist and a client, and what is set between them."""
    storage, texts, clock, wake = wiring.storage, wiring.texts, wiring.clock, wiring.wake
    therapists, run_by = wiring.therapists, wiring.settings.handrail_run_by
    check_ins = CheckInService(storage, texts, wiring.help, clock)
    contact_invitation = contacts.inviting.contact_invitation
    return Care(
        joining=JoiningService(storage, texts, clock, therapists, wake, run_by, contact_invitation),
        clients=ClientService(storage, texts, clock, therapists, wake, wiring.install_url),
        privacy=PrivacyService(storage, texts, clock, wake, contacts.choices.refresh),
        check_ins=check_ins,
        planning=CheckInPlanningService(
            storage, texts, clock, therapists, Zones.load(), check_ins, wake
        ),
        own=OwnCheckInService(storage, texts, clock, check_ins, wake),
    )


def build_deliveries(wiring: Wiring, care: Care, contacts: Contacts) -> DeliveryService:
    """Build the one loop that sends what is due, with the words of every kind."""
    hello = by_name(
        {"link": care.joining.compose_hello, "contact": contacts.contacts.compose_hello}
    )
    notices = by_name({**care.notices(), **contacts.notices()})

    async def settle_hello(
        work: UnitOfWork, row: OutboxRow, outcome: DeliveryOutcome | None
    ) -> None:
        # Each knows its own references and leaves the other's alone.
        await care.joining.settle_hello(work, row, outcome)
        await contacts.contacts.settle_hello(work, row, outcome)

    return DeliveryService(
        wiring.storage,
        wiring.messenger,
        wiring.clock,
        composers={
            OutboxKind.CHECK_IN: care.check_ins.compose,
            OutboxKind.HELLO: hello,
            OutboxKind.ALERT: contacts.alerts.compose_alert,
            OutboxKind.NOTICE: notices,
        },
        settlers={
            OutboxKind.CHECK_IN: care.check_ins.settle,
            OutboxKind.HELLO: settle_hello,
            OutboxKind.ALERT: contacts.alerts.settle_alert,
            OutboxKind.NOTICE: care.own.settle_notice,
        },
    )


def _build_housekeeping(wiring: Wiring, clients: ClientService) -> Housekeeping:
    """Delete what is old, and end the links of whoever is certainly no therapist any more."""

    async def end_links_of_the_gone() -> None:
        try:
            async with wiring.storage.read() as work:
                linked = await work.care_links.list_therapists()
            for person in linked:
                if await wiring.therapists.has_stopped(person):
                    await clients.therapist_removed(person)
        except StorageError:
            log.warning("therapists.not_looked_at")

    housekeeping = Housekeeping()
    housekeeping.at_start_and_every(THERAPISTS_LOOKED_AT_EVERY, end_links_of_the_gone)
    retention = RetentionService(wiring.storage, wiring.clock)
    housekeeping.at_start_and_every(SWEPT_EVERY, retention.sweep)
    return housekeeping
