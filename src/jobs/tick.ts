import type { Knex } from 'knex';
import { act } from '../act.js';
import { type Actor, systemActor, withActor } from '../db/scope.js';
import { FACTS } from '../documents/content/document.js';
import { HttpError } from '../errors.js';
import type { SubjectFacts } from '../subjects/may.js';
import { type Check, type NextCheck, settleChecks, takeChecks } from './document_checks.js';
import { isPaymentReminder, remindOfPayments } from './accounts/payment_reminders.js';
import { dueNow, isScheduled, nextCheck, tomorrow } from './schedule.js';

/** Documents that are looked at in one go. */
const BATCH = 500;
/** Of which so many of an organization are acted on: the rest waits until the others had their turn. */
const ACTS_EACH = 50;
const HOUR_MS = 3_600_000;

/**
 * Does the scheduled actions that are due: reminders in the morning, expiry once the last day has ended in the
 * organization's time zone. Each once, since `act` checks again whether it is due. `now` is for demo and tests.
 * @throws AggregateError of what failed; those are tried again in an hour
 */
export async function tick(db: Knex, now = new Date()): Promise<void> {
  const errors: unknown[] = [];
  for (let more = true; more;) more = await tickOnce(db, errors, now);
  throwAll(errors);
}

/** @throws AggregateError, if there are any */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} documents could not be acted on in time.`);
}

/** One batch. Returns whether more is waiting. */
export async function tickOnce(db: Knex, errors: unknown[], now = new Date()): Promise<boolean> {
  const checks = await takeChecks(db, now, BATCH);
  const ever = checks.filter(isScheduled);
  const next: NextCheck[] = checks.filter((check) => !isScheduled(check)).map((check) => ({ ...check, at: null }));
  for (const organization_id of new Set(ever.map((check) => check.organization_id))) {
    const own = ever.filter((check) => check.organization_id === organization_id);
    next.push(...(await checkOrganization(db, organization_id, own, now, errors)));
  }
  await settleChecks(db, now, next);
  return checks.length === BATCH || next.some(({ at }) => at !== null && at <= now);
}

/** Looks at documents of one organization and acts on what is due. What fails doesn't keep the others from it. */
async function checkOrganization(
  db: Knex,
  organization_id: string,
  checks: readonly Check[],
  now: Date,
  errors: unknown[],
): Promise<NextCheck[]> {
  const tryLater = (error: unknown) => {
    errors.push(error);
    return new Date(now.getTime() + HOUR_MS);
  };
  try {
    const { actor, documents } = await readDocuments(db, organization_id, checks, now);
    const next: NextCheck[] = [];
    let acts = 0;
    for (const check of checks) {
      const document = documents.get(check.document_id);
      const due = document && dueNow(document, actor, now);
      let at = document ? nextCheck(document, actor, now) : null;
      if (due) at = ++acts > ACTS_EACH ? now : await actOnce(db, actor, document, due).catch(tryLater);
      next.push({ ...check, at });
    }
    return next;
  } catch (error) {
    const at = tryLater(error);
    return checks.map((check) => ({ ...check, at }));
  }
}

/** Returns when to look again: the act itself changed what is due. */
async function actOnce(db: Knex, actor: Actor, { id, type, partner_id }: Found, action: string): Promise<Date> {
  if (partner_id && isPaymentReminder(type, action)) await remindOfPayments(db, actor, partner_id, id);
  else
    await act(db, actor, id, action).catch((error: unknown) => {
      if (!(error instanceof HttpError)) throw error; // someone acted on it in the meantime
    });
  return tomorrow(actor);
}

type Found = SubjectFacts & { id: string; partner_id: string | null };

const FIELDS = [
  'id',
  'type',
  'number',
  'state',
  'partner_id',
  'started_by',
  'due_on',
  'promised_on',
  'disputed_on',
  'partial_payments',
  'signature_required',
  'reference_required',
].map((name) => `d.${name}`);

async function readDocuments(db: Knex, organization_id: string, checks: readonly Check[], now: Date) {
  const system = systemActor(organization_id, null, now);
  const ids = checks.map(({ document_id }) => document_id);
  const [organization, rows] = await withActor(db, system, (db) =>
    Promise.all([
      db('organizations').where({ id: organization_id }).first<{ time_zone: string }>('time_zone'),
      db('documents as d')
        .where('d.organization_id', organization_id)
        .whereRaw('d.id = any(?)', [ids])
        .select<Found[]>(...FIELDS, db.raw(FACTS)),
    ]),
  );
  const documents = new Map(rows.map((document) => [document.id, document]));
  return { actor: { ...system, time_zone: organization.time_zone }, documents };
}
