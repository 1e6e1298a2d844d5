import type { Choice } from '../../../pages/views/components.js';
import { submittedText } from '../../../people/form_values.js';
import { isOver, type ScheduledTask, spanOf } from '../../../projects/schedule/scheduled_task.js';
import type { Errors } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import type { RequestContext } from '../../shared/request_context.js';

/** The form that moves a task, also by dragging its bar. */
export interface MoveForm {
  action: string;
  tasks: Choice[];
  /** As typed. */
  values: Record<'task' | 'starts_on' | 'due_on' | 'reason', string>;
  errors: Errors;
  /** What takes the dates as they are for the plan. */
  baseline_url: string;
  template_url: string;
}

const EMPTY = { task: '', starts_on: '', due_on: '', reason: '' };

/** A task with its dates as they are shown: whoever moves it is told if they aren't so any more. */
export const choiceOf = (number: string, span: ReturnType<typeof spanOf>): string =>
  span ? `${number} ${span.from}/${span.to}` : number;

/** Filled as it was typed. */
export function moveForm(ctx: RequestContext, url: string, tasks: readonly ScheduledTask[]): MoveForm {
  const { req, actor, membership } = ctx;
  const { format } = i18nOf(actor);
  const typed = submittedText(req.body);
  const chosen = tasks.find(({ number }) => number === typed['task']?.split(' ')[0]);
  const movable = tasks.filter((task) => task.kind === 'task' && !isOver(task));
  return {
    action: url,
    tasks: movable.map(({ number, title, ...task }) => {
      const span = spanOf(task);
      return {
        value: choiceOf(number, span),
        label: span ? `${title} (${format.dayAndMonth(span.from)} – ${format.dayAndMonth(span.to)})` : title,
      };
    }),
    values: { ...EMPTY, ...typed, task: chosen ? choiceOf(chosen.number, spanOf(chosen)) : '' },
    errors: {},
    baseline_url: url.replace(/schedule$/, 'set_baseline'),
    template_url: `/${membership.slug}/project-templates`,
  };
}
