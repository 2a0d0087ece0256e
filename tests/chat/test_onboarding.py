"""First run: three taps to the first question."""

from tests.house import ANN, Street


async def test_three_taps_bring_the_first_question(town: Street) -> None:
    """Start, a set and a clock are all it takes until the first card is there."""
    card = await town.enrol()
    assert card["text"].startswith("🎙")
    assert town.labels(card) == ["Hint", "Swap", "Not now"]
    assert sum(1 for m in town.messages(ANN) if m.get("outgoing")) == 1
