"""What hangs on a decided case and SQL cannot change or add: terms, data, steps, letters, sessions, acts."""

from django.db import migrations

# Every column but those named as arguments stays as it is.
KEEP = """
CREATE FUNCTION deactivation_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - TG_ARGV::text[] IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV::text[] THEN
    RAISE EXCEPTION '% on % is refused: what was written stays', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_keep_condition BEFORE UPDATE ON deactivation_condition
  FOR EACH ROW EXECUTE FUNCTION deactivation_keep('status', 'note', 'evidence_id', 'chased_on', 'version');
CREATE TRIGGER deactivation_keep_dataset BEFORE UPDATE ON deactivation_dataset
  FOR EACH ROW EXECUTE FUNCTION deactivation_keep('status', 'note', 'certificate_id', 'done_by_id', 'done_by_name',
    'done_at', 'verified_by_id', 'verified_by_name', 'verified_at', 'version');
CREATE TRIGGER deactivation_keep_done_dataset BEFORE UPDATE ON deactivation_dataset
  FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION deactivation_keep('status', 'note', 'verified_by_id',
    'verified_by_name', 'verified_at', 'version');
CREATE TRIGGER deactivation_keep_item BEFORE UPDATE ON deactivation_checklistitem
  FOR EACH ROW EXECUTE FUNCTION deactivation_keep('status', 'responsible_id', 'note', 'evidence_id', 'done_by_id',
    'done_by_name', 'done_at', 'verified_by_id', 'verified_by_name', 'verified_at', 'returned_reason', 'version');
CREATE TRIGGER deactivation_keep_done_item BEFORE UPDATE ON deactivation_checklistitem
  FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION deactivation_keep('status', 'responsible_id',
    'verified_by_id', 'verified_by_name', 'verified_at', 'returned_reason', 'version');
CREATE TRIGGER deactivation_keep_objection BEFORE UPDATE ON deactivation_objection
  FOR EACH ROW EXECUTE FUNCTION deactivation_keep('status', 'answer', 'answered_by_name', 'version');
CREATE TRIGGER deactivation_keep_session BEFORE UPDATE ON deactivation_desksession
  FOR EACH ROW EXECUTE FUNCTION deactivation_keep('status', 'draft', 'version');
CREATE TRIGGER deactivation_keep_letter BEFORE UPDATE ON deactivation_letter
  FOR EACH ROW EXECUTE FUNCTION deactivation_keep('status', 'delivery', 'delivered_on', 'delivery_recorded_by',
    'delivery_evidence_id', 'due_on', 'extended_days', 'extension_reason', 'version');
CREATE TRIGGER deactivation_keep_delivered BEFORE UPDATE ON deactivation_letter
  FOR EACH ROW WHEN (OLD.delivery <> '') EXECUTE FUNCTION deactivation_keep('status', 'due_on', 'extended_days',
    'extension_reason', 'version');
CREATE TRIGGER deactivation_keep_extended BEFORE UPDATE ON deactivation_letter
  FOR EACH ROW WHEN (OLD.extended_days > 0) EXECUTE FUNCTION deactivation_keep('status', 'version');
CREATE TRIGGER deactivation_keep_answer BEFORE UPDATE ON deactivation_lettercase
  FOR EACH ROW WHEN (OLD.answer <> '') EXECUTE FUNCTION deactivation_keep('late_answer', 'late_reason', 'late_at',
    'late_by_name', 'late_evidence_id');
CREATE TRIGGER deactivation_keep_superseded BEFORE UPDATE ON deactivation_lettercase
  FOR EACH ROW WHEN (OLD.is_superseded) EXECUTE FUNCTION deactivation_keep('-');
CREATE TRIGGER deactivation_keep_saving BEFORE UPDATE ON deactivation_saving
  FOR EACH ROW EXECUTE FUNCTION deactivation_keep('verified_yearly', 'verified_by_id', 'verified_by_name', 'verified_at',
    'is_void', 'version');
CREATE TRIGGER deactivation_keep_waiting BEFORE UPDATE ON deactivation_case
  FOR EACH ROW WHEN (OLD.decision_id IS NOT NULL AND NEW.status = OLD.status AND OLD.status <> 'executing')
  EXECUTE FUNCTION deactivation_keep('version');
CREATE TRIGGER deactivation_keep_executing BEFORE UPDATE ON deactivation_case
  FOR EACH ROW WHEN (OLD.status = 'executing' AND NEW.status = 'executing')
  EXECUTE FUNCTION deactivation_keep('version', 'blocked_by', 'retired_at');
CREATE TRIGGER deactivation_keep_retired BEFORE UPDATE ON deactivation_case
  FOR EACH ROW WHEN (OLD.retired_at IS NOT NULL) EXECUTE FUNCTION deactivation_keep('status', 'version', 'ended_at',
    'end_reason');
CREATE TRIGGER deactivation_keep_moving BEFORE UPDATE ON deactivation_case
  FOR EACH ROW WHEN (OLD.decision_id IS NOT NULL AND NEW.status IN ('executing', 'executed') AND NEW.status <> OLD.status)
  EXECUTE FUNCTION deactivation_keep('status', 'version');
CREATE TRIGGER deactivation_keep_ending BEFORE UPDATE ON deactivation_case
  FOR EACH ROW WHEN (OLD.decision_id IS NOT NULL AND NEW.status IN ('closed', 'annulled'))
  EXECUTE FUNCTION deactivation_keep('status', 'version', 'ended_at', 'end_reason');
"""
UNDO_KEEP = "DROP FUNCTION deactivation_keep() CASCADE;"

# A row comes only while its case is in a state named as argument, and speaks of the decision the case has.
WHILE = """
CREATE FUNCTION deactivation_only_while() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM deactivation_case c WHERE c.id = NEW.case_id AND c.status = ANY (TG_ARGV)
      AND coalesce((to_jsonb(NEW) ->> 'decision_id')::bigint, c.decision_id, 0) = coalesce(c.decision_id, 0)) THEN
    RAISE EXCEPTION '% on % is refused: its case is not in that state', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_while_lettercase BEFORE INSERT ON deactivation_lettercase
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('nominated', 'awaiting_answer', 'answered');
CREATE TRIGGER deactivation_while_agenda BEFORE INSERT ON deactivation_agendaitem
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('on_desk');
CREATE TRIGGER deactivation_while_opinion BEFORE INSERT ON deactivation_opinion
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('on_desk');
CREATE TRIGGER deactivation_while_recommendation BEFORE INSERT ON deactivation_recommendation
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('on_desk', 'recommended');
CREATE TRIGGER deactivation_while_decisionitem BEFORE INSERT ON deactivation_decisionitem
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('decided');
CREATE TRIGGER deactivation_while_objection BEFORE INSERT ON deactivation_objection
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('decided');
CREATE TRIGGER deactivation_while_saving BEFORE INSERT ON deactivation_saving
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('decided');
CREATE TRIGGER deactivation_while_annulment BEFORE INSERT ON deactivation_annulment
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('annulled');
CREATE TRIGGER deactivation_while_item BEFORE INSERT ON deactivation_checklistitem
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('executing');
CREATE TRIGGER deactivation_while_dataset BEFORE INSERT ON deactivation_dataset
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_while('executing');

CREATE FUNCTION deactivation_only_decided_conditions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM deactivation_case c
      JOIN deactivation_decisionitem i ON i.case_id = c.id AND i.decision_id = c.decision_id
      WHERE c.id = NEW.case_id AND i.conditions @> jsonb_build_array(
        jsonb_build_object('text', NEW.text, 'due_on', to_char(NEW.due_on, 'YYYY-MM-DD')))) THEN
    RAISE EXCEPTION '% on % is refused: the decision does not name this condition', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_while_condition BEFORE INSERT ON deactivation_condition
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_decided_conditions();

CREATE FUNCTION deactivation_only_in_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM deactivation_desksession s WHERE s.id = NEW.session_id AND s.status = ANY (TG_ARGV)) THEN
    RAISE EXCEPTION '% on % is refused: the session is over', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_while_attendance BEFORE INSERT ON deactivation_attendance
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_in_session('scheduled', 'in_session');
CREATE TRIGGER deactivation_while_invitation BEFORE INSERT ON deactivation_invitation
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_in_session('scheduled', 'in_session');
CREATE TRIGGER deactivation_while_remark BEFORE INSERT ON deactivation_minutesremark
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_in_session('in_session');

CREATE FUNCTION deactivation_only_acts_of_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  states constant jsonb := '{
    "nominate": ["nominated"], "sign_request": ["answered"], "name_caretaker": ["nominated", "awaiting_answer"],
    "send_letter": ["awaiting_answer"], "opinion": ["on_desk"], "recommend": ["recommended"],
    "postpone": ["on_desk"], "decide": ["decided"], "send_back": ["on_desk"], "object": ["decided"],
    "uphold_objection": ["recommended"], "dismiss_objection": ["decided"], "complete_item": ["executing", "executed"],
    "verify_item": ["executing", "executed"], "close": ["closed"], "withdraw": ["withdrawn"], "annul": ["annulled"],
    "answer": ["answered", "on_desk", "recommended", "decided", "executing", "executed"]}';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM deactivation_case c
                 WHERE c.id = NEW.case_id AND coalesce(states -> NEW.act ? c.status, false)) THEN
    RAISE EXCEPTION '% on % is refused: this act does not belong to the state of its case', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deactivation_while_act BEFORE INSERT ON deactivation_caseact
  FOR EACH ROW EXECUTE FUNCTION deactivation_only_acts_of_state();
"""
UNDO_WHILE = """
DROP FUNCTION deactivation_only_while() CASCADE;
DROP FUNCTION deactivation_only_decided_conditions() CASCADE;
DROP FUNCTION deactivation_only_in_session() CASCADE;
DROP FUNCTION deactivation_only_acts_of_state() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("deactivation", "0010_condition_chased")]
    operations = [migrations.RunSQL(KEEP, UNDO_KEEP), migrations.RunSQL(WHILE, UNDO_WHILE)]
