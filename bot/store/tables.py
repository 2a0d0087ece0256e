"""Every table, described once.

Times are int milliseconds since 1970 UTC (`*_at`), days are proleptic ordinals (`*_day`), states are
the small integers of the enums below. Every table that belongs to a learner leads its key with
`learner_id`; numbers inside one learner (`drill_no`, `take_no`, …) come from `learner.sequence`.
"""

from enum import IntEnum, IntFlag

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    or_,
)

metadata = MetaData()

Big = BigInteger().with_variant(Integer, "sqlite")
"""Ids and moments: 64 bits everywhere; SQLite's INTEGER holds them and can be a rowid."""


class UpdateState(IntEnum):
    """Where one stored update stands."""

    WAITING = 1
    DONE = 2
    DEAD = 3


class SendState(IntEnum):
    """Where one outgoing message stands; UNKNOWN: sent once, Telegram's answer never came."""

    READY = 1
    SENDING = 2
    SENT = 3
    FAILED = 4
    UNKNOWN = 5


class Priority(IntEnum):
    """What goes first when many messages wait. Drills may have one attempt of unknown outcome."""

    REPLY = 1
    DRILL = 2


class Role(IntEnum):
    """Which card of a drill a message is, so that its message id is kept with the drill.

    NOTICE is none: it says that more was written than is answered.
    """

    NONE = 0
    CARD = 1
    RATING = 2
    NOTICE = 3


class DrillState(IntEnum):
    """Where one drill stands."""

    OPEN = 1
    ANSWERED = 2
    RATED = 3
    SKIPPED = 4
    EXPIRED = 5
    SNOOZED = 6


class TakeKind(IntEnum):
    """What one answer is made of."""

    TEXT = 1
    VOICE = 2
    VIDEO_NOTE = 3
    AUDIO = 4
    VIDEO = 5


class MediaState(IntEnum):
    """Where the bytes of a take are."""

    NONE = 0
    WANTED = 1
    KEPT = 2
    TOO_LARGE = 3
    GONE = 4


class UploadState(IntEnum):
    """Where a question set that somebody sent stands."""

    WANTED = 1
    PROPOSED = 2
    LIVE = 3
    REFUSED = 4


class ErrandKind(IntEnum):
    """What is to be done for a learner at a moment, other than a drill."""

    LISTEN = 1
    DIGEST = 2
    MOCK = 3
    COACH_ACCEPTED = 10
    COACH_AGREED = 11
    COACH_ENDED = 12
    COACH_HEARD = 13
    COACH_NOTE = 14
    COACH_SPRINGS = 15
    EAR_HEARD = 16
    CIRCLE_CLOSED = 17


class CoachingState(IntEnum):
    """Where one invitation of a coach stands; ACCEPTED: the learner has not said yes to who did."""

    OFFERED = 1
    ACCEPTED = 2
    ACTIVE = 3
    ENDED = 4


class Given(IntFlag):
    """What a learner lets a coach have."""

    NOTHING = 0
    TAKES = 1
    RATINGS = 2


class DeedKind(IntEnum):
    """What a learner did that /undo takes back, apart from rating."""

    SKIP = 1
    SET = 2
    DELETE = 3
    REMOVE = 4


class MockState(IntEnum):
    """Where one mock interview stands; PAUSED: the learner was asked whether it goes on."""

    RUNNING = 1
    PAUSED = 2
    ENDED = 3


class PictureKind(IntEnum):
    """What a picture is of."""

    PROGRESS = 1
    MOCK = 2


FOREVER = 2**53 - 1
"""The moment that never comes: a pause without an end."""

learner = Table(
    "learner",
    metadata,
    Column("learner_id", Big, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("joined_at", Big, nullable=False),
    Column("enrolled_at", Big),
    Column("left_at", Big),
    Column("admitted", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("active_set", Text),
    Column("zone", Text),
    Column("pace", Integer, nullable=False),
    Column("eased", Integer, nullable=False),
    Column("cap", Integer, nullable=False),
    Column("expiry_minutes", Integer, nullable=False),
    Column("interview_day", Integer),
    Column("paused_until", Big),
    Column("next_drill_at", Big),
    Column("claimed_until", Big, nullable=False),
    Column("snoozed_drill", Integer),
    Column("open_drill", Integer),
    Column("free_from", Big),
    Column("sent_day", Integer, nullable=False),
    Column("sent_count", Integer, nullable=False),
    Column("ignored", Integer, nullable=False),
    Column("awaiting", Text),
    Column("triage_question", Text),
    Column("triaged", Integer, nullable=False),
    Column("level", Integer),
    Column("own_since", Big),
    Column("media_days", Integer),
    Column("sought", Text),
)
Index(
    "learner_next_drill",
    learner.c.next_drill_at,
    sqlite_where=learner.c.next_drill_at.is_not(None),
    postgresql_where=learner.c.next_drill_at.is_not(None),
)

open_hours = Table(
    "open_hours",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
    PrimaryKeyConstraint("learner_id", "weekday"),
)

standing = Table(
    "standing",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("prior", Float, nullable=False),
    Column("strength", Float, nullable=False),
    Column("strength_at", Big),
    Column("heard_at", Big),
    Column("points", Integer, nullable=False),
    Column("sprung", Integer, nullable=False),
    Column("counted_day", Integer),
    Column("low", Integer, nullable=False),
    Column("badge_at", Big),
    Column("last_wording", Integer),
    Column("spoken", Integer),
    Column("held", Integer),
    Column("slipped_at", Big),
    PrimaryKeyConstraint("learner_id", "question_id"),
)

drill = Table(
    "drill",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("drill_no", Integer, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("set_id", Text, nullable=False),
    Column("wording", Integer, nullable=False),
    Column("mode", Integer, nullable=False),
    Column("state", Integer, nullable=False),
    Column("planned_at", Big),
    Column("asked_at", Big, nullable=False),
    Column("expires_at", Big, nullable=False),
    Column("closed_at", Big),
    Column("message_id", Big),
    Column("rating_message_id", Big),
    Column("take_no", Integer),
    Column("hinted", Integer, nullable=False),
    Column("swapped", Integer, nullable=False),
    Column("words", Text),
    PrimaryKeyConstraint("learner_id", "drill_no"),
)
Index(
    "drill_open",
    drill.c.expires_at,
    sqlite_where=drill.c.state == int(DrillState.OPEN),
    postgresql_where=drill.c.state == int(DrillState.OPEN),
)
Index(
    "drill_answered",
    drill.c.learner_id,
    drill.c.drill_no,
    sqlite_where=drill.c.state == int(DrillState.ANSWERED),
    postgresql_where=drill.c.state == int(DrillState.ANSWERED),
)
Index("drill_question", drill.c.learner_id, drill.c.question_id)
Index("drill_message", drill.c.learner_id, drill.c.message_id)
Index("drill_rating_message", drill.c.learner_id, drill.c.rating_message_id)

take = Table(
    "take",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("take_no", Integer, nullable=False),
    Column("drill_no", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("text", Text),
    Column("file_id", Text),
    Column("duration", Integer),
    Column("file_size", Big),
    Column("message_id", Big, nullable=False),
    Column("taken_at", Big, nullable=False),
    Column("media_state", Integer, nullable=False),
    Column("media_path", Text),
    Column("media_failures", Integer, nullable=False),
    Column("media_retry_at", Big, nullable=False),
    Column("starred_at", Big),
    Column("deleted_at", Big),
    PrimaryKeyConstraint("learner_id", "take_no"),
)
Index("take_drill", take.c.learner_id, take.c.drill_no, take.c.take_no)
Index(
    "take_media",
    take.c.media_retry_at,
    sqlite_where=take.c.media_state == int(MediaState.WANTED),
    postgresql_where=take.c.media_state == int(MediaState.WANTED),
)
FILE_LEFT = (take.c.media_state == int(MediaState.GONE)) & take.c.media_path.is_not(None)
"""Its recording shall not be here any more; the path stays until the file is gone."""
Index(
    "take_file_left",
    take.c.learner_id,
    take.c.take_no,
    sqlite_where=FILE_LEFT,
    postgresql_where=FILE_LEFT,
)
DELETED = take.c.deleted_at.is_not(None) & or_(
    take.c.text.is_not(None), take.c.file_id.is_not(None)
)
"""Deleted by the learner, and not erased yet."""
Index("take_deleted", take.c.deleted_at, sqlite_where=DELETED, postgresql_where=DELETED)

rating = Table(
    "rating",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("rating_no", Integer, nullable=False),
    Column("drill_no", Integer, nullable=False),
    Column("take_no", Integer, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("tone", Integer, nullable=False),
    Column("mode", Integer, nullable=False),
    Column("local_day", Integer, nullable=False),
    Column("rated_at", Big, nullable=False),
    Column("withdrawn_at", Big),
    Column("spoken", Integer),
    PrimaryKeyConstraint("learner_id", "rating_no"),
)
Index("rating_question", rating.c.learner_id, rating.c.question_id, rating.c.rating_no)
Index(
    "rating_withdrawn",
    rating.c.learner_id,
    rating.c.drill_no,
    sqlite_where=rating.c.withdrawn_at.is_not(None),
    postgresql_where=rating.c.withdrawn_at.is_not(None),
)

listen = Table(
    "listen",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("listen_no", Integer, nullable=False),
    Column("take_no", Integer, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("offered_at", Big, nullable=False),
    Column("tone", Integer),
    Column("rated_at", Big),
    Column("rated_no", Integer),
    Column("withdrawn_at", Big),
    PrimaryKeyConstraint("learner_id", "listen_no"),
)
"""Takes played to their speaker a day later. `rated_no`: its place among the learner's ratings."""
deed = Table(
    "deed",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("deed_no", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("done_at", Big, nullable=False),
    PrimaryKeyConstraint("learner_id", "deed_no"),
)
"""What /undo can take back for a day, beside ratings: these and those share one row of numbers."""
Index("deed_done", deed.c.done_at)

own_question = Table(
    "own_question",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("own_no", Integer, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("ask", Text, nullable=False),
    Column("slip", Text),
    Column("added_at", Big, nullable=False),
    Column("kept_at", Big),
    Column("removed_at", Big),
    Column("other_id", Big),
    PrimaryKeyConstraint("learner_id", "own_no"),
)
"""`other_id`: the coach whose words it is; None: the learner's own."""
Index(
    "own_question_other",
    own_question.c.other_id,
    sqlite_where=own_question.c.other_id.is_not(None),
    postgresql_where=own_question.c.other_id.is_not(None),
)

share = Table(
    "share",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("share_no", Integer, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("told_from", Text),
    Column("created_at", Big, nullable=False),
    Column("expires_at", Big, nullable=False),
    Column("used_at", Big),
    Column("revoked_at", Big),
    PrimaryKeyConstraint("learner_id", "share_no"),
)
Index("share_token", share.c.token_hash, unique=True)

errand = Table(
    "errand",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("from_id", Big, nullable=False),
    Column("errand_no", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("due_at", Big, nullable=False),
    Column("about", Text, nullable=False),
    PrimaryKeyConstraint("learner_id", "from_id", "errand_no"),
)
"""Numbered by whoever gave it, `from_id`: the learner, or somebody whose doing concerns them."""
Index("errand_due", errand.c.due_at)
Index("errand_from", errand.c.from_id)

mock = Table(
    "mock",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("mock_no", Integer, nullable=False),
    Column("state", Integer, nullable=False),
    Column("pressing", Integer, nullable=False),
    Column("plan", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("probing", Integer, nullable=False),
    Column("card_no", Integer, nullable=False),
    Column("step_asked_at", Big, nullable=False),
    Column("started_at", Big, nullable=False),
    Column("ended_at", Big),
    PrimaryKeyConstraint("learner_id", "mock_no"),
)
"""Whole interviews: `plan` is what is asked, in order, and `step` where it stands (from 0);
`probing`: the question has its answer, and the one to what was asked on it is awaited; `card_no`:
how many cards there were so far."""

coaching = Table(
    "coaching",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("coaching_no", Integer, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("told_from", Text),
    Column("created_at", Big, nullable=False),
    Column("expires_at", Big, nullable=False),
    Column("state", Integer, nullable=False),
    Column("given", Integer, nullable=False),
    Column("other_id", Big),
    Column("coach_no", Integer),
    Column("coach_name", Text),
    Column("ended_at", Big),
    Column("hour_at", Big, nullable=False),
    Column("acted", Integer, nullable=False),
    PrimaryKeyConstraint("learner_id", "coaching_no"),
)
"""A link to a coach, and what became of it. `other_id`: the coach, `coach_no`: in the coach's numbers.

`hour_at`, `acted`: when the coach's hour began, and how much they have done in it.
"""
Index("coaching_token", coaching.c.token_hash, unique=True)
Index("coaching_other", coaching.c.other_id, coaching.c.coach_no)

coach_rating = Table(
    "coach_rating",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("take_no", Integer, nullable=False),
    Column("coaching_no", Integer, nullable=False),
    Column("other_id", Big, nullable=False),
    Column("tone", Integer, nullable=False),
    Column("rated_at", Big, nullable=False),
    Column("line", Text),
    Column("note_file_id", Text),
    PrimaryKeyConstraint("learner_id", "take_no", "coaching_no"),
)
"""How a coach heard a take, with a line or a recorded note."""
Index("coach_rating_other", coach_rating.c.other_id)

wish = Table(
    "wish",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("coaching_no", Integer, nullable=False),
    Column("wish_no", Integer, nullable=False),
    Column("other_id", Big, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("words", Text),
    Column("from_at", Big, nullable=False),
    PrimaryKeyConstraint("learner_id", "coaching_no", "wish_no"),
)
"""A question that a coach wants sprung: it takes the place of the first surprise after `from_at`."""
Index("wish_other", wish.c.other_id)

ear = Table(
    "ear",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("ear_no", Integer, nullable=False),
    Column("take_no", Integer, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("told_from", Text),
    Column("created_at", Big, nullable=False),
    Column("expires_at", Big, nullable=False),
    Column("opened_at", Big),
    Column("answer_hash", Text),
    Column("revoked_at", Big),
    Column("tone", Integer),
    Column("line", Text),
    PrimaryKeyConstraint("learner_id", "ear_no"),
)
"""A link to one take for one friend, of whom nothing else is stored.

`answer_hash`: of the secret in the buttons of whoever opened it.
"""
Index("ear_token", ear.c.token_hash, unique=True)
Index(
    "ear_answer",
    ear.c.answer_hash,
    unique=True,
    sqlite_where=ear.c.answer_hash.is_not(None),
    postgresql_where=ear.c.answer_hash.is_not(None),
)

circle = Table(
    "circle",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("circle_no", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("token_hash", Text),
    Column("made_at", Big, nullable=False),
    PrimaryKeyConstraint("learner_id", "circle_no"),
)
"""A practice circle, by the owner who made it. `token_hash`: of its link; None: it was taken back."""
Index(
    "circle_token",
    circle.c.token_hash,
    unique=True,
    sqlite_where=circle.c.token_hash.is_not(None),
    postgresql_where=circle.c.token_hash.is_not(None),
)

circle_member = Table(
    "circle_member",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("other_id", Big, nullable=False),
    Column("circle_no", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("joined_at", Big, nullable=False),
    PrimaryKeyConstraint("learner_id", "other_id", "circle_no"),
)
"""Who is in a circle of the owner `other_id`, under a name that they typed."""
Index("circle_member_other", circle_member.c.other_id, circle_member.c.circle_no)

picture = Table(
    "picture",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("wanted_at", Big, nullable=False),
    Column("about", Text, nullable=False),
    PrimaryKeyConstraint("learner_id", "kind"),
)
"""Pictures still to be drawn, one of a kind for each learner; `about` says what of."""
Index("picture_wanted", picture.c.wanted_at)

looks = Table(
    "looks",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("dark", Integer, nullable=False),
    Column("digest_day", Integer),
    Column("digest_hour", Integer, nullable=False),
    Column("digest_offered_at", Big),
    Column("digest_last_at", Big),
    PrimaryKeyConstraint("learner_id"),
)
"""How a learner looks back: the colours of pictures, when a summary of the week comes (no day: never),
and of which moment the last one was. Without a row: light, and none.
"""

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", Big, primary_key=True, autoincrement=False),
    Column("learner_id", Big, nullable=False),
    Column("received_at", Big, nullable=False),
    Column("state", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("raw", LargeBinary),
    Column("error", Text),
)
Index(
    "inbox_waiting",
    inbox.c.update_id,
    sqlite_where=inbox.c.state == int(UpdateState.WAITING),
    postgresql_where=inbox.c.state == int(UpdateState.WAITING),
)
Index(
    "inbox_dead",
    inbox.c.learner_id,
    sqlite_where=inbox.c.state == int(UpdateState.DEAD),
    postgresql_where=inbox.c.state == int(UpdateState.DEAD),
)
Index("inbox_received", inbox.c.received_at)

outbox = Table(
    "outbox",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("message_no", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("attachment", Text),
    Column("drill_no", Integer),
    Column("role", Integer, nullable=False),
    Column("created_at", Big, nullable=False),
    Column("not_before", Big, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Big),
    Column("message_id", Big),
    Column("error", Text),
    Column("other_id", Big),
    PrimaryKeyConstraint("learner_id", "message_no"),
)
"""`other_id`: whose words or recording it brings, if not the bot's own: then it goes with either."""
Index(
    "outbox_other",
    outbox.c.other_id,
    sqlite_where=outbox.c.other_id.is_not(None),
    postgresql_where=outbox.c.other_id.is_not(None),
)
UNSENT = outbox.c.state <= int(SendState.SENDING)
Index(
    "outbox_unsent",
    outbox.c.learner_id,
    outbox.c.message_no,
    sqlite_where=UNSENT,
    postgresql_where=UNSENT,
)
SETTLED = outbox.c.state > int(SendState.SENDING)
Index("outbox_settled", outbox.c.created_at, sqlite_where=SETTLED, postgresql_where=SETTLED)

invitation = Table(
    "invitation",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("created_at", Big, nullable=False),
    Column("expires_at", Big, nullable=False),
    Column("used_at", Big),
)

installation = Table(
    "installation",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

upload = Table(
    "upload",
    metadata,
    Column("learner_id", Big, nullable=False),
    Column("upload_no", Integer, nullable=False),
    Column("message_id", Big, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sent_at", Big, nullable=False),
    Column("state", Integer, nullable=False),
    Column("text", Text),
    Column("set_id", Text),
    Column("version_no", Integer),
    PrimaryKeyConstraint("learner_id", "upload_no"),
)
"""Question sets on their way; `text` is there just while one waits for the tap that puts it live."""
Index(
    "upload_wanted",
    upload.c.sent_at,
    sqlite_where=upload.c.state == int(UploadState.WANTED),
    postgresql_where=upload.c.state == int(UploadState.WANTED),
)

bank = Table(
    "bank",
    metadata,
    Column("set_id", Text, nullable=False),
    Column("version_no", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("live_at", Big, nullable=False),
    Column("undone_at", Big),
    PrimaryKeyConstraint("set_id", "version_no"),
)
"""Every version of a set that went live; the last one not undone runs. Who sent it: see `upload`."""

SPRUNG_FILE = 0x5350524E
"""`PRAGMA application_id` of a Sprung database ("SPRN"): another program's file is never touched."""

LEARNER_TABLES = (
    learner,
    open_hours,
    standing,
    drill,
    take,
    rating,
    listen,
    deed,
    own_question,
    share,
    coaching,
    coach_rating,
    wish,
    ear,
    circle,
    circle_member,
    upload,
    errand,
    mock,
    picture,
    looks,
    outbox,
)
"""Tables whose rows belong to one learner: /export reads them, /forget empties them.

A row with an `other_id` concerns that person too: it is erased with either, and the number of the
other is left out of an export.
"""
