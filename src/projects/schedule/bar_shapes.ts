import { addDays } from '../../pages/days.js';
import type { Scale } from './scale.js';
import { isOver, latenessOf, type ScheduledTask, spanOf } from './scheduled_task.js';

/** One stroke of the drawing, with the class that gives its color. */
export interface Stroke {
  class: string;
  d: string;
}

const HEIGHT = 13;

/** A box from the start of one day to the end of another; nothing where that is beyond the chart. */
function box(scale: Scale, top: number, from: string, to: string, name: string): Stroke[] {
  const [left, right] = [scale.x(from) + 0.5, scale.x(addDays(to, 1)) - 0.5];
  if (right - left < 1) return [];
  return [{ class: name, d: `M${left} ${top}H${right}V${top + HEIGHT}H${left}Z` }];
}

/** What a task looks like, its bar beginning at `top`: done, planned, yours, beyond its date, and its first plan. */
export function barOf(task: ScheduledTask, scale: Scale, top: number, today: string): Stroke[] {
  const span = spanOf(task);
  if (!span) return [];
  if (task.milestone) return [...baseline(task, scale, top), ...diamond(task, scale, top, today)];
  if (isOver(task)) return [...baseline(task, scale, top), ...doneBar(scale, top, span.from, span.to)];
  const late = latenessOf(task, today);
  const planned = late && task.planned_due_on ? task.planned_due_on : span.to;
  const within = planned < span.to ? planned : span.to;
  const until = late && late.days > 0 && span.to < today ? today : span.to;
  return [
    ...baseline(task, scale, top),
    ...(within >= span.from ? box(scale, top, span.from, within, openClass(task)) : []),
    ...progress(task, scale, top),
    ...(until > within
      ? box(scale, top, within < span.from ? span.from : addDays(within, 1), until, 'gantt-late')
      : []),
  ];
}

const openClass = ({ yours, state }: ScheduledTask) =>
  yours ? 'gantt-yours' : state === 'started' ? 'gantt-started' : 'gantt-planned';

function doneBar(scale: Scale, top: number, from: string, to: string): Stroke[] {
  const bar = box(scale, top, from, to, 'gantt-done');
  const right = scale.x(addDays(to, 1));
  const room = right - scale.x(from) > 16;
  return bar.length && room ? [...bar, { class: 'gantt-check', d: `M${right - 14} ${top + 6.5}l3 3 5-6` }] : bar;
}

/** The part of its steps that are done. */
function progress(task: ScheduledTask, scale: Scale, top: number): Stroke[] {
  const span = spanOf(task);
  if (!span || !task.steps || !task.steps_done) return [];
  const [left, right] = [scale.x(span.from), scale.x(addDays(span.to, 1))];
  const end = left + ((right - left) * task.steps_done) / task.steps;
  return end - left < 1
    ? []
    : [{ class: 'gantt-done', d: `M${left + 0.5} ${top}H${end.toFixed(1)}V${top + HEIGHT}H${left + 0.5}Z` }];
}

/** A thin line below where it was planned first, if it has moved. */
function baseline(task: ScheduledTask, scale: Scale, top: number): Stroke[] {
  const planned = spanOf({ starts_on: task.planned_starts_on, due_on: task.planned_due_on });
  const span = spanOf(task);
  if (!planned || !span || (planned.from === span.from && planned.to === span.to)) return [];
  const [left, right] = [scale.x(planned.from), scale.x(addDays(planned.to, 1))];
  return right - left < 1 ? [] : [{ class: 'gantt-baseline', d: `M${left} ${top + HEIGHT + 4}H${right}` }];
}

function diamond(task: ScheduledTask, scale: Scale, top: number, today: string): Stroke[] {
  const x = milestoneX(task, scale);
  if (x === null) return [];
  const late = latenessOf(task, today) !== null && !isOver(task);
  const name = `gantt-milestone${late ? ' late' : ''}${task.yours && !isOver(task) ? ' yours' : ''}`;
  return [{ class: name, d: `M${x} ${top - 1.5}l8 8-8 8-8-8z` }];
}

/** The middle of its day; null beyond the chart. */
function milestoneX(task: ScheduledTask, scale: Scale): number | null {
  const day = spanOf(task)?.to;
  if (!day || day < scale.from || day > scale.to) return null;
  return Math.round((scale.x(day) + scale.x(addDays(day, 1))) * 5) / 10;
}

/** Where a task begins and ends across the chart; null beyond it. */
export function edgesOf(task: ScheduledTask, scale: Scale): { start: number; end: number } | null {
  const span = spanOf(task);
  if (!span || span.to < scale.from || span.from > scale.to) return null;
  if (!task.milestone) return { start: scale.x(span.from), end: scale.x(addDays(span.to, 1)) };
  const x = milestoneX(task, scale) ?? 0;
  return { start: x - 8, end: x + 8 };
}

/** A phase as a bracket over its tasks. */
export function bracketOf(tasks: readonly ScheduledTask[], scale: Scale, y: number): Stroke[] {
  const spans = tasks.map(spanOf).filter((span) => span !== null);
  const from = spans.map((span) => span.from).toSorted()[0];
  const to = spans
    .map((span) => span.to)
    .toSorted()
    .at(-1);
  if (!from || !to || to < scale.from || from > scale.to) return [];
  return [{ class: 'gantt-phase', d: `M${scale.x(from)} ${y}v-6H${scale.x(addDays(to, 1))}v6` }];
}
