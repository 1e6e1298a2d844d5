import { daysBetween } from '../../pages/days.js';

/** A task or a phase as its schedule draws it. Days ISO 8601. */
export interface ScheduledTask {
  id: string;
  number: string;
  kind: 'phase' | 'task' | 'step';
  parent_id: string | null;
  /** A decimal, as text. */
  position: string;
  title: string;
  state: string;
  starts_on: string | null;
  due_on: string | null;
  planned_starts_on: string | null;
  planned_due_on: string | null;
  milestone: boolean;
  /** Its reader's own. */
  yours: boolean;
  steps: number;
  steps_done: number;
  /** A document that it waits for. */
  document: { type: string; number: string | null; state: string } | null;
}

/** A task begins once another has ended. */
export interface Dependency {
  task_id: string;
  after_id: string;
}

/** The days that a task takes; null without any. */
export function spanOf({ starts_on, due_on }: Pick<ScheduledTask, 'starts_on' | 'due_on'>) {
  const [from, to] = [starts_on ?? due_on, due_on ?? starts_on];
  return from && to ? { from, to } : null;
}

export const isOver = ({ state }: Pick<ScheduledTask, 'state'>) => state === 'done';

/** How far a task is behind its plan. */
interface Lateness {
  /** Days since it was to be ready; 0 if that day is still to come. */
  days: number;
  /** The day by which it is expected now, if that is later than planned. */
  now: string | null;
}

/** Null for what is in time, done, or has no date. */
export function latenessOf(task: ScheduledTask, today: string): Lateness | null {
  if (isOver(task) || task.kind === 'phase' || !task.due_on) return null;
  const planned = task.planned_due_on ?? task.due_on;
  const days = Math.max(0, daysBetween(planned, today));
  const now = task.due_on > planned ? task.due_on : null;
  return days || now ? { days, now } : null;
}

/** The days over which a task is drawn: up to today, while it is late. */
export function drawnSpan(task: ScheduledTask, today: string) {
  const span = spanOf(task);
  const days = latenessOf(task, today)?.days ?? 0;
  return span && days > 0 && span.to < today ? { ...span, to: today } : span;
}

/** A phase with its tasks, or the tasks that are in none. */
export interface Phase {
  phase: ScheduledTask | null;
  tasks: ScheduledTask[];
}

/** Tasks by phase, in their order; those in no phase, or in one that isn't here, stand alone. */
export function byPhase(rows: readonly ScheduledTask[]): Phase[] {
  const phases = new Map(rows.filter(({ kind }) => kind === 'phase').map((phase) => [phase.id, [] as ScheduledTask[]]));
  for (const row of rows) phases.get(row.parent_id ?? '')?.push(row);
  return rows
    .filter(({ parent_id }) => !phases.has(parent_id ?? ''))
    .map((row) => ({
      phase: row.kind === 'phase' ? row : null,
      tasks: row.kind === 'phase' ? (phases.get(row.id) ?? []) : [row],
    }));
}
