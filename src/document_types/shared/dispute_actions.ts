import { z } from 'zod';
import { longText } from '../../input/fields.js';
import type { Action } from './lifecycle.js';

const owed = ['sent', 'partly_paid'] as const;

/** A customer doesn’t agree with what is charged, until staff have answered in words. */
export const disputeActions = {
  dispute: {
    by: 'partner',
    from: owed,
    when: ({ open, paying, disputed_on }) => open > 0 && !paying && disputed_on === null,
    effect: 'dispute',
    notifies: 'staff',
    asks: z.object({ reason: longText }),
    summary: '{{actor}} doesn’t agree with {{document}}',
    label: 'I don’t agree with this',
    explains: 'We’ll stop payment reminders for it until you have an answer.',
  },
  resolve_dispute: {
    by: 'staff',
    from: owed,
    when: ({ disputed_on }) => disputed_on !== null,
    effect: 'resolve dispute',
    notifies: 'partner',
    asks: z.object({ message: longText }),
    summary: '{{actor}} answered the objection to {{document}}',
    label: 'Answer the objection',
    explains: 'The customer gets your answer by email. Payment reminders go out again.',
  },
} satisfies Record<string, Action<'sent' | 'partly_paid'>>;
