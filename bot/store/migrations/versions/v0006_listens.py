"""Takes that are listened to again, and what they do for a badge"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Climb one step."""
    op.create_table(
        "listen",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("listen_no", sa.Integer(), nullable=False),
        sa.Column("take_no", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("offered_at", Big, nullable=False),
        sa.Column("tone", sa.Integer(), nullable=True),
        sa.Column("rated_at", Big, nullable=True),
        sa.Column("rated_no", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", Big, nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "listen_no"),
    )
    with op.batch_alter_table("standing", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("spoken", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("slipped_at", Big, nullable=True))
    with op.batch_alter_table("rating", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("spoken", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go back one step."""
    with op.batch_alter_table("rating", recreate="always") as batch_op:
        batch_op.drop_column("spoken")
    with op.batch_alter_table("standing", recreate="always") as batch_op:
        batch_op.drop_column("slipped_at")
        batch_op.drop_column("held")
        batch_op.drop_column("spoken")
    op.drop_table("listen")
