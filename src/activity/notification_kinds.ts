import { type SubjectAction, types } from '../document_types/index.js';
import { actionNamed, lifecycleOf } from '../subjects/lifecycles.js';
import { isAmong } from './named.js';

/** What people choose emails by. */
export const KINDS = [
  'response',
  'messages',
  'documents',
  'payments',
  'reminders',
  'projects',
  'views',
  'colleagues',
] as const;
export type Kind = (typeof KINDS)[number];

/** Of each action that notifies. A document that then awaits its reader becomes a `response`. */
const KIND_OF_ACTION: Readonly<Record<string, Kind>> = {
  comment: 'messages',
  notify: 'messages',
  ...kinds('views', 'view bounce complain undelivered'),
  remind: 'reminders',
  charge_late: 'reminders',
  expire: 'reminders',
  add_person: 'projects',
  ...kinds('projects', 'submit_week approve_week send_back_week ask_time approve_time question_time'),
  ...kinds('projects', 'add_file replace_file share_file remove_file add_log take_log tell_log take_mail share_mail'),
  ...kinds('projects', 'submit_hours approve_hours send_back_hours'),
  ...kinds('projects', 'assign move accept_date keep_date drop finish reopen confirm_date propose_date'),
  ...kinds('projects', 'begin wait tell_late lose'),
  ...kinds('projects', 'ask_meeting plan tentative take_time keep_time move change_event invite uninvite cancel_event'),
  remind_event: 'reminders',
  ...kinds(
    'payments',
    'record_payment reverse_payment promise dispute resolve_dispute processing failed receive receive_late',
  ),
  ...kinds('payments', 'apply_credit apply refund schedule use_credit move_payment take_back take_back_late'),
  ...kinds('payments', 'stop_charge agree_charging end_charging lose_charging'),
  ...kinds('payments', 'refunded refunded_late refund_failed chargeback chargeback_won'),
  ...kinds('documents', 'send revise forward void waive close cancel write_off extend award'),
  ...kinds('documents', 'accept accept_on_behalf request_changes decline acknowledge propose accept_changes'),
  ...kinds(
    'documents',
    'refuse_changes request submit resubmit reject withdraw ask_back approve approve_first send_back',
  ),
  ...kinds('documents', 'attach_invoice share replace remove'),
  ...kinds('documents', 'start change pause resume begin_pause end_pause end draft_period fail'),
  ...kinds('documents', 'ask_change ask_cancel withdraw_request decline_request'),
  ...kinds('reminders', 'remind_trial remind_end'),
  fresh_link: 'documents',
};

function kinds(kind: Kind, names: string): Record<string, Kind> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

/** Events that ask, owe or promise nothing. */
const OPTIONAL: ReadonlySet<string> = new Set([
  ...['comment', 'notify', 'view', 'bounce', 'complain', 'undelivered', 'share', 'replace', 'remove'],
]);

/** Whether an event's email is optional: its reader can unsubscribe, and a bounce or complaint suppresses it. */
export const isOptional = (action: string): boolean => OPTIONAL.has(action);

type ReaderSide = 'staff' | 'partner';

/** An event as its reader is told of it. */
export interface Told {
  /** Its subject's. */
  type: string;
  action: string;
  /** Whose side did it. */
  side: string;
  reader: ReaderSide;
  /** It names its reader. */
  named: boolean;
}

/** The kind that an event is of, for its reader. */
export function kindOf({ type, action, side, reader, named }: Told): Kind {
  const kind = KIND_OF_ACTION[action] ?? 'documents';
  if (kind !== 'documents') return kind;
  if (named) return 'messages';
  if (asks(type, action, reader)) return 'response';
  return side === reader ? 'colleagues' : kind;
}

/** Whether an action may ask something of the side that reads of it: its state then says whether it still does. */
export function asks(type: string, action: string, reader: ReaderSide): boolean {
  const { stateLabels } = lifecycleOf(type);
  const done = actionNamed(type, action);
  if (!done || isOptional(action)) return false;
  if (done.contentChange === 'propose') return reader === 'staff';
  return outcomesOf(done).some((state) => stateLabels[state]?.awaits === reader);
}

/** Where an action leads. What the other side does leaves open what was asked before; it asks nothing itself. */
function outcomesOf({ to, by, from = [] }: SubjectAction): readonly string[] {
  if (to !== undefined) return typeof to === 'string' ? [to] : Object.values(to);
  return by === 'system' || by === 'staff' ? from : [];
}

/** Whether an action names somebody, and it is this person. */
export const isNamed = (type: string, action: string, details: Record<string, unknown>, person_id: string): boolean =>
  actionNamed(type, action)?.summaryToNamed !== undefined && isAmong(details, person_id);

/**
 * Whether an email comes right away, whatever was chosen: an invoice, an order or a new version of one; a link that
 * was asked for; the receipt of what its reader did (`own`).
 */
export const isRequired = ({ type, action }: Pick<Told, 'type' | 'action'>, own: boolean): boolean =>
  own || action === 'fresh_link' || isFirm(type, action);

function isFirm(type: string, action: string): boolean {
  const { owes, billedBy, actions } = types.find(({ name }) => name === type) ?? {};
  const done = actions?.[action];
  return Boolean((owes ?? billedBy) && done?.freezes && done.attaches === 'pdf');
}

/** Whether an action has a kind; for the test that all that notify have one. */
export const hasKind = (action: string): boolean => Object.hasOwn(KIND_OF_ACTION, action);
