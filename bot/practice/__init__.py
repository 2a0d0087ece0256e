"""What a learner can do: one verb per module, one call inside one transaction.

The rooms above practice learn of the store only what stands here.
"""

from bot.store.drills import Drill
from bot.store.erasures import Erasures
from bot.store.errands import Errand
from bot.store.listens import ListenRow
from bot.store.media import MediaFolder
from bot.store.mocks import Mock
from bot.store.own_questions import OwnQuestion
from bot.store.seen_takes import SeenTake
from bot.store.shares import Share
from bot.store.tables import (
    FOREVER,
    DeedKind,
    DrillState,
    ErrandKind,
    MediaState,
    Priority,
    Role,
    TakeKind,
)
from bot.store.takes import Take
from bot.store.transaction import Transaction

__all__ = [
    "FOREVER",
    "DeedKind",
    "Drill",
    "DrillState",
    "Erasures",
    "Errand",
    "ErrandKind",
    "ListenRow",
    "MediaFolder",
    "MediaState",
    "Mock",
    "OwnQuestion",
    "Priority",
    "Role",
    "SeenTake",
    "Share",
    "Take",
    "TakeKind",
    "Transaction",
]
