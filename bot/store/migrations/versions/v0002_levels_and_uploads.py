"""A learner's level; question sets that owners send"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Climb one step."""
    with op.batch_alter_table("learner", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("level", sa.Integer(), nullable=True))
    op.create_table(
        "upload",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("upload_no", sa.Integer(), nullable=False),
        sa.Column("message_id", Big, nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sent_at", Big, nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("set_id", sa.Text(), nullable=True),
        sa.Column("version_no", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "upload_no"),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(
            "upload_wanted",
            ["sent_at"],
            unique=False,
            sqlite_where=sa.text("state = 1"),
            postgresql_where=sa.text("state = 1"),
        )
    op.create_table(
        "bank",
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("live_at", Big, nullable=False),
        sa.Column("undone_at", Big, nullable=True),
        sa.PrimaryKeyConstraint("set_id", "version_no"),
    )


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("bank")
    op.drop_table("upload")
    with op.batch_alter_table("learner", schema=None, recreate="always") as batch_op:
        batch_op.drop_column("level")
