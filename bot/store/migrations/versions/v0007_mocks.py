"""Mock interviews"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Climb one step."""
    op.create_table(
        "mock",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("mock_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("pressing", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("probing", sa.Integer(), nullable=False),
        sa.Column("card_no", sa.Integer(), nullable=False),
        sa.Column("step_asked_at", Big, nullable=False),
        sa.Column("started_at", Big, nullable=False),
        sa.Column("ended_at", Big),
        sa.PrimaryKeyConstraint("learner_id", "mock_no"),
    )


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("mock")
