"""The whole story: Thea invites, Cleo joins, a check-in arrives, a crisis line, Sam is told."""

from tests.journeys.people import Client, Practice, code_in, labels

HOUR = 3600
CRISIS = "i'm going to kill myself tonight"
AT_ONCE = "At once, when I read that I'm in danger"


async def plan_every_morning(practice: Practice, client: Client, label: str) -> None:
    """Thea proposes a check-in every day at nine, and the client accepts it."""
    await practice.thea.slash(
        "checkin schedule",
        client=label,
        days="every day",
        time="9:00",
        zone="Europe/London",
        template="evening",
    )
    await practice.thea.press(f"Ask {label} to accept")
    await practice.stage.wait(seconds=2)
    await client.press("Accept")
    await practice.stage.wait(seconds=2)


async def choose_sam(practice: Practice, mode: str) -> None:
    """Cleo asks Sam, Sam agrees and shows that messages arrive, Cleo chooses when."""
    cleo, sam, stage = practice.cleo, practice.sam, practice.stage
    if "I am 18 or older" in labels(cleo.shown):
        await cleo.press("I am 18 or older")
    await cleo.slash("contacts", person="Sam", my_name="Cleo")
    await sam.slash("join", code=code_in(cleo.shown.content))
    await sam.press("I am 18 or older: no")
    await sam.press("I agree")
    await stage.wait(seconds=2)
    await sam.press("It arrived")
    await stage.wait(seconds=2)
    await cleo.press("No")
    await cleo.press(mode)


async def test_check_in_arrives_at_the_clients_own_time_after_a_restart(
    practice: Practice,
) -> None:
    thea, cleo, stage = practice.thea, practice.cleo, practice.stage
    await practice.link(cleo, "blue door")
    await plan_every_morning(practice, cleo, "blue door")
    assert "blue door has accepted" in thea.shown.content
    before = len(cleo.messages_from_us)

    await stage.wait(seconds=5 * HOUR)
    await stage.restart()
    await stage.wait(seconds=4 * HOUR + 60)

    assert len(cleo.messages_from_us) == before + 1
    assert cleo.shown.content.startswith("A note you asked for.")
    assert labels(cleo.shown) == ["Okay", "Not great", "Need help now"]
    assert "This is not an emergency service." in cleo.shown.content


async def test_not_great_offers_an_exercise_and_the_therapist_sees_only_that_it_was_answered(
    practice: Practice,
) -> None:
    thea, cleo, stage = practice.thea, practice.cleo, practice.stage
    await practice.link(cleo, "blue door")
    await plan_every_morning(practice, cleo, "blue door")
    await stage.wait(seconds=9 * HOUR + 60)
    await stage.restart()
    await cleo.press("Not great")
    assert labels(cleo.shown) == ["Ground me", "Help now"]

    await cleo.write("it was a bad night")
    assert cleo.shown.content == "I'm a program. Thea does not see what you type here."
    await cleo.write("a very bad night")
    lines = [each.content for each in cleo.messages_from_us]
    assert lines.count("I'm a program. Thea does not see what you type here.") == 1

    await thea.slash("client view", client="blue door")
    assert "Answered: 1" in thea.shown.content
    assert "great" not in thea.shown.content


async def test_need_help_now_opens_the_help_screen(practice: Practice) -> None:
    cleo, stage = practice.cleo, practice.stage
    await practice.link(cleo, "blue door")
    await plan_every_morning(practice, cleo, "blue door")
    await stage.wait(seconds=9 * HOUR + 60)
    await cleo.press("Need help now")

    assert cleo.shown.content.startswith("Help now")


async def test_nothing_goes_out_before_the_client_accepts(practice: Practice) -> None:
    cleo, stage = practice.cleo, practice.stage
    await practice.link(cleo, "blue door")
    await practice.thea.slash(
        "checkin schedule", client="blue door", days="every day", time="9:00",
        zone="Europe/London", template="evening",
    )  # fmt: skip
    await practice.thea.press("Ask blue door to accept")
    await stage.wait(seconds=2)
    before = len(cleo.messages_from_us)
    await stage.wait(seconds=10 * HOUR)

    assert len(cleo.messages_from_us) == before


async def test_closed_dms_are_told_to_the_therapist_and_nothing_more(practice: Practice) -> None:
    thea, cleo, stage = practice.thea, practice.cleo, practice.stage
    await practice.link(cleo, "blue door")
    await plan_every_morning(practice, cleo, "blue door")
    cleo.close_dms()
    await stage.wait(seconds=9 * HOUR + 60)
    cleo.open_dms()

    assert "blue door" in thea.shown.content
    await thea.slash("client view", client="blue door")
    assert "Could not be delivered: 1" in thea.shown.content


async def test_words_of_crisis_reach_the_person_whom_the_client_chose(practice: Practice) -> None:
    cleo, sam, stage = practice.cleo, practice.sam, practice.stage
    await practice.link(cleo, "blue door")
    await choose_sam(practice, AT_ONCE)
    await cleo.write(CRISIS)
    await stage.wait(seconds=2)

    screen = next(each for each in cleo.messages_from_us if "I'm glad you said it." in each.content)
    assert "Tell Sam" in " ".join(labels(screen))
    alert = sam.shown
    assert "Cleo" in alert.content
    assert "kill" not in alert.content
    assert labels(alert) == ["I've got this", "I can't right now"]

    await stage.restart()
    await sam.press("I've got this", alert)
    await stage.wait(seconds=2)
    assert "Sam" in cleo.shown.content
    assert not any(CRISIS in text for text in stage.sent)


async def test_the_same_alert_is_not_sent_twice_in_an_episode(practice: Practice) -> None:
    cleo, sam, stage = practice.cleo, practice.sam, practice.stage
    await practice.link(cleo, "blue door")
    await choose_sam(practice, AT_ONCE)
    await cleo.write(CRISIS)
    await stage.wait(seconds=2)
    before = len(sam.messages_from_us)
    await cleo.write(CRISIS)
    await stage.wait(seconds=2)

    assert len(sam.messages_from_us) == before


async def test_only_when_i_press_tells_nobody_by_itself(practice: Practice) -> None:
    cleo, sam, stage = practice.cleo, practice.sam, practice.stage
    await practice.link(cleo, "blue door")
    await choose_sam(practice, "Only when I press")
    before = len(sam.messages_from_us)
    await cleo.write(CRISIS)
    await stage.wait(seconds=120)

    assert len(sam.messages_from_us) == before


async def test_another_persons_button_changes_nothing(practice: Practice) -> None:
    cleo, dana, stage = practice.cleo, practice.dana, practice.stage
    await practice.link(cleo, "blue door")
    await plan_every_morning(practice, cleo, "blue door")
    await stage.wait(seconds=9 * HOUR + 60)
    [(_, okay), *_] = cleo.buttons
    await dana.write("hello")
    stored = stage.env.backend.get_message(dana.dm.id, dana.shown.id)
    stored.components[0]["components"][0]["custom_id"] = okay
    await dana.press("Ground me")

    await practice.thea.slash("client view", client="blue door")
    assert "Answered: 0" in practice.thea.shown.content


async def test_wrong_used_and_own_codes_are_refused(practice: Practice) -> None:
    cleo, dana, thea = practice.cleo, practice.dana, practice.thea
    code = await practice.invite("blue door")
    await thea.slash("join", code=code)
    assert "Join" not in labels(thea.shown)
    await cleo.slash("join", code="AAAA-AAAA")
    assert "Join" not in labels(cleo.shown)
    await practice.link(cleo, "red door")
    for _ in range(6):
        await dana.slash("join", code="BBBB-BBBB")
    await dana.slash("join", code=code)
    assert "Join" not in labels(dana.shown)


async def test_nobody_else_may_use_the_commands_of_therapists(practice: Practice) -> None:
    await practice.dana.slash("client invite", label="x", name="Dana")

    assert "```" not in practice.dana.shown.content


async def test_erasing_leaves_nothing_of_the_client_and_the_therapist_hears_only_that_it_ended(
    practice: Practice,
) -> None:
    thea, cleo, stage = practice.thea, practice.cleo, practice.stage
    await practice.link(cleo, "blue door")
    await cleo.slash("privacy")
    await cleo.press("Erase everything")
    await cleo.press("Yes, erase")
    await stage.wait(seconds=2)
    await cleo.slash("privacy")

    assert "Erase everything" not in labels(cleo.shown)
    assert "blue door" in thea.shown.content


async def test_one_client_learns_nothing_of_another(practice: Practice) -> None:
    cleo, dana = practice.cleo, practice.dana
    await practice.link(cleo, "blue door")
    await cleo.slash("privacy")
    alone = cleo.shown.content
    await practice.link(dana, "red door")
    await cleo.slash("privacy")

    assert cleo.shown.content == alone
