"""A reply may arrive twice, when nobody knows whether the first came: each copy is as good."""

from tests.house import ANN, Street


async def test_a_tap_on_either_copy_of_a_rating_card_rates(town: Street) -> None:
    """The first copy of a rating card rates, and the second loses its buttons: nothing is rated twice."""
    await town.enrol()
    town.sandbox.faults.add({"method": "sendMessage", "status": 502, "after_delivery": True})
    await town.voice()
    await town.jump(2000)
    await town.app.sender.look()
    await town.settle()
    first, second = [m for m in town.messages() if "4 Professional" in town.labels(m)]
    data = first["reply_markup"]["inline_keyboard"][1][0]["callback_data"]

    await town.press(first["message_id"], data)

    assert [row["tone"] for row in town.rows("rating", ANN)] == [4]
    assert town.toasts()[-1] == "Saved"
    second = next(m for m in town.messages() if m["message_id"] == second["message_id"])
    assert town.labels(second) == []
    await town.press(second["message_id"], data)
    assert len(town.rows("rating", ANN)) == 1
