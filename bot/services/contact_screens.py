"""What clients and their contacts read of each other; words and buttons only."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.actions import Action
from bot.core.designated_contacts import DesignatedContact, SilenceMeans, TellMode
from bot.core.invitations import Invitation
from bot.core.people import Language
from bot.core.screens import Button, Placement, Row, Screen, Weight
from bot.services.care_links import moment, split_words
from bot.services.ports import Texts
from bot.services.rows import help_button, main_row


@dataclass(frozen=True, slots=True)
class ContactScreens:
    """Nothing is decided here."""

    texts: Texts

    def say(self, language: Language, key: str, **values: str | int) -> str:
        """Return a text."""
        return self.texts.say(language, key, **values)

    def line(self, language: Language, key: str, *, placement: Placement = Placement.NEW) -> Screen:
        """Return a screen of one text."""
        return Screen(self.say(language, key), placement=placement)

    def about(self, language: Language, key: str, name: str) -> Screen:
        """Return a screen of one text about a person."""
        return Screen(self.say(language, key, name=name))

    def own(
        self,
        language: Language,
        chosen: Sequence[DesignatedContact],
        asked: Sequence[Invitation],
        of_others: Sequence[DesignatedContact],
        *,
        has_chosen: bool,
    ) -> Screen:
        """Return everything about the reader as a client and as a contact."""
        lines = [self.say(language, "contacts")]
        lines += [self._asked_line(language, each) for each in asked]
        lines += [self._contact_line(language, each, has_chosen=has_chosen) for each in chosen]
        if not chosen and not asked:
            lines.append(self.say(language, "contacts.none"))
        lines.append(self.say(language, "contacts.limits"))
        names = [each.client_name for each in of_others]
        lines += [self.say(language, "contacts.for_others", name=name) for name in names]
        rows: list[Row] = [self._revoke_row(language, each.id) for each in asked]
        rows += [self._contact_row(language, each) for each in chosen]
        rows += [(self._leave_button(language, each),) for each in of_others]
        if not chosen and not asked:
            add = Button(self.say(language, "contacts.add"), Action.of("contact.add"))
            rows.insert(0, (add,))
        return Screen("\n".join(lines), tuple(rows[:5]))

    def adults_only(self, language: Language) -> Screen:
        """Return what is said before the first thing is stored."""
        adult = Button(self.say(language, "contacts.adult"), Action.of("contact.adult"))
        return Screen(self.say(language, "contacts.adults"), ((adult,),))

    def code(self, language: Language, invitation: Invitation, code: str, url: str) -> Screen:
        """Return a fresh code with what to pass on."""
        person, client_name = split_words(invitation)
        pass_on = self.say(language, "contacts.pass_on", name=client_name, url=url, code=code)
        until = moment(invitation.expires_at)
        lines = (
            self.say(language, "contacts.code", name=person, code=code),
            self.say(language, "contacts.code_until", until=until),
            self.say(language, "contacts.pass_on_first"),
            f"```\n{pass_on}\n```",
        )
        return Screen("\n".join(lines), (self._revoke_row(language, invitation.id),))

    def invitation(
        self,
        language: Language,
        invitation: Invitation,
        run_by: str,
        *,
        is_adult: bool,
        hint: str = "",
    ) -> Screen:
        """Return what being a contact means, with nothing ticked."""
        name = split_words(invitation)[1]
        lines = [self.say(language, "contact_invitation", name=name)]
        lines.append(self.say(language, "contact_invitation.what", name=name))
        lines.append(self.say(language, "contact_invitation.limits"))
        lines.append(self.say(language, "contact_invitation.stored", name=name))
        lines.append(self.say(language, "contact_invitation.run_by", run_by=run_by))
        if hint:
            lines.append(self.say(language, hint))
        age = "contact_invitation.adult_yes" if is_adult else "contact_invitation.adult_no"
        flag, other = int(is_adult), int(not is_adult)
        ticked = Action.of("contact.age", invitation.id, other)
        agreed = Action.of("contact.agree", invitation.id, flag)
        refused = Action.of("contact.refuse", invitation.id)
        buttons = (
            Button(self.say(language, "contact_invitation.agree"), agreed, Weight.MAIN),
            Button(self.say(language, "contact_invitation.refuse"), refused),
        )
        rows = ((Button(self.say(language, age), ticked),), buttons)
        return Screen("\n".join(lines), rows, Placement.SAME)

    def hello(self, language: Language, contact: DesignatedContact, key: str) -> Screen:
        """Return the first message to a contact; `key` is its row's."""
        arrived = Action.of("contact.arrived", contact.id, key)
        leave = Action.of("contact.leave", contact.id, key)
        buttons = (
            Button(self.say(language, "contact_hello.arrived"), arrived, Weight.MAIN),
            Button(self.say(language, "contact_hello.leave"), leave),
        )
        text = self.say(language, "contact_hello", name=contact.client_name)
        return Screen(text, (buttons,))

    def danger(self, language: Language, contact: DesignatedContact, *, lead: str = "") -> Screen:
        """Return the first question, whether this person could be the danger."""
        text = self.say(language, "contacts.danger_question", name=contact.contact_name)
        yes, no = (Action.of("contact.danger", contact.id, flag) for flag in (1, 0))
        buttons = (
            Button(self.say(language, "contacts.danger_yes"), yes),
            Button(self.say(language, "contacts.danger_no"), no),
        )
        return Screen("\n".join(filter(None, (lead, text))), (buttons,))

    def when(self, language: Language, contact: DesignatedContact) -> Screen:
        """Return the second question, when this person may be told."""
        lines = [self.say(language, "contacts.when_question", name=contact.contact_name)]
        modes = tuple(TellMode)
        if contact.may_be_danger or contact.reachable_at is None:
            modes = (TellMode.ONLY_WHEN_I_PRESS,)
            lines.append(self.why_only_pressed(language, contact))
        rows = tuple((self._mode_button(language, contact, mode),) for mode in modes)
        return Screen("\n".join(lines), rows, Placement.SAME)

    def why_only_pressed(self, language: Language, contact: DesignatedContact) -> str:
        """Return why nothing automatic can be chosen for this person."""
        if contact.may_be_danger:
            return self.say(language, "contacts.danger_kept")
        return self.say(language, "contacts.not_reachable", name=contact.contact_name)

    def silence(self, language: Language, contact: DesignatedContact) -> Screen:
        """Return the third question, what silence means."""
        name, mode = contact.contact_name, TellMode.ASK_FIRST
        buttons = tuple(
            Button(
                self.say(language, f"contacts.silence_{each}", name=name),
                Action.of("contact.mode", contact.id, mode, each),
            )
            for each in SilenceMeans
        )
        text = self.say(language, "contacts.silence_question")
        return Screen(text, (buttons,), Placement.SAME)

    def chosen(self, language: Language, contact: DesignatedContact) -> Screen:
        """Return how it will be done from now on."""
        lines = (
            self.say(language, "contacts.chosen"),
            self._contact_line(language, contact, has_chosen=True),
        )
        return Screen("\n".join(lines), (self._contact_row(language, contact),), Placement.SAME)

    def notice(self, language: Language, key: str, name: str, *, has_row: bool = False) -> Screen:
        """Return a note that something changed, with first words that tell nothing."""
        lines = (
            self.say(language, "contact_notice.first"),
            self.say(language, key, name=name),
        )
        rows = (main_row(self.texts, language),) if has_row else ()
        return Screen("\n".join(lines), rows)

    def left(self, language: Language, contact: DesignatedContact) -> Screen:
        """Return the answer to a contact who leaves."""
        text = self.say(language, "contact_hello.left", name=contact.client_name)
        return Screen(text, ((help_button(self.texts, language),),), Placement.SAME)

    def _contact_line(
        self, language: Language, contact: DesignatedContact, *, has_chosen: bool
    ) -> str:
        name = contact.contact_name
        if has_chosen and contact.silence is not None:
            key = f"contacts.line_{contact.mode}_{contact.silence}"
            return self.say(language, key, name=name)
        how = "open" if not has_chosen else contact.mode
        how = "waiting" if contact.reachable_at is None else how
        return self.say(language, f"contacts.line_{how}", name=name)

    def _asked_line(self, language: Language, invitation: Invitation) -> str:
        name, until = split_words(invitation)[0], moment(invitation.expires_at)
        return self.say(language, "contacts.line_invited", name=name, until=until)

    def _revoke_row(self, language: Language, invitation: str) -> tuple[Button, ...]:
        action = Action.of("contact.revoke", invitation)
        return (Button(self.say(language, "contacts.revoke"), action),)

    def _contact_row(self, language: Language, contact: DesignatedContact) -> tuple[Button, ...]:
        name = contact.contact_name
        change = Action.of("contact.ask", contact.id)
        remove = Action.of("contact.remove", contact.id)
        return (
            Button(self.say(language, "contacts.change"), change),
            Button(self.say(language, "contacts.remove", name=name), remove),
        )

    def _leave_button(self, language: Language, contact: DesignatedContact) -> Button:
        label = self.say(language, "contacts.leave", name=contact.client_name)
        return Button(label, Action.of("contact.leave", contact.id))

    def _mode_button(
        self, language: Language, contact: DesignatedContact, mode: TellMode
    ) -> Button:
        label = self.say(language, f"contacts.when_{mode}")
        return Button(label, Action.of("contact.mode", contact.id, mode))
