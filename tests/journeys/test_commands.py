"""What Discord is told about the commands: where they work, and for whom."""

from tests.journeys.people import Stage

GUILD_INSTALL, USER_INSTALL = 0, 1
IN_A_SERVER, IN_OUR_DM, IN_ANY_DM = 0, 1, 2


async def test_every_command_works_everywhere_and_for_whoever_installed_it(stage: Stage) -> None:
    [offer] = [each for each in stage.env.http_requests if each.method == "PUT"]

    assert offer.json is not None
    assert {each["name"] for each in offer.json} == {"ground", "breathe", "help-now"}
    for command in offer.json:
        assert sorted(command["integration_types"]) == [GUILD_INSTALL, USER_INSTALL]
        assert sorted(command["contexts"]) == [IN_A_SERVER, IN_OUR_DM, IN_ANY_DM]


async def test_bot_starts_although_commands_can_not_be_offered(stage: Stage) -> None:
    stage.env.inject_error("PUT", "/applications/*/commands", status=503)
    await stage.restart()
    cleo = stage.client("cleo")
    await cleo.write("hello")

    assert len(cleo.messages_from_us) == 1
