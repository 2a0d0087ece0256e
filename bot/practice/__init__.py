"""What a learner can do: one verb per module, one call inside one transaction.

The rooms above practice learn of the store only what stands here.
"""

from bot.store.circles import Circle, Member
from bot.store.coach_ratings import CoachRating
from bot.store.coachings import Coaching
from bot.store.drills import Drill
from bot.store.ears import Ear
from bot.store.erasures import Erasures
from bot.store.errands import Errand
from bot.store.listens import ListenRow
from bot.store.looks import Looks
from bot.store.media import MediaFolder
from bot.store.mocks import Mock
from bot.store.own_questions import OwnQuestion
from bot.store.pictures import PictureWish
from bot.store.ratings import RatingRow
from bot.store.seen_takes import SeenTake
from bot.store.shares import Share
from bot.store.tables import (
    FOREVER,
    CoachingState,
    DeedKind,
    DrillState,
    ErrandKind,
    Given,
    MediaState,
    PictureKind,
    Priority,
    Role,
    TakeKind,
)
from bot.store.takes import Take
from bot.store.transaction import Transaction

__all__ = [
    "FOREVER",
    "Circle",
    "CoachRating",
    "Coaching",
    "CoachingState",
    "DeedKind",
    "Drill",
    "DrillState",
    "Ear",
    "Erasures",
    "Errand",
    "ErrandKind",
    "Given",
    "ListenRow",
    "Looks",
    "MediaFolder",
    "MediaState",
    "Member",
    "Mock",
    "OwnQuestion",
    "PictureKind",
    "PictureWish",
    "Priority",
    "RatingRow",
    "Role",
    "SeenTake",
    "Share",
    "Take",
    "TakeKind",
    "Transaction",
]
