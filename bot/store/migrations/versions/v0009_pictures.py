"""Pictures to be drawn, their colours, and the weekly summary"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Climb one step."""
    op.create_table(
        "picture",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("wanted_at", Big, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "kind"),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index("picture_wanted", ["wanted_at"], unique=False)
    op.create_table(
        "looks",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("dark", sa.Integer(), nullable=False),
        sa.Column("digest_day", sa.Integer(), nullable=True),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_offered_at", Big, nullable=True),
        sa.Column("digest_last_at", Big, nullable=True),
        sa.PrimaryKeyConstraint("learner_id"),
    )


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("looks")
    op.drop_table("picture")
