"""Coaches, what they hear and wish, friends who lend an ear once, and circles"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0008"
down_revision = "0007"

OTHER = sa.text("other_id IS NOT NULL")
TOKEN = sa.text("token_hash IS NOT NULL")
ANSWER = sa.text("answer_hash IS NOT NULL")


def upgrade() -> None:
    """Climb one step."""
    op.create_table(
        "coaching",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("coaching_no", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("told_from", sa.Text(), nullable=True),
        sa.Column("created_at", Big, nullable=False),
        sa.Column("expires_at", Big, nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("other_id", Big, nullable=True),
        sa.Column("coach_no", sa.Integer(), nullable=True),
        sa.Column("coach_name", sa.Text(), nullable=True),
        sa.Column("ended_at", Big, nullable=True),
        sa.Column("hour_at", Big, nullable=False),
        sa.Column("acted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "coaching_no"),
    )
    op.create_table(
        "coach_rating",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("take_no", sa.Integer(), nullable=False),
        sa.Column("coaching_no", sa.Integer(), nullable=False),
        sa.Column("other_id", Big, nullable=False),
        sa.Column("tone", sa.Integer(), nullable=False),
        sa.Column("rated_at", Big, nullable=False),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("note_file_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "take_no", "coaching_no"),
    )
    op.create_table(
        "wish",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("coaching_no", sa.Integer(), nullable=False),
        sa.Column("wish_no", sa.Integer(), nullable=False),
        sa.Column("other_id", Big, nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("from_at", Big, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "coaching_no", "wish_no"),
    )
    op.create_table(
        "ear",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("ear_no", sa.Integer(), nullable=False),
        sa.Column("take_no", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("told_from", sa.Text(), nullable=True),
        sa.Column("created_at", Big, nullable=False),
        sa.Column("expires_at", Big, nullable=False),
        sa.Column("opened_at", Big, nullable=True),
        sa.Column("answer_hash", sa.Text(), nullable=True),
        sa.Column("revoked_at", Big, nullable=True),
        sa.Column("tone", sa.Integer(), nullable=True),
        sa.Column("line", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "ear_no"),
    )
    op.create_table(
        "circle",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("circle_no", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("made_at", Big, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "circle_no"),
    )
    op.create_table(
        "circle_member",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("other_id", Big, nullable=False),
        sa.Column("circle_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("joined_at", Big, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "other_id", "circle_no"),
    )
    op.create_index("coaching_token", "coaching", ["token_hash"], unique=True)
    op.create_index("coaching_other", "coaching", ["other_id", "coach_no"])
    op.create_index("coach_rating_other", "coach_rating", ["other_id"])
    op.create_index("wish_other", "wish", ["other_id"])
    op.create_index("ear_token", "ear", ["token_hash"], unique=True)
    op.create_index(
        "ear_answer",
        "ear",
        ["answer_hash"],
        unique=True,
        sqlite_where=ANSWER,
        postgresql_where=ANSWER,
    )
    op.create_index(
        "circle_token",
        "circle",
        ["token_hash"],
        unique=True,
        sqlite_where=TOKEN,
        postgresql_where=TOKEN,
    )
    op.create_index("circle_member_other", "circle_member", ["other_id", "circle_no"])
    for table in ("own_question", "outbox"):
        with op.batch_alter_table(table, recreate="always") as batch_op:
            batch_op.add_column(sa.Column("other_id", Big, nullable=True))
        op.create_index(
            f"{table}_other", table, ["other_id"], sqlite_where=OTHER, postgresql_where=OTHER
        )


def downgrade() -> None:
    """Go back one step."""
    for table in ("own_question", "outbox"):
        op.drop_index(f"{table}_other", table)
        with op.batch_alter_table(table, recreate="always") as batch_op:
            batch_op.drop_column("other_id")
    for table in ("circle_member", "circle", "ear", "wish", "coach_rating", "coaching"):
        op.drop_table(table)
