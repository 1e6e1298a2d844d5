import { z } from 'zod';
import type { Action } from '../../document_types/index.js';
import { id, shortText } from '../../input/fields.js';
import { loggedTime, ofWeek } from './time_actions.js';

/** What a vendor's people do with their time on its tasks: see projects/time/vendor_hours.ts. */
export type HoursEffect = 'log hours' | 'submit hours' | 'withdraw hours';

const hired = { by: 'partner', when: ({ hired }) => hired === true } as const satisfies Partial<Action>;
const decided = z.object({ week: ofWeek.shape.week, person: id, reason: shortText.optional() });
const WEEK = '{{from_on}} to {{until_on}}';

/** Time that a vendor's people log on their tasks. What staff decide on it follows from acts on the project. */
export const hoursActions = {
  log_hours: { ...hired, effect: 'log hours', asks: loggedTime, merges: true, summary: '{{actor}} logged time' },
  submit_hours: {
    ...hired,
    effect: 'submit hours',
    asks: ofWeek,
    notifies: 'staff',
    summary: `{{actor}} submitted {{hours}} hours: ${WEEK}`,
  },
  withdraw_hours: { ...hired, effect: 'withdraw hours', asks: ofWeek, summary: `{{actor}} withdrew the week ${WEEK}` },
  approve_hours: {
    by: 'system',
    asks: decided.extend({ hours: shortText, from_on: shortText, until_on: shortText, person_id: id }),
    notifies: 'named',
    summary: `{{actor}} approved {{hours}} hours: ${WEEK}`,
  },
  send_back_hours: {
    by: 'system',
    asks: decided.extend({ hours: shortText, from_on: shortText, until_on: shortText, person_id: id }),
    notifies: 'named',
    summary: `{{actor}} sent the week back: ${WEEK}`,
  },
} as const satisfies Record<string, Action<string, HoursEffect>>;
