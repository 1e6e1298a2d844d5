import { addDays } from '../../../pages/days.js';
import { type Place, arrowsBetween } from '../../../projects/schedule/arrows.js';
import { barOf, bracketOf, edgesOf } from '../../../projects/schedule/bar_shapes.js';
import { type Scale, scaleFor, touches, type Window } from '../../../projects/schedule/scale.js';
import {
  byPhase,
  type Dependency,
  drawnSpan,
  isOver,
  type Phase,
  type ScheduledTask,
  spanOf,
} from '../../../projects/schedule/scheduled_task.js';
import { choiceOf } from './move_form.js';
import { backdrop, type ChartReader, type ChartRow, type ChartText, fitted, HEAD, noteOf, widthOf } from './chart.js';

const LABELS = 224;
const ROW = 32;
const TOP = HEAD + 8;

type Line = { phase: ScheduledTask; tasks: ScheduledTask[] } | { task: ScheduledTask };

/** The chart of a large screen and of paper: a line for each phase and task; a phase that is done is one line. */
export function wideChart(
  tasks: readonly ScheduledTask[],
  waits: readonly Dependency[],
  window: Window,
  whole: boolean,
  reader: ChartReader,
) {
  const scale = scaleFor(window, LABELS, reader.width);
  const lines = byPhase(tasks).flatMap((phase) => linesOf(phase, whole ? null : window, reader.today));
  const places = new Map<string, Place>();
  const rows = lines.map((line, n): ChartRow => {
    const top = TOP + n * ROW;
    return 'phase' in line ? phaseRow(line, scale, top, n, reader) : taskRow(line.task, scale, top, places, reader);
  });
  return {
    ...{ id: 'wide' as const, width: reader.width, height: TOP + rows.length * ROW + 8 },
    ...backdrop(scale, reader),
    ...{ rows, arrows: arrowsBetween(waits, places) },
  };
}

/** `window`: only what lies in it; null: all. */
function linesOf({ phase, tasks }: Phase, window: Window | null, today: string): Line[] {
  const shown = window ? tasks.filter((task) => isIn(task, window, today)) : tasks;
  if (!phase) return shown.map((task) => ({ task }));
  if (!shown.length) return window ? [] : [{ phase, tasks }];
  return tasks.every(isOver) ? [{ phase, tasks }] : [{ phase, tasks }, ...shown.map((task) => ({ task }))];
}

function isIn(task: ScheduledTask, window: Window, today: string): boolean {
  const span = drawnSpan(task, today);
  return span !== null && touches(window, span);
}

function phaseRow(
  { phase, tasks }: { phase: ScheduledTask; tasks: ScheduledTask[] },
  scale: Scale,
  top: number,
  n: number,
  { i18n: { t } }: ChartReader,
): ChartRow {
  const name = { x: 0, y: top + 20.5, text: fitted(phase.title, 13, LABELS), class: 'gantt-phase-name', ends: false };
  const text = tasks.length && tasks.every(isOver) ? `✓ ${t('Done, {{count}} tasks', { count: tasks.length })}` : '';
  const ends = tasks.map((task) => edgesOf(task, scale)?.end ?? scale.left);
  const note = { ...besideBar(text, 0, Math.max(scale.left, ...ends), scale), y: top + 20, class: 'gantt-note' };
  return {
    line: n ? { y: top, strong: true } : null,
    texts: text ? [name, note] : [name],
    strokes: bracketOf(tasks, scale, top + 20),
    move: null,
  };
}

function taskRow(
  task: ScheduledTask,
  scale: Scale,
  top: number,
  places: Map<string, Place>,
  reader: ChartReader,
): ChartRow {
  const edges = edgesOf(task, scale);
  if (edges) places.set(task.id, { ...edges, middle: top + 16 });
  const name = { x: 14, y: top + 20.5, text: fitted(task.title, 13, LABELS - 22), class: 'gantt-name', ends: false };
  const note = noteOf(task, reader.today, reader.i18n);
  const texts: ChartText[] = [name];
  if (note && edges)
    texts.push({ ...besideBar(note.text, edges.start, edges.end, scale), y: top + 20, class: note.class });
  return {
    ...{ line: { y: top, strong: false }, texts },
    strokes: barOf(task, scale, top + 9.5, reader.today),
    move: reader.moves ? movable(task, scale, top) : null,
  };
}

/** To the left of the bar, if there is room, or else to its right. */
function besideBar(text: string, start: number, end: number, scale: Scale) {
  const room = start - 10 - scale.left;
  return widthOf(text, 12) < room ? { x: start - 8, text, ends: true } : { x: end + 8, text, ends: false };
}

function movable(task: ScheduledTask, scale: Scale, top: number) {
  const [span, edges] = [spanOf(task), edgesOf(task, scale)];
  if (!span || !edges || isOver(task)) return null;
  return {
    ...{ number: choiceOf(task.number, span), title: task.title, starts_on: span.from, due_on: span.to },
    ...{ x: edges.start, y: top + 4, width: Math.max(edges.end - edges.start, 8) },
    day: Math.round((scale.x(addDays(scale.from, 7)) - scale.left) * 10) / 70,
  };
}
