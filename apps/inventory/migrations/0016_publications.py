"""The stored public document, and what keeps it true: triggers note what changed, COMMIT publishes it."""

import django.db.models.deletion
from django.db import migrations, models

# A schema of its own: the application role has no right there, its transactions come in through the triggers alone.
NOTES = """
CREATE SCHEMA publishing;
CREATE TABLE publishing.noted (
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    application_id bigint NOT NULL,  -- 0 stands for the transaction itself
    again boolean NOT NULL DEFAULT false,
    PRIMARY KEY (transaction, application_id)
);

CREATE FUNCTION inventory_note_changed(ids bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
INSERT INTO publishing.noted (application_id) SELECT unnest(0::bigint || ids) WHERE cardinality(ids) > 0
ON CONFLICT DO NOTHING $$;

-- The first firing only puts the work behind everything else that waits for COMMIT, foreign keys above all: they may wait for
-- a row whose holder waits for the lock of the chain.
-- One plan for all: planning anew took six times what writing one document takes.
CREATE FUNCTION inventory_publish() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    ids bigint[];
    head bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE publishing.noted SET again = true WHERE transaction = NEW.transaction AND application_id = 0;
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(7041992001);
    WITH gone AS (DELETE FROM publishing.noted WHERE transaction = NEW.transaction RETURNING application_id)
    SELECT array_agg(application_id) FILTER (WHERE application_id > 0) INTO ids FROM gone;
    SELECT coalesce(max(position), 0) INTO head FROM inventory_publication;
    -- Without a join to what is stored: its size, not that of the change, would decide how long a commit takes.
    INSERT INTO inventory_publication AS known
        (application_id, government_id, code, body, merged_into, position, changed_at)
    SELECT said.application_id, said.government_id, said.code, said.body, said.merged_into,
           head + row_number() OVER (ORDER BY said.application_id), core_now()
    FROM inventory_public_documents(ids) said
    ON CONFLICT (application_id) DO UPDATE SET
        government_id = excluded.government_id, code = excluded.code, body = excluded.body,
        merged_into = excluded.merged_into, position = excluded.position, changed_at = excluded.changed_at
    WHERE (known.body, known.merged_into) IS DISTINCT FROM (excluded.body, excluded.merged_into);
    SELECT coalesce(max(position), 0) INTO head FROM inventory_publication;
    UPDATE inventory_publication known
    SET body = NULL, merged_into = '', position = head + gone.place, changed_at = core_now()
    FROM unnest(ids) WITH ORDINALITY AS gone (id, place)
    WHERE known.application_id = gone.id AND known.body IS NOT NULL
      AND NOT EXISTS (SELECT FROM inventory_application a WHERE a.id = gone.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER inventory_publish_at_commit AFTER INSERT OR UPDATE ON publishing.noted
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.application_id = 0) EXECUTE FUNCTION inventory_publish();
"""
UNDO_NOTES = """
DROP SCHEMA publishing CASCADE;
DROP FUNCTION inventory_publish();
DROP FUNCTION inventory_note_changed(bigint[]);
DROP FUNCTION IF EXISTS inventory_public_documents(bigint[]);
"""

# What a document shows of other records is their code, and only the first code is ever given.
RECORDS = """
CREATE FUNCTION inventory_note_records() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM inventory_note_changed(array(SELECT id FROM changed));
    IF TG_OP = 'UPDATE' THEN
        PERFORM inventory_note_changed(array(
            SELECT a.id FROM changed JOIN before USING (id) JOIN inventory_application a
            ON changed.id IN (a.successor_id, a.super_application_id, a.merged_into_id)
            WHERE changed.code IS DISTINCT FROM before.code
        ));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER publish_inserted AFTER INSERT ON inventory_application
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inventory_note_records();
CREATE TRIGGER publish_updated AFTER UPDATE ON inventory_application
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inventory_note_records();
CREATE TRIGGER publish_deleted AFTER DELETE ON inventory_application
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inventory_note_records();
"""
ROWS = """
CREATE FUNCTION inventory_note_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM inventory_note_changed(array(SELECT DISTINCT application_id FROM changed));
    IF TG_OP = 'UPDATE' THEN
        PERFORM inventory_note_changed(array(SELECT DISTINCT application_id FROM before));
    END IF;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER publish_inserted AFTER INSERT ON {table}
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inventory_note_rows();
CREATE TRIGGER publish_updated AFTER UPDATE ON {table}
REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inventory_note_rows();
CREATE TRIGGER publish_deleted AFTER DELETE ON {table}
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inventory_note_rows();
"""
    for table in ("inventory_address", "inventory_applicationreference")
)
AROUND = """
CREATE FUNCTION inventory_note_office() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM inventory_note_changed(array(
        SELECT id FROM inventory_application WHERE owner_id = NEW.id OR government_id = NEW.id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER publish_renamed AFTER UPDATE OF name, code ON accounts_organization FOR EACH ROW
WHEN ((OLD.name, OLD.code) IS DISTINCT FROM (NEW.name, NEW.code)) EXECUTE FUNCTION inventory_note_office();

CREATE FUNCTION inventory_note_attribute() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    one inventory_customattribute := coalesce(NEW, OLD);
BEGIN
    PERFORM inventory_note_changed(array(
        SELECT id FROM inventory_application WHERE government_id = one.government_id AND attributes ? one.key
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER publish_attribute AFTER INSERT OR UPDATE OR DELETE ON inventory_customattribute FOR EACH ROW
EXECUTE FUNCTION inventory_note_attribute();
"""
UNDO_TRIGGERS = """
DROP FUNCTION inventory_note_records() CASCADE;
DROP FUNCTION inventory_note_rows() CASCADE;
DROP FUNCTION inventory_note_office() CASCADE;
DROP FUNCTION inventory_note_attribute() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0002_chain"),
        ("core", "0001_initial"),
        ("inventory", "0015_sunset"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="publication",
                        serialize=False,
                        to="inventory.application",
                    ),
                ),
                ("government_id", models.BigIntegerField()),
                ("code", models.CharField(max_length=20)),
                ("body", models.TextField(null=True)),
                ("merged_into", models.CharField(blank=True, max_length=20)),
                ("position", models.BigIntegerField(unique=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["government_id", "position"], name="publication_by_government")],
            },
        ),
        migrations.RunSQL(NOTES, UNDO_NOTES),
        migrations.RunSQL(RECORDS + ROWS + AROUND, UNDO_TRIGGERS),
    ]
