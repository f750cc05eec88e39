"""What words of crisis are answered with; from memory alone, before anything else happens."""

from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.core.actions import Action
from bot.core.crisis import Category, Detection, Place, Tier
from bot.core.crisis_conversation import Conversation, remember
from bot.core.crisis_detector import Detector
from bot.core.crisis_episodes import CrisisReply, Episode
from bot.core.crisis_resources import EmergencyNeed
from bot.core.people import PersonId, Reader
from bot.core.recent import Recent
from bot.core.screens import Button, Screen, Weight
from bot.services.help import HelpService
from bot.services.ports import Clock, Texts
from bot.services.rows import ground_button, help_button

PEOPLE_REMEMBERED = 10_000

DANGER_FROM_OTHERS = frozenset(
    {Category.VIOLENCE_AT_HOME, Category.ASSAULT, Category.STALKING, Category.CHILD_IN_DANGER}
)
MEDICAL = frozenset({Category.OVERDOSE, Category.SELF_HARM, Category.SUBSTANCE_EMERGENCY})


class TellsAPerson(Protocol):
    """Knows from memory whom the client chose to be told."""

    def tell_button(self, reader: Reader) -> Button | None:
        """Return the button that tells them, where there is somebody."""


@dataclass(frozen=True, slots=True)
class CrisisAnswer:
    """What was found, and the screen that goes out for it; None where the ordinary answer does."""

    detection: Detection
    reply: CrisisReply
    screen: Screen | None


@dataclass(frozen=True, slots=True)
class CrisisService:
    """Reads everything a person types to us and remembers for a while only what was found."""

    detector: Detector
    texts: Texts
    help: HelpService
    clock: Clock
    alerts: TellsAPerson | None = None
    _episodes: Recent[PersonId, Episode] = field(
        default_factory=lambda: Recent[PersonId, Episode](PEOPLE_REMEMBERED)
    )
    _conversations: Recent[PersonId, Conversation] = field(
        default_factory=lambda: Recent[PersonId, Conversation](PEOPLE_REMEMBERED)
    )
    _undelivered: Recent[PersonId, Screen] = field(
        default_factory=lambda: Recent[PersonId, Screen](PEOPLE_REMEMBERED)
    )

    def read_direct(self, reader: Reader, text: str) -> CrisisAnswer:
        """Answer a DM, an edit of one, or text typed into a modal or an option."""
        now = self.clock.now()
        recent = self._conversations.find(reader.person) or Conversation()
        detection = self.detector.detect(text, Place.DM, recent.as_of(now))
        self._conversations.put(reader.person, remember(recent, detection, now))
        episode = self._episodes.find(reader.person) or Episode()
        reply, episode = episode.answer(detection, now)
        self._episodes.put(reader.person, episode)
        return CrisisAnswer(detection, reply, self._screen(reader, detection, reply))

    def read_channel(self, reader: Reader, text: str) -> CrisisAnswer:
        """Answer a channel message: at most a private offer, never the screen in public."""
        detection = self.detector.detect(text, Place.CHANNEL)
        if detection.tier in {Tier.T0, Tier.NONE}:
            return CrisisAnswer(detection, CrisisReply.ORDINARY, None)
        text = self.texts.say(reader.language, "crisis.private_offer")
        return CrisisAnswer(detection, CrisisReply.SOFT_OFFER, self._offer(reader, text))

    def answer_misread(self, reader: Reader) -> Screen:
        """Return the kind answer to [You misread me]; nothing that was shown is taken away."""
        return Screen(self.texts.say(reader.language, "crisis.misread_answer"))

    def keep_for_later(self, reader: Reader, answer: CrisisAnswer) -> None:
        """Keep what could not be delivered for the person's next press or command.

        Whoever did not get the numbers gets the whole screen at the next words of crisis, and an
        offer never takes the place of the numbers that wait.
        """
        waiting = self._undelivered.find(reader.person)
        if answer.screen is None or (waiting and answer.reply is not CrisisReply.SCREEN):
            return
        self._episodes.forget(reader.person)
        late = self.texts.say(reader.language, "crisis.late")
        screen = replace(answer.screen, text=f"{late}\n\n{answer.screen.text}")
        self._undelivered.put(reader.person, screen)

    def take_undelivered(self, person: PersonId) -> Screen | None:
        """Return what waits for `person`, once."""
        screen = self._undelivered.find(person)
        self._undelivered.forget(person)
        return screen

    def _screen(self, reader: Reader, detection: Detection, reply: CrisisReply) -> Screen | None:
        match reply:
            case CrisisReply.SCREEN:
                return self._whole_screen(reader, detection)
            case CrisisReply.SHORT_LINE:
                text = self.texts.say(reader.language, "crisis.again")
                return Screen(text, ((help_button(self.texts, reader.language),),))
            case CrisisReply.SOFT_OFFER:
                return self._soft_offer(reader, detection)
            case CrisisReply.ORDINARY:
                return None

    def _whole_screen(self, reader: Reader, detection: Detection) -> Screen:
        say = self.texts.say
        need = emergency_need(detection.category)
        opening = [say(reader.language, "crisis")]
        if need is EmergencyNeed.DANGER_FROM_OTHERS:
            opening = [say(reader.language, "crisis.danger_from_others")]
        opening.append(say(reader.language, "crisis.program"))
        if need is EmergencyNeed.DANGER_FROM_OTHERS:
            opening.append(say(reader.language, "crisis.who_is_safe"))
        resources = self.help.resources(reader, need)
        text = "\n".join([*opening, "", resources])
        stay = Button(say(reader.language, "crisis.stay"), Action.of("help.minute"), Weight.MAIN)
        misread = Button(say(reader.language, "crisis.misread"), Action.of("crisis.misread"))
        first = (stay, self.help.country_button(reader, need))
        return Screen(text, (first, (*self._tell(reader), misread)))

    def _soft_offer(self, reader: Reader, detection: Detection) -> Screen:
        third_party = detection.category is Category.THIRD_PARTY
        keys = ("third_party", "third_party_program") if third_party else ("soft", "soft_program")
        lines = (self.texts.say(reader.language, f"crisis.{key}") for key in keys)
        return self._offer(reader, "\n".join(lines))

    def _offer(self, reader: Reader, text: str) -> Screen:
        buttons = (
            help_button(self.texts, reader.language),
            ground_button(self.texts, reader.language),
            *self._tell(reader),
        )
        return Screen(text, (buttons,))

    def _tell(self, reader: Reader) -> tuple[Button, ...]:
        button = self.alerts.tell_button(reader) if self.alerts else None
        return () if button is None else (button,)


def emergency_need(category: Category) -> EmergencyNeed:
    """Return which emergency number comes first for a category of words."""
    if category in DANGER_FROM_OTHERS:
        return EmergencyNeed.DANGER_FROM_OTHERS
    return EmergencyNeed.MEDICAL if category in MEDICAL else EmergencyNeed.UNSPECIFIED
