import type { Subject } from '../acting/context.js';
import { project } from '../subjects/project_lifecycle.js';

export interface ProjectRow {
  organization_id: string;
  id: string;
  key: string;
  state: string;
  partner_id: string;
}

/** What no action of a project depends on: dates, money, versions. */
const NO_FACTS = {
  ...{ due_on: null, sent_on: null, reminded_on: null, reminders: 0, reminder_days: [], promised_on: null },
  ...{ open: 0, credit: 0, left: 0, online: false, paying: false, partial_payments: false },
  ...{ signature_required: false, reference_required: false, changes_proposed: false },
  ...{ version: 0, sha256: '', seen: '', started_by: 'staff' as const },
};

/** A project as what is acted on. */
export const projectSubject = ({ organization_id, id, key, state, partner_id }: ProjectRow): Subject => ({
  ...NO_FACTS,
  ...{ organization_id, id, state, partner_id },
  type: project.name,
  number: key,
});
