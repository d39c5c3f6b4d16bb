"""Marks beside the positions, so that who mirrors the catalogue learns that it was restored from an older copy."""

from importlib import import_module

from django.db import migrations, models

PUBLISH = """
CREATE OR REPLACE FUNCTION inventory_publish() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    SELECT max(position) INTO head FROM inventory_publication;
    INSERT INTO inventory_publicationmark (head, mark)
    SELECT head, right(replace(gen_random_uuid()::text, '-', ''), 16) WHERE head IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
FIRST = """
INSERT INTO inventory_publicationmark (head, mark)
SELECT max(position), right(replace(gen_random_uuid()::text, '-', ''), 16) FROM inventory_publication HAVING count(*) > 0;
"""
_before = import_module("apps.inventory.migrations.0016_publications").NOTES
UNDO = (
    "CREATE OR REPLACE" + _before[_before.index(" FUNCTION inventory_publish()") : _before.index("CREATE CONSTRAINT")]
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0017_by_name")]

    operations = [
        migrations.CreateModel(
            name="PublicationMark",
            fields=[
                ("head", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=16)),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(PUBLISH + FIRST, UNDO),
    ]
