"""The first shape of the database"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Climb one step."""
    op.create_table(
        "drill",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("drill_no", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("planned_at", Big, nullable=True),
        sa.Column("asked_at", Big, nullable=False),
        sa.Column("expires_at", Big, nullable=False),
        sa.Column("closed_at", Big, nullable=True),
        sa.Column("message_id", Big, nullable=True),
        sa.Column("rating_message_id", Big, nullable=True),
        sa.Column("take_no", sa.Integer(), nullable=True),
        sa.Column("hinted", sa.Integer(), nullable=False),
        sa.Column("swapped", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "drill_no"),
    )
    with op.batch_alter_table("drill", schema=None) as batch_op:
        batch_op.create_index(
            "drill_answered",
            ["learner_id", "drill_no"],
            unique=False,
            sqlite_where=sa.text("state = 2"),
            postgresql_where=sa.text("state = 2"),
        )
        batch_op.create_index("drill_message", ["learner_id", "message_id"], unique=False)
        batch_op.create_index("drill_question", ["learner_id", "question_id"], unique=False)
        batch_op.create_index(
            "drill_rating_message", ["learner_id", "rating_message_id"], unique=False
        )
        batch_op.create_index(
            "drill_open",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state = 1"),
            postgresql_where=sa.text("state = 1"),
        )

    op.create_table(
        "inbox",
        sa.Column("update_id", Big, autoincrement=False, nullable=False),
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("received_at", Big, nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("update_id"),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "inbox_dead",
            ["learner_id"],
            unique=False,
            sqlite_where=sa.text("state = 3"),
            postgresql_where=sa.text("state = 3"),
        )
        batch_op.create_index("inbox_received", ["received_at"], unique=False)
        batch_op.create_index(
            "inbox_waiting",
            ["update_id"],
            unique=False,
            sqlite_where=sa.text("state = 1"),
            postgresql_where=sa.text("state = 1"),
        )

    op.create_table(
        "installation",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", Big, nullable=False),
        sa.Column("expires_at", Big, nullable=False),
        sa.Column("used_at", Big, nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "learner",
        sa.Column("learner_id", Big, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("joined_at", Big, nullable=False),
        sa.Column("enrolled_at", Big, nullable=True),
        sa.Column("left_at", Big, nullable=True),
        sa.Column("admitted", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active_set", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("eased", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("expiry_minutes", sa.Integer(), nullable=False),
        sa.Column("interview_day", sa.Integer(), nullable=True),
        sa.Column("paused_until", Big, nullable=True),
        sa.Column("next_drill_at", Big, nullable=True),
        sa.Column("claimed_until", Big, nullable=False),
        sa.Column("snoozed_drill", sa.Integer(), nullable=True),
        sa.Column("open_drill", sa.Integer(), nullable=True),
        sa.Column("free_from", Big, nullable=True),
        sa.Column("sent_day", sa.Integer(), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("ignored", sa.Integer(), nullable=False),
        sa.Column("awaiting", sa.Text(), nullable=True),
        sa.Column("triage_question", sa.Text(), nullable=True),
        sa.Column("triaged", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id"),
    )
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.create_index(
            "learner_next_drill",
            ["next_drill_at"],
            unique=False,
            sqlite_where=sa.text("next_drill_at IS NOT NULL"),
            postgresql_where=sa.text("next_drill_at IS NOT NULL"),
        )

    op.create_table(
        "open_hours",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "weekday"),
    )
    op.create_table(
        "outbox",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("message_no", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("attachment", sa.Text(), nullable=True),
        sa.Column("drill_no", sa.Integer(), nullable=True),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.Column("created_at", Big, nullable=False),
        sa.Column("not_before", Big, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Big, nullable=True),
        sa.Column("message_id", Big, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "message_no"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "outbox_settled",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("state > 2"),
            postgresql_where=sa.text("state > 2"),
        )
        batch_op.create_index(
            "outbox_unsent",
            ["learner_id", "message_no"],
            unique=False,
            sqlite_where=sa.text("state <= 2"),
            postgresql_where=sa.text("state <= 2"),
        )

    op.create_table(
        "rating",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("rating_no", sa.Integer(), nullable=False),
        sa.Column("drill_no", sa.Integer(), nullable=False),
        sa.Column("take_no", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("tone", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Integer(), nullable=False),
        sa.Column("local_day", sa.Integer(), nullable=False),
        sa.Column("rated_at", Big, nullable=False),
        sa.Column("withdrawn_at", Big, nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "rating_no"),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(
            "rating_question", ["learner_id", "question_id", "rating_no"], unique=False
        )
        batch_op.create_index(
            "rating_withdrawn",
            ["learner_id", "drill_no"],
            unique=False,
            sqlite_where=sa.text("withdrawn_at IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NOT NULL"),
        )

    op.create_table(
        "standing",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("prior", sa.Float(), nullable=False),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.Column("strength_at", Big, nullable=True),
        sa.Column("heard_at", Big, nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("sprung", sa.Integer(), nullable=False),
        sa.Column("counted_day", sa.Integer(), nullable=True),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("badge_at", Big, nullable=True),
        sa.Column("last_wording", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "question_id"),
    )
    op.create_table(
        "take",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("take_no", sa.Integer(), nullable=False),
        sa.Column("drill_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("file_size", Big, nullable=True),
        sa.Column("message_id", Big, nullable=False),
        sa.Column("taken_at", Big, nullable=False),
        sa.Column("media_state", sa.Integer(), nullable=False),
        sa.Column("media_path", sa.Text(), nullable=True),
        sa.Column("media_failures", sa.Integer(), nullable=False),
        sa.Column("media_retry_at", Big, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "take_no"),
    )
    with op.batch_alter_table("take", schema=None) as batch_op:
        batch_op.create_index("take_drill", ["learner_id", "drill_no", "take_no"], unique=False)
        batch_op.create_index(
            "take_media",
            ["media_retry_at"],
            unique=False,
            sqlite_where=sa.text("media_state = 1"),
            postgresql_where=sa.text("media_state = 1"),
        )


def downgrade() -> None:
    """Go back one step."""
    for table in (
        "take",
        "standing",
        "rating",
        "outbox",
        "open_hours",
        "learner",
        "invitation",
        "installation",
        "inbox",
        "drill",
    ):
        op.drop_table(table)
