import type { Knex } from 'knex';
import type { Act, OpenSubjects, Outcome } from '../../acting/context.js';
import { nextState } from '../../acting/permitted.js';
import { postComment, storeMessage } from '../../acting/post_comment.js';
import { event as lifecycle, type EventEffect } from '../../subjects/project/event_lifecycle.js';
import { type EventRow, eventSubject, findEvent } from './event.js';
import { answerEvent, remindOf } from './answer_event.js';
import { changeEvent, keepTime, moveEvent, proposeTime, takeTime } from './event_effects.js';
import { cancelEvent } from './cancel_event.js';
import { invite, uninvite } from './event_guests.js';

/** An act on an event. */
export interface EventAct extends Act {
  row: EventRow;
}

/** What an effect did: the columns that its event has from now on, what its activity says, and what follows. */
export interface EventChange extends Omit<Outcome, 'subject'> {
  columns?: Partial<EventRow>;
  /** Which of the states that the action can lead to; left out: that of all. */
  branch?: 'some';
  /** Done once the event is saved. */
  after?: (saved: EventRow) => Promise<void>;
}

type Effect = (db: Knex.Transaction, act: EventAct) => Promise<EventChange>;

const nothing = async (): Promise<EventChange> => ({});

/** What each `effect` of an event's actions changes. */
const EFFECTS: Record<EventEffect, Effect> = {
  comment: postComment,
  plan: nothing,
  'change event': changeEvent,
  move: moveEvent,
  cancel: cancelEvent,
  invite,
  uninvite,
  answer: answerEvent,
  propose: proposeTime,
  'take time': takeTime,
  'keep time': keepTime,
  remind: remindOf,
};

/** What acts change in an event. What one says of it is never stale: an answer says which invitation it is to. */
export const openEvent: OpenSubjects = async (db, actor, id) => {
  const { organization_id } = actor;
  if (!organization_id) return null;
  // A customer to whom a vendor's event is shown sees its row, but not the event itself.
  const [seen, row] = await Promise.all([
    db('subjects').where({ organization_id, id, kind: lifecycle.name }).first('id'),
    findEvent(db, organization_id, id),
  ]);
  if (!seen || !row) return null;
  return {
    subject: eventSubject(row),
    refuseStale: async () => {},
    perform: (act) => perform(db, { ...act, row }),
  };
};

async function perform(db: Knex.Transaction, act: EventAct): Promise<Outcome> {
  const { row, name } = act;
  const action = lifecycle.actions[name];
  const {
    columns,
    after,
    details,
    branch = 'all',
    ...outcome
  } = action?.effect ? await EFFECTS[action.effect](db, act) : {};
  const message_id = await storeMessage(db, act);
  const state = nextState(action ?? {}, branch) ?? row.state;
  const { organization_id, id } = row;
  const changes = { ...columns, ...(state === row.state ? {} : { state }) };
  if (Object.keys(changes).length)
    await db('events')
      .where({ organization_id, id })
      .update({ ...changes, changed_at: db.raw('app_now()') });
  const saved = (await findEvent(db, organization_id, id)) ?? row;
  await after?.(saved);
  const subject = eventSubject(saved);
  const visible = subject.partner_id ? outcome.visible_to : 'staff';
  return {
    ...outcome,
    ...(visible ? { visible_to: visible } : {}),
    subject,
    details: { ...NOT_KEPT, title: saved.title, ...details },
    comment_id: outcome.comment_id ?? message_id,
  };
}

/** Of what was typed: the event has it, and the message is a comment. */
const NOT_KEPT = Object.fromEntries(
  [
    ...['note', 'place', 'starts_on', 'starts_time', 'ends_on', 'ends_time', 'time_zone', 'repeats', 'every'],
    ...['on', 'which'],
  ].map((name) => [name, undefined]),
);
