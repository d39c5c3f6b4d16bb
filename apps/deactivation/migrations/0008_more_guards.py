"""More of a case that SQL cannot change: what its desk left, conditions and data once settled, late answers."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION deactivation_guard_agenda() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.result <> 'pending' AND NEW IS DISTINCT FROM OLD AND (
      EXISTS (SELECT 1 FROM deactivation_desksession s
              WHERE s.id = OLD.session_id AND s.status IN ('minuted', 'cancelled'))
      OR EXISTS (SELECT 1 FROM deactivation_case c WHERE c.id = OLD.case_id AND c.decision_id IS NOT NULL))) THEN
    RAISE EXCEPTION '% on an agenda is refused: how the desk left the case stays', TG_OP
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_guard_agenda BEFORE UPDATE OR DELETE ON deactivation_agendaitem
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_agenda();
CREATE TRIGGER deactivation_guard_condition BEFORE UPDATE OR DELETE ON deactivation_condition
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_settled('met', 'dropped');
CREATE TRIGGER deactivation_guard_dataset BEFORE UPDATE OR DELETE ON deactivation_dataset
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_settled('verified', 'dropped');

CREATE FUNCTION deactivation_guard_late_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.late_answer <> '' AND
      (NEW.late_answer, NEW.late_reason, NEW.late_at, NEW.late_by_name, NEW.late_evidence_id) IS DISTINCT FROM
      (OLD.late_answer, OLD.late_reason, OLD.late_at, OLD.late_by_name, OLD.late_evidence_id) THEN
    RAISE EXCEPTION 'a late answer once given cannot be changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_guard_late_answer BEFORE UPDATE ON deactivation_lettercase
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_late_answer();
"""
UNDO = """
DROP TRIGGER deactivation_guard_late_answer ON deactivation_lettercase;
DROP TRIGGER deactivation_guard_dataset ON deactivation_dataset;
DROP TRIGGER deactivation_guard_condition ON deactivation_condition;
DROP TRIGGER deactivation_guard_agenda ON deactivation_agendaitem;
DROP FUNCTION deactivation_guard_late_answer(), deactivation_guard_agenda();
"""


class Migration(migrations.Migration):
    dependencies = [("deactivation", "0007_datasets")]
    operations = [migrations.RunSQL(GUARDS, UNDO)]
