"""What of a saving cannot be changed by SQL either: what the decision planned, what BKAD verified, and that it fell."""

from django.db import migrations

SAVING = """
CREATE FUNCTION deactivation_guard_saving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.is_void
     OR (NEW.case_id, NEW.decision_id, NEW.contract, NEW.planned_yearly, NEW.first_year, NEW.created_at)
        IS DISTINCT FROM (OLD.case_id, OLD.decision_id, OLD.contract, OLD.planned_yearly, OLD.first_year, OLD.created_at)
     OR (OLD.verified_at IS NOT NULL
         AND (NEW.verified_yearly, NEW.verified_at, NEW.verified_by_id, NEW.verified_by_name)
         IS DISTINCT FROM (OLD.verified_yearly, OLD.verified_at, OLD.verified_by_id, OLD.verified_by_name)) THEN
    RAISE EXCEPTION '% on a saving is refused: what was decided and verified stays', TG_OP
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_guard_saving BEFORE UPDATE OR DELETE ON deactivation_saving
  FOR EACH ROW EXECUTE FUNCTION deactivation_guard_saving();
"""
UNDO = """
DROP TRIGGER deactivation_guard_saving ON deactivation_saving;
DROP FUNCTION deactivation_guard_saving();
"""


class Migration(migrations.Migration):
    dependencies = [("deactivation", "0004_realised_savings")]
    operations = [migrations.RunSQL(SAVING, UNDO)]
