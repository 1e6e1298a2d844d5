import { barOf, edgesOf } from '../../../projects/schedule/bar_shapes.js';
import { type Scale, scaleFor, touches, type Window } from '../../../projects/schedule/scale.js';
import { drawnSpan, type ScheduledTask } from '../../../projects/schedule/scheduled_task.js';
import { backdrop, type ChartReader, type ChartRow, type ChartText, fitted, HEAD, noteOf, widthOf } from './chart.js';

const WIDTH = 346;
const ROW = 46;

/** The chart of a phone: the tasks of a few weeks, each with its name above its bar. */
export function narrowChart(tasks: readonly ScheduledTask[], window: Window, reader: ChartReader) {
  const scale = scaleFor(window, 0, WIDTH);
  const shown = tasks.filter((task) => {
    const span = task.kind === 'phase' ? null : drawnSpan(task, reader.today);
    return span !== null && touches(window, span);
  });
  const rows = shown.map((task, n): ChartRow => {
    const top = HEAD + n * ROW;
    const strokes = barOf(task, scale, top + 32.5, reader.today);
    return { line: null, texts: texts(task, scale, top + 24, reader), strokes, move: null };
  });
  return {
    ...{ id: 'narrow' as const, width: WIDTH, height: HEAD + Math.max(1, rows.length) * ROW + 16 },
    ...backdrop(scale, reader),
    ...{ rows, arrows: [] },
  };
}

/** Its name and what is to be said of it: from where its bar begins, or else up to the edge. */
function texts(task: ScheduledTask, scale: Scale, y: number, { today, i18n }: ChartReader): ChartText[] {
  const more = noteOf(task, today, i18n);
  const note_width = more ? widthOf(more.text, 12) + 8 : 0;
  const text = fitted(task.title, 13, WIDTH - note_width - 4);
  const start = edgesOf(task, scale)?.start ?? 0;
  const ends = start + widthOf(text, 13) + note_width > WIDTH;
  return [{ x: ends ? WIDTH : start, y, text, class: 'gantt-name', ends, more }];
}
