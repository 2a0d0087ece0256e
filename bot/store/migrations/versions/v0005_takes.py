"""Takes that are starred or deleted, the words of a drill, and what /undo takes back"""

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0005"
down_revision = "0004"

COLUMNS = (
    ("learner", sa.Column("media_days", sa.Integer(), nullable=True)),
    ("learner", sa.Column("sought", sa.Text(), nullable=True)),
    ("drill", sa.Column("words", sa.Text(), nullable=True)),
    ("take", sa.Column("starred_at", Big, nullable=True)),
    ("take", sa.Column("deleted_at", Big, nullable=True)),
)
FILE_LEFT = sa.text("media_state = 4 AND media_path IS NOT NULL")
DELETED = sa.text("deleted_at IS NOT NULL AND (text IS NOT NULL OR file_id IS NOT NULL)")


def upgrade() -> None:
    """Climb one step."""
    for name in ("learner", "drill", "take"):
        with op.batch_alter_table(name, recreate="always") as batch_op:
            for table, column in COLUMNS:
                if table == name:
                    batch_op.add_column(column)
    with op.batch_alter_table("take", schema=None) as batch_op:
        batch_op.create_index(
            "take_file_left",
            ["learner_id", "take_no"],
            unique=False,
            sqlite_where=FILE_LEFT,
            postgresql_where=FILE_LEFT,
        )
        batch_op.create_index(
            "take_deleted",
            ["deleted_at"],
            unique=False,
            sqlite_where=DELETED,
            postgresql_where=DELETED,
        )
    op.create_table(
        "deed",
        sa.Column("learner_id", Big, nullable=False),
        sa.Column("deed_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("done_at", Big, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "deed_no"),
    )
    with op.batch_alter_table("deed", schema=None) as batch_op:
        batch_op.create_index("deed_done", ["done_at"], unique=False)


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("deed")
    with op.batch_alter_table("take", schema=None) as batch_op:
        batch_op.drop_index("take_deleted")
        batch_op.drop_index("take_file_left")
    for name in ("take", "drill", "learner"):
        with op.batch_alter_table(name, recreate="always") as batch_op:
            for table, column in COLUMNS:
                if table == name:
                    batch_op.drop_column(column.name)
