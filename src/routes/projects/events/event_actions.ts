import type { Span } from '../../../calendar/series.js';
import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { today } from '../../../pages/days.js';
import type { ActionButton, Field } from '../../../pages/views/components.js';
import { type EventRow, eventSubject } from '../../../projects/events/event.js';
import { plainActions } from '../../acts/plain_actions.js';
import type { FormState } from '../../shared/form.js';

interface Context {
  actor: Actor;
  /** Of its page. */
  url: string;
  i18n: I18n;
  form: FormState | null;
  /** The action whose form the address opens. */
  opened: string | null;
  /** The time of a series that its page is about; null: all of it. */
  one: OneTime | null;
}

interface OneTime extends Span {
  /** Its day in the series. */
  on: string;
  canceled: boolean;
}

/** What is done to one time of a series. */
const OF_ONE: ReadonlySet<string> = new Set(['accept', 'tentative', 'decline', 'propose', 'move', 'cancel_event']);
const OF_PROPOSAL: ReadonlySet<string> = new Set(['take_time', 'keep_time']);

/** Whether an action is offered where a page is about one time of a series. */
const concerns = (name: string, { proposed_on }: EventRow, one: OneTime | null): boolean =>
  !one || (!one.canceled && (OF_ONE.has(name) || (OF_PROPOSAL.has(name) && proposed_on === one.on)));

/** What this reader can do now with an event, each as its button. What they have answered is not offered again. */
export function eventActions(row: EventRow, answered: string | null, context: Context): ActionButton[] {
  const { actor, one } = context;
  const values = timesOf(one ?? row, row.whole_day);
  return plainActions(eventSubject(row), { ...context, day: today(actor), values })
    .filter(({ name }) => name !== answered && concerns(name, row, one))
    .map((button) => (one ? ofOne(button, one, context) : button));
}

/** With how much of the series it is about. */
function ofOne(button: ActionButton, { on }: OneTime, context: Context): ActionButton {
  const fields = [...partFields(button.name, context), ...button.fields];
  const href = button.needs_code && button.href ? `${button.href}${encodeURIComponent(`&on=${on}`)}` : button.href;
  return { ...button, fields, href, hidden: { on }, unfolds: fields.length > 0 };
}

/** How much of a series moves or is canceled. */
function partFields(name: string, { i18n: { t }, ...context }: Context): Field[] {
  if (name !== 'move' && name !== 'cancel_event') return [];
  const form = context.form?.action === name ? context.form : null;
  const moves = name === 'move';
  const kept = t('Those that were changed alone stay so while the series still has their day.');
  const typed = form?.input['which'];
  return [
    {
      ...{ name: 'which', kind: 'radio', label: t('Which'), required: true, error: form?.errors['which'] ?? null },
      value: typeof typed === 'string' ? typed : 'one',
      choices: [
        { value: 'one', label: t('Only this one') },
        {
          value: 'after',
          label: t('This one and all after'),
          hint: moves ? t('They go on as a series of their own.') : null,
        },
        { value: 'all', label: t('All of them'), hint: moves ? kept : null },
      ],
    },
  ];
}

/** When it is now stands in the fields of a move. */
const timesOf = ({ starts_at, ends_at }: Span, whole_day: boolean) => ({
  ...{ starts_on: starts_at.slice(0, 10), starts_time: whole_day ? null : starts_at.slice(11) },
  ...{ ends_on: ends_at.slice(0, 10), ends_time: whole_day ? null : ends_at.slice(11) },
});
