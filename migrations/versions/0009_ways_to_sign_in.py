"""Passkeys, passwords and accounts elsewhere; tokens for one charter; and how those are shown who left a charter."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_LINES = (("sessions", "way", "link"), ("api_tokens", "name", ""), ("charters", "former_members", "named"))
_TABLES = (
    "departures",
    "passkeys",
    "passwords",
    "linked_accounts",
    "challenges",
    "password_tries",
    "known_devices",
)


def upgrade() -> None:
    op.create_table(
        "departures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departures")),
        sa.UniqueConstraint("person_id", "charter_id", name=op.f("uq_departures_person_id_charter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_departures_person_id_people")),
        sa.ForeignKeyConstraint(["charter_id"], ["charters.id"], name=op.f("fk_departures_charter_id_charters")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_passkeys_person_id_people")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkeys_credential")),
    )
    op.create_index("ix_passkeys_person_id", "passkeys", ["person_id"], unique=False)
    op.create_table(
        "passwords",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_passwords")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_passwords_person_id_people")),
    )
    op.create_table(
        "linked_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_accounts")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_linked_accounts_issuer_subject")),
        sa.UniqueConstraint("person_id", "issuer", name=op.f("uq_linked_accounts_person_id_issuer")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_linked_accounts_person_id_people")),
    )
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("place_hash", sa.String(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_challenges_secret_hash")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_challenges_person_id_people")),
    )
    op.create_index("ix_challenges_ends_at", "challenges", ["ends_at"], unique=False)
    op.create_index("ix_challenges_person_id", "challenges", ["person_id"], unique=False)
    op.create_index("ix_challenges_place", "challenges", ["place_hash", "ends_at"], unique=False)
    op.create_table(
        "password_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_hash", sa.String(), nullable=False),
        sa.Column("place_hash", sa.String(), nullable=False),
        sa.Column("device_hash", sa.String(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_tries")),
    )
    op.create_index("ix_password_tries_mailbox", "password_tries", ["mailbox_hash", "tried_at"], unique=False)
    op.create_index("ix_password_tries_place", "password_tries", ["place_hash", "tried_at"], unique=False)
    op.create_index("ix_password_tries_tried_at", "password_tries", ["tried_at"], unique=False)
    op.create_table(
        "known_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_devices")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_known_devices_secret_hash")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_known_devices_person_id_people")),
    )
    op.create_index("ix_known_devices_ends_at", "known_devices", ["ends_at"], unique=False)
    op.create_index("ix_known_devices_person_id", "known_devices", ["person_id"], unique=False)
    for table, column, first in _LINES:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=first))
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("charter_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_api_tokens_charter_id_charters"), "charters", ["charter_id"], ["id"])
    # Who had a role before is told by the records: the last one on them says that they have none.
    op.execute(
        "INSERT INTO departures (person_id, charter_id, left_at) "
        "SELECT people.id, charters.id, gone.at FROM records AS gone "
        "JOIN charters ON charters.key = gone.chain "
        "JOIN people ON gone.object = 'person ' || CAST(people.id AS VARCHAR) "
        "WHERE gone.act = 'set role' AND gone.after = '' AND NOT EXISTS (SELECT 1 FROM records AS later "
        "WHERE later.chain = gone.chain AND later.act = 'set role' AND later.object = gone.object "
        "AND later.number > gone.number)"
    )


def downgrade() -> None:
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_api_tokens_charter_id_charters"), type_="foreignkey")
        batch_op.drop_column("charter_id")
        batch_op.drop_column("used_at")
    for table, column, _ in _LINES:
        # Not by making the table anew: others point at these.
        op.drop_column(table, column)
    for table in reversed(_TABLES):
        op.drop_table(table)
