"""The hash chain: a deferred trigger appends each event's link at COMMIT, under one advisory lock."""

from django.db import migrations

# Taken inside the act the lock would deadlock acts over two rows; at COMMIT it cannot.
CHAIN = """
CREATE FUNCTION audit_event_text(e audit_event) RETURNS text LANGUAGE sql STABLE AS $$
SELECT jsonb_build_array(
    e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    e.verb, e.actor_id, e.actor_name, e.actor_role, e.actor_membership_id,
    e.subject_type, e.subject_id, e.subject_code, e.organization_id, e.government_id,
    e.reason, e.details, e.request_id
)::text $$;

CREATE FUNCTION audit_append_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    last audit_link%ROWTYPE;
    written audit_event%ROWTYPE;
    before text;
BEGIN
    PERFORM pg_advisory_xact_lock(7041992001);
    SELECT * INTO last FROM audit_link ORDER BY seq DESC LIMIT 1;
    SELECT * INTO written FROM audit_event WHERE id = NEW.id;
    before := coalesce(last.hash, repeat('0', 64));
    INSERT INTO audit_link (seq, event_id, prev, hash) VALUES (
        coalesce(last.seq, 0) + 1, NEW.id, before,
        encode(sha256(convert_to(before || E'\\n' || audit_event_text(written), 'UTF8')), 'hex')
    );
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_link_at_commit AFTER INSERT ON audit_event
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_append_link();
"""
UNDO = """
DROP TRIGGER audit_link_at_commit ON audit_event;
DROP FUNCTION audit_append_link();
DROP FUNCTION audit_event_text(audit_event);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNDO)]
