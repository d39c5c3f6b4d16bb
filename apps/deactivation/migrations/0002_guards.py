"""What of a case cannot be changed by SQL either: plain triggers, which obey no session variable."""

from django.db import migrations

CASE = """
CREATE FUNCTION deactivation_guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moves constant jsonb := '{
    "nominated": ["awaiting_answer", "answered", "withdrawn"],
    "awaiting_answer": ["answered", "withdrawn"],
    "answered": ["on_desk", "withdrawn"],
    "on_desk": ["recommended", "withdrawn"],
    "recommended": ["decided", "on_desk", "withdrawn"],
    "decided": ["executing", "closed", "recommended", "annulled"],
    "executing": ["executed", "annulled"],
    "executed": ["closed"]}';
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'case % cannot be deleted', OLD.code USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.status IN ('closed', 'withdrawn', 'annulled') THEN
    RAISE EXCEPTION 'case % has ended and cannot be changed', OLD.code USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status <> OLD.status AND NOT coalesce(moves -> OLD.status ? NEW.status, false) THEN
    RAISE EXCEPTION 'case % cannot move from % to %', OLD.code, OLD.status, NEW.status
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.code, NEW.application_id, NEW.kind, NEW.government_id, NEW.nominated_at)
     IS DISTINCT FROM (OLD.code, OLD.application_id, OLD.kind, OLD.government_id, OLD.nominated_at) THEN
    RAISE EXCEPTION 'what case % is about cannot be changed', OLD.code USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.status = 'decided' AND NEW.status = 'recommended' THEN
    IF NOT EXISTS (SELECT 1 FROM deactivation_objection o WHERE o.case_id = OLD.id
                   AND o.decision_id = OLD.decision_id AND o.status = 'upheld') THEN
      RAISE EXCEPTION 'case %: no objection against its decision was upheld', OLD.code
        USING ERRCODE = 'insufficient_privilege';
    END IF;
  ELSIF OLD.decision_id IS NOT NULL AND (
      (NEW.decision_id, NEW.decree_number, NEW.decided_on, NEW.outcome, NEW.target_id, NEW.objection_ends_on,
       NEW.effective_on, NEW.recommendation_id, NEW.finding_id, NEW.ground, NEW.reason)
      IS DISTINCT FROM
      (OLD.decision_id, OLD.decree_number, OLD.decided_on, OLD.outcome, OLD.target_id, OLD.objection_ends_on,
       OLD.effective_on, OLD.recommendation_id, OLD.finding_id, OLD.ground, OLD.reason)) THEN
    RAISE EXCEPTION 'the decision on case % cannot be changed', OLD.code USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_guard_case BEFORE UPDATE OR DELETE ON deactivation_case
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_case();

CREATE FUNCTION deactivation_guard_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status = ANY (TG_ARGV) THEN
    RAISE EXCEPTION '% on % is refused: the row is settled', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_guard_letter BEFORE UPDATE OR DELETE ON deactivation_letter
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_settled('settled', 'replaced');
CREATE TRIGGER deactivation_guard_session BEFORE UPDATE OR DELETE ON deactivation_desksession
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_settled('minuted', 'cancelled');
CREATE TRIGGER deactivation_guard_objection BEFORE UPDATE OR DELETE ON deactivation_objection
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_settled('upheld', 'dismissed');
CREATE TRIGGER deactivation_guard_item BEFORE UPDATE OR DELETE ON deactivation_checklistitem
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_settled('verified');

CREATE FUNCTION deactivation_guard_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.answer <> '' AND
      (NEW.answer, NEW.reason, NEW.answered_at, NEW.answered_on, NEW.answered_by_id, NEW.evidence_id, NEW.case_id,
       NEW.letter_id) IS DISTINCT FROM
      (OLD.answer, OLD.reason, OLD.answered_at, OLD.answered_on, OLD.answered_by_id, OLD.evidence_id, OLD.case_id,
       OLD.letter_id)) THEN
    RAISE EXCEPTION 'an answer once given cannot be changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_guard_answer BEFORE UPDATE OR DELETE ON deactivation_lettercase
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_answer();
"""

UNDO = """
DROP TRIGGER deactivation_guard_answer ON deactivation_lettercase;
DROP TRIGGER deactivation_guard_item ON deactivation_checklistitem;
DROP TRIGGER deactivation_guard_objection ON deactivation_objection;
DROP TRIGGER deactivation_guard_session ON deactivation_desksession;
DROP TRIGGER deactivation_guard_letter ON deactivation_letter;
DROP TRIGGER deactivation_guard_case ON deactivation_case;
DROP FUNCTION deactivation_guard_answer(), deactivation_guard_settled(), deactivation_guard_case();
"""


class Migration(migrations.Migration):
    dependencies = [("deactivation", "0001_initial")]
    operations = [migrations.RunSQL(CASE, UNDO)]
