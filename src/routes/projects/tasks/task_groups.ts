import type { I18n } from '../../../documents/queries/sheet.js';
import type { ListedTask } from './task_queries.js';
import { counts, taskLine, type TaskLine, type TaskReader } from './task_rows.js';

/** The tasks of a phase, or those of none. */
export interface TaskGroup {
  /** The id of its phase; null: none. */
  id: string | null;
  number: string | null;
  title: string | null;
  url: string | null;
  /** "2 of 4 done"; null where it goes on from the page before. */
  progress: string | null;
  /** Nothing in it is to be done any more: it is folded. */
  finished: boolean;
  lines: TaskLine[];
  /** What is done, behind a fold. */
  done: TaskLine[];
}

/** The rows of a page by phase, in their order. `fold`: what is done stands behind the rest. */
export function taskGroups(rows: readonly ListedTask[], reader: TaskReader, fold: boolean): TaskGroup[] {
  const groups: TaskGroup[] = [];
  const folded = new Set<string>();
  for (const row of rows) {
    if (row.kind === 'phase') {
      groups.push(phaseGroup(row, reader));
      continue;
    }
    const group = groupFor(row, groups, reader);
    const line = taskLine(row, reader);
    const behind = fold && ((row.parent_id && folded.has(row.parent_id)) || isDone(row, line));
    if (behind) folded.add(row.id);
    (behind ? group.done : group.lines).push(line);
  }
  return groups;
}

/** What was just done stays in its place, with its Undo; a step stays with its task. */
const isDone = ({ kind, state }: ListedTask, { undo }: TaskLine) => kind === 'task' && state === 'done' && !undo;

function phaseGroup({ id, number, title, children, children_done }: ListedTask, reader: TaskReader): TaskGroup {
  return {
    ...{ id, number, title, url: `/${reader.slug}/tasks/${number}`, lines: [], done: [] },
    progress: children ? progressOf(children_done, children, reader.i18n) : null,
    finished: children > 0 && children_done === children,
  };
}

const progressOf = (done: number, all: number, { t }: I18n) => t('{{done}} of {{all}} done', counts(done, all));

/** The group that is open, or else another: of a phase that began on the page before, or of none. */
function groupFor({ phase }: ListedTask, groups: TaskGroup[], { slug }: TaskReader): TaskGroup {
  const last = groups.at(-1);
  if (last && last.id === (phase?.id ?? null)) return last;
  const group = {
    ...{ id: phase?.id ?? null, number: phase?.number ?? null, title: phase?.title ?? null },
    url: phase ? `/${slug}/tasks/${phase.number}` : null,
    ...{ progress: null, finished: false, lines: [], done: [] },
  };
  groups.push(group);
  return group;
}
