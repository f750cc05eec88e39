"""What contacts and clients read of an alert; never what was written."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.actions import Action
from bot.core.crisis import Category
from bot.core.designated_contacts import AskFirst, DesignatedContact
from bot.core.escalation_changes import standing_of
from bot.core.escalations import Chain, EscalationStep, Fact, FactKind, known_facts
from bot.core.people import ENGLISH, Language, MessageId
from bot.core.screens import Button, Placement, Screen, Weight
from bot.services.care_links import moment
from bot.services.ports import Texts
from bot.services.rows import help_button, main_row

TELL = Action.of("alert.tell")
TIME_OF_DAY = "t"
UP_TO_THE_SECOND = "T"


@dataclass(frozen=True, slots=True)
class AlertScreens:
    """Words and buttons only; nothing is decided here."""

    texts: Texts

    def alert(self, contact: DesignatedContact, chain: Chain, step: EscalationStep) -> Screen:
        """Return the message to the contact; their language is not known to us."""
        escalation, name = chain.escalation, contact.client_name
        is_pressed = escalation.category is Category.NONE
        key = "alert.asked_by_client" if is_pressed else "alert"
        lines = (
            self._say(ENGLISH, key, name=name, when=moment(escalation.opened_at)),
            self._say(ENGLISH, "alert.what_to_do", name=name),
            self._say(ENGLISH, "alert.may_say_no"),
        )
        return Screen("\n".join(lines), (self._answers(contact, step.key),))

    def standing(
        self, language: Language, contact: DesignatedContact, chain: Chain, key: str
    ) -> Screen:
        """Return the answer to the contact's press: how it stands."""
        standing = standing_of(chain, chain.get_step(key))
        text = self._say(language, f"alert.standing_{standing}", name=contact.client_name)
        return Screen(text)

    def is_over(self, language: Language, contact: DesignatedContact) -> Screen:
        """Return the answer to a press under an alert that nobody knows any more."""
        return Screen(self._say(language, "alert.standing_over", name=contact.client_name))

    def ask(
        self, language: Language, contact: DesignatedContact, asked: AskFirst, message: MessageId
    ) -> Screen:
        """Return the question whether to tell, with what silence will mean."""
        name, until = contact.contact_name, moment(asked.until_at, UP_TO_THE_SECOND)
        lines = (
            self._say(language, "alert.question", name=name),
            self._say(language, f"alert.silence_{asked.on_silence}", until=until),
        )
        no = Button(self._say(language, "alert.no"), Action.of("alert.say_no", message))
        return Screen("\n".join(lines), ((self._yes(language, contact, message), no),))

    def not_told(
        self, language: Language, contact: DesignatedContact, message: MessageId
    ) -> Screen:
        """Return the answer to [Don't]; telling stays one press away."""
        text = self._say(language, "alert.not_told", name=contact.contact_name)
        row = (self._yes(language, contact, message), help_button(self.texts, language))
        return Screen(text, (row,), Placement.SAME)

    def sending(self, language: Language, contact: DesignatedContact) -> Screen:
        """Return the answer to a press that sends."""
        return Screen(self._say(language, "alert.sending", name=contact.contact_name))

    def nobody(self, language: Language) -> Screen:
        """Return what is said where there is no contact."""
        row = main_row(self.texts, language)
        return Screen(self._say(language, "alert.nobody"), (row,))

    def tell_button(self, language: Language, contact: DesignatedContact) -> Button:
        """Return the button by which the client tells the contact."""
        return Button(self._say(language, "alert.tell", name=contact.contact_name), TELL)

    def facts(self, language: Language, contact: DesignatedContact, chain: Chain) -> Screen:
        """Return what the client may be told, with where help is."""
        lines = list(self._facts(language, contact, chain))
        if not lines:
            lines.append(self._say(language, "alert.fact_under_way", name=contact.contact_name))
        lines.append(self._say(language, "alert.numbers"))
        return Screen("\n".join(lines), (main_row(self.texts, language),))

    def _facts(self, language: Language, contact: DesignatedContact, chain: Chain) -> Iterator[str]:
        is_answered = any(step.is_answered for step in chain.steps)
        for fact in known_facts(chain.escalation, chain.steps):
            if fact.kind is FactKind.SENT and is_answered:
                yield self._fact(language, "alert.fact_sent_and_answered", contact, fact)
            else:
                yield self._fact(language, f"alert.fact_{fact.kind}", contact, fact)

    def _fact(self, language: Language, key: str, contact: DesignatedContact, fact: Fact) -> str:
        when = "" if fact.at is None else moment(fact.at, TIME_OF_DAY)
        return self._say(language, key, name=contact.contact_name, when=when)

    def _answers(self, contact: DesignatedContact, key: str) -> tuple[Button, ...]:
        got = Action.of("alert.got", contact.id, key)
        can_not = Action.of("alert.can_not", contact.id, key)
        return (
            Button(self._say(ENGLISH, "alert.got"), got, Weight.MAIN),
            Button(self._say(ENGLISH, "alert.can_not"), can_not),
        )

    def _yes(self, language: Language, contact: DesignatedContact, message: MessageId) -> Button:
        label = self._say(language, "alert.yes", name=contact.contact_name)
        return Button(label, Action.of("alert.say_yes", message), Weight.MAIN)

    def _say(self, language: Language, key: str, **values: str | int) -> str:
        return self.texts.say(language, key, **values)
