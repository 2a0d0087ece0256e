"""Errands: what is to be done for a learner at a moment, other than a drill"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Climb one step."""
    op.create_table(
        "errand",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("from_id", Big, nullable=False),
        sa.Column("errand_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("due_at", Big, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "from_id", "errand_no"),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index("errand_due", ["due_at"], unique=False)
        batch_op.create_index("errand_from", ["from_id"], unique=False)


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("errand")
