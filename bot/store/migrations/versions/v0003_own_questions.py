"""Learners' own questions, and the links that share them"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Climb one step."""
    op.create_table(
        "own_question",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("own_no", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("slip", sa.Text(), nullable=True),
        sa.Column("added_at", Big, nullable=False),
        sa.Column("kept_at", Big, nullable=True),
        sa.Column("removed_at", Big, nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "own_no"),
    )
    op.create_table(
        "share",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("share_no", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("told_from", sa.Text(), nullable=True),
        sa.Column("created_at", Big, nullable=False),
        sa.Column("expires_at", Big, nullable=False),
        sa.Column("used_at", Big, nullable=True),
        sa.Column("revoked_at", Big, nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "share_no"),
    )
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.create_index("share_token", ["token_hash"], unique=True)
    with op.batch_alter_table("learner", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("own_since", Big, nullable=True))


def downgrade() -> None:
    """Go back one step."""
    with op.batch_alter_table("learner", recreate="always") as batch_op:
        batch_op.drop_column("own_since")
    op.drop_table("share")
    op.drop_table("own_question")
