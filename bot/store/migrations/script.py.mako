"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Climb one step."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go back one step."""
    ${downgrades if downgrades else "pass"}
