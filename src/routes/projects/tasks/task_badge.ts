import type { Translate } from '../../../pages/i18n.js';
import type { Badge } from '../../../pages/views/components.js';
import { lifecycleOf } from '../../../subjects/lifecycles.js';
import { task } from '../../../subjects/project/task_lifecycle.js';

/** A task's state as its badge. */
export function taskBadge(state: string, t: Translate): Badge {
  const { label, tone } = lifecycleOf(task.name).stateLabels[state] ?? { label: state, tone: 'quiet' };
  return { label: t(label), tone };
}
