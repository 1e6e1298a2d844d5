import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { today } from '../../../pages/days.js';
import type { ActionButton } from '../../../pages/views/components.js';
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
}

/** What this reader can do now with an event, each as its button. What they have answered is not offered again. */
export const eventActions = (row: EventRow, answered: string | null, context: Context): ActionButton[] =>
  plainActions(eventSubject(row), { ...context, day: today(context.actor), values: timesOf(row) }).filter(
    ({ name }) => name !== answered,
  );

/** When it is now stands in the fields of a move. */
const timesOf = ({ starts_at, ends_at, whole_day }: EventRow) => ({
  ...{ starts_on: starts_at.slice(0, 10), starts_time: whole_day ? null : starts_at.slice(11) },
  ...{ ends_on: ends_at.slice(0, 10), ends_time: whole_day ? null : ends_at.slice(11) },
});
