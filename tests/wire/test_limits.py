import asyncio

from bot.wire.limits import Bucket, Limits
from tests.wire.outpost import ANN, CARL, Timer


async def _started() -> None:
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    """Three of a burst of three need not wait, the fourth and fifth come one interval apart."""
    bucket = Bucket(rate=2.0, burst=3.0)
    assert [bucket.take(10.0) for _ in range(5)] == [0, 0, 0, 0.5, 1.0]


def test_a_pause_fills_the_bucket_up_to_its_burst_and_no_further() -> None:
    """After an hour of quiet there is one burst, not an hour's worth."""
    bucket = Bucket(rate=1.0, burst=2.0)
    waits = [bucket.take(0.0) for _ in range(3)] + [bucket.take(3600.0) for _ in range(3)]
    assert waits == [0, 0, 1.0, 0, 0, 1.0]


def test_a_pause_fills_the_bucket_at_its_rate() -> None:
    """Half a second at two a second brings one; time before the first use counts for nothing."""
    bucket = Bucket(rate=2.0, burst=3.0)
    assert [bucket.take(0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert [bucket.take(1.0) for _ in range(2)] == [0, 0.5]
    assert not bucket.is_full(2.9)
    assert bucket.is_full(3.0)


async def test_a_chat_gets_a_few_messages_at_once_and_then_one_a_second() -> None:
    """Of six messages four go at once, then one with each second; another chat is not held."""
    timer = Timer()
    limits = Limits(timer.now, timer.sleep)
    sent: list[float] = []

    async def chat() -> None:
        for _ in range(6):
            await limits.message(ANN)
            sent.append(timer.now())

    talking = asyncio.create_task(chat())
    await _started()
    await asyncio.wait_for(limits.message(CARL), 1)
    for _ in range(2):
        timer.forward(1.0)
        await _started()
    await talking
    assert sent == [0, 0, 0, 0, 1.0, 2.0]


async def test_drills_wait_in_line_and_each_waits_once() -> None:
    """A thousand drills leave at 25 a second in the order they came, with one sleep for each."""
    timer = Timer()
    limits = Limits(timer.now, timer.sleep)
    order: list[int] = []

    async def drill(number: int) -> None:
        await limits.drill()
        order.append(number)

    tasks = [asyncio.create_task(drill(number)) for number in range(1000)]
    await _started()
    assert (len(order), timer.sleeping) == (5, 995)
    for second in range(1, 4):
        timer.forward(1.0)
        await _started()
        assert abs(len(order) - 5 - 25 * second) <= 1
    timer.forward(3600.0)
    await asyncio.gather(*tasks)
    assert order == list(range(1000))


async def test_a_chat_that_is_talking_is_not_forgotten() -> None:
    """Whoever else writes, a chat that has had its few messages still waits for the next."""
    timer = Timer()
    limits = Limits(timer.now, timer.sleep)
    limits.KEPT_CHATS = 2
    await limits.message(CARL)
    timer.forward(1.0)
    for _ in range(4):
        await limits.message(ANN)
    assert set(limits._chats) == {ANN, CARL}
    await limits.message(2001)
    assert set(limits._chats) == {ANN, 2001}
    held = asyncio.create_task(limits.message(ANN))
    await _started()
    assert (held.done(), timer.sleeping) == (False, 1)
    timer.forward(1.0)
    await held


async def test_chats_that_were_quiet_are_forgotten() -> None:
    """Memory holds the chats of the last seconds, not everybody who ever wrote."""
    timer = Timer()
    limits = Limits(timer.now, timer.sleep)
    limits.KEPT_CHATS = 100
    for chat in range(1000):
        await limits.message(chat)
        timer.forward(0.1)
    assert len(limits._chats) <= 100
