import type { I18n } from '../../../documents/queries/sheet.js';
import { typeNamed } from '../../../document_types/index.js';
import { daysBetween } from '../../../pages/days.js';
import type { Badge } from '../../../pages/views/components.js';
import type { TaskRow } from '../../../projects/tasks/task.js';
import { lifecycleOf } from '../../../subjects/lifecycles.js';
import { task } from '../../../subjects/project/task_lifecycle.js';

type Dated = Pick<TaskRow, 'state' | 'kind'> & Partial<Pick<TaskRow, 'due_on' | 'planned_due_on'>>;

/** How many days ago a task was planned to be done; 0 unless it is late. */
export function daysLate({ state, kind, due_on, planned_due_on }: Dated, day: string): number {
  const planned = planned_due_on ?? due_on;
  if (kind === 'phase' || !planned || planned >= day || (state !== 'open' && state !== 'started')) return 0;
  return daysBetween(planned, day);
}

interface Held extends Dated {
  /** What it waits for. */
  document?: Holding | null;
}

/** A task's state as its badge: late, waiting for its reader, or as its lifecycle has it. */
export function taskBadge(row: Held, day: string, side: 'staff' | 'partner', { t }: I18n): Badge {
  const late = daysLate(row, day);
  if (late) return { label: t('{{count}} days late', { count: late }), tone: 'late' };
  const held = row.state === 'open' && row.document ? heldUpBy(row.document, side) : null;
  if (held) return { label: t(held), tone: 'waiting' };
  const { label, tone } = lifecycleOf(task.name).stateLabels[row.state] ?? { label: row.state, tone: 'quiet' };
  return { label: t(label), tone };
}

/** A document that a task waits for. */
interface Holding {
  type: string;
  state: string;
  signature_required: boolean;
}

/** What its reader, or the other side, is to do first. */
function heldUpBy({ type, state, signature_required }: Holding, side: 'staff' | 'partner'): string | null {
  const { stateLabels, actions } = typeNamed(type);
  const awaits = stateLabels[state]?.awaits;
  if (!awaits) return null;
  const signed = Object.values(actions).some(
    ({ signs, from }) => (signs === 'always' || (signs && signature_required)) && from?.includes(state),
  );
  if (awaits !== side) return side === 'staff' ? 'Waits for an answer' : null;
  return signed ? 'Needs your signature' : 'Needs your answer';
}
