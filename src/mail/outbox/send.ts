import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { atMost, batched, inTurns } from '../../db/batches.js';
import { afterRequests } from '../../db/reading/requests_first.js';
import type { Jobs } from '../../db/jobs.js';
import { commitLater, queryPrepared, retry, systemActor, withActor } from '../../db/scope.js';
import { statusIn } from '../suppression/enhanced_status.js';
import { recordBounce } from '../suppression/suppression.js';
import { recordReport } from './delivery_report.js';
import { LOGGED, type LoggedEmail, logSent, logUnsent } from '../mail_log.js';
import { releaseFollowing } from './pace.js';
import { type Composer, prepare } from './prepare.js';
import type { MailContext } from './transport.js';

/** Messages in memory at a time, with their attachments: twice as many as are sent at a time. */
const BUILT = 8;

/** Emails prepared in one transaction, and results stored in one. */
const BATCH = 40;

interface Accepted {
  organization_id: string;
  id: string;
  response: string;
  /** Null if nobody answers to it. */
  text: string | null;
}

/**
 * What sends emails: several of an organization are looked at together, those of a thread one after the other. Each is
 * sent outside any transaction, if it should still be sent, and the server's response stored. After a crash in between
 * it is sent again with the same Message-ID. What it returns throws if the server can't be reached or responds 4xx, so
 * that the job is retried; on the `last` try the email fails.
 */
export function openOutbox(db: Knex, context: MailContext) {
  const [inTurn, oneOfFew] = [inTurns(), atMost(BUILT)];
  const organizationOf = ({ organization_id }: { organization_id: string }) => organization_id;
  const prepareOne = batched(BATCH, organizationOf, (jobs: Jobs['send_email'][]) => prepareAll(db, context, jobs));
  const storeAccepted = batched(BATCH, organizationOf, (accepted: Accepted[]) => storeAll(db, accepted));
  return ({ thread, ...job }: Jobs['send_email'], last = false): Promise<void> =>
    inTurn(thread ?? job.email_id, async () => {
      const compose = await prepareOne(job);
      if (!compose) return;
      const id = { organization_id: job.organization_id, id: job.email_id };
      try {
        const sent = await oneOfFew(async () => {
          await afterRequests();
          const { message, reply_key_id } = await compose();
          const { response } = await context.transport.send(message);
          return { response, text: reply_key_id && typeof message.text === 'string' ? message.text : null };
        });
        logSent(await storeAccepted({ ...id, ...sent }));
      } catch (error) {
        await storeFailure(db, id, error, last);
      }
    });
}

const prepareAll = (db: Knex, context: MailContext, jobs: Jobs['send_email'][]): Promise<(Composer | null)[]> => {
  const [organization_id = '', ids] = [jobs[0]?.organization_id, jobs.map(({ email_id }) => email_id)];
  return retry(() => withActor(db, systemActor(organization_id), (db) => prepare(db, context, organization_id, ids)));
};

// Only while it is queued: a bounce may have arrived first. Not asked of the rows that are looked for, or the planner
// would read all that is queued, which it takes for next to nothing.
const ACCEPT = `update emails e set
    state = case e.state when 'queued' then 'accepted' else e.state end,
    detail = case e.state when 'queued' then sent.response else e.detail end,
    accepted_at = case e.state when 'queued' then now() else e.accepted_at end, text = sent.text
  from unnest($2::uuid[], $3::text[], $4::text[]) as sent (id, response, text)
  where e.organization_id = $1 and e.id = sent.id returning ${LOGGED}`;

async function storeAll(db: Knex, accepted: Accepted[]): Promise<(LoggedEmail | undefined)[]> {
  const organization_id = accepted[0]?.organization_id ?? '';
  const [ids, responses] = [accepted.map(({ id }) => id), accepted.map(({ response }) => stored(response))];
  const texts = accepted.map(({ text }) => text && stored(text.replace(ADDRESSES, ''), MAX_TEXT));
  const [, , rows] = await retry(() =>
    withActor(db, systemActor(organization_id), (db) =>
      Promise.all([
        commitLater(db),
        releaseFollowing(db, organization_id, ids),
        queryPrepared<LoggedEmail>(db, ACCEPT, [organization_id, ids, responses, texts]),
      ]),
    ),
  );
  return ids.map((id) => rows.find((row) => row.id === id));
}

/** More is not quoted by anyone, or not found again. */
const MAX_TEXT = 50_000;

/** Left out of what is kept of an email: its links open pages. Reading doesn't compare them. */
const ADDRESSES = /https?:\/\/\S+/g;

/** PostgreSQL's text can't hold NUL, which another server may well send. */
const stored = (text: string, max = 500) => text.slice(0, max).replaceAll('\0', '');

async function storeFailure(
  db: Knex,
  { organization_id, id }: { organization_id: string; id: string },
  error: unknown,
  last: boolean,
): Promise<void> {
  const detail = detailOf(error);
  if (isAboutRecipient(error) && isPermanent(error)) {
    logUnsent('rejected', await updateQueued(db, organization_id, id, { detail }), error);
    return rejected(db, organization_id, id, detail);
  }
  logUnsent(last ? 'failed' : 'deferred', await updateQueued(db, organization_id, id, { detail }), error);
  if (!last) throw error;
  await failEmail(db, organization_id, id, isAboutRecipient(error));
}

const detailOf = (error: unknown) => stored(error instanceof Error ? error.message : String(error));

/** Whether the server rejected the recipient or the message; its greeting, login and MAIL FROM concern only us. */
const isAboutRecipient = (error: unknown) =>
  error instanceof Error &&
  'responseCode' in error &&
  'command' in error &&
  ['RCPT TO', 'DATA'].includes(String(error.command));

/** 5xx (RFC 5321 §4.2.1). */
const isPermanent = (error: unknown) =>
  error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 500;

/** Only while it is queued: a bounce may have arrived first. */
const updateQueued = (
  db: Knex,
  organization_id: string,
  id: string,
  fields: object,
): Promise<LoggedEmail | undefined> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const email = db('emails as e').where({ organization_id, id, state: 'queued' });
    const [updated] = await email.update(fields).returning<LoggedEmail[]>(db.raw(LOGGED));
    return updated;
  });

const rejected = (db: Knex, organization_id: string, id: string, detail: string) =>
  withActor(db, systemActor(organization_id), async (db) => {
    await releaseFollowing(db, organization_id, [id]);
    await recordReport(db, organization_id, id, { status: statusIn(detail), detail, action: 'failed', proven: true });
  });

/**
 * Marks an email as failed after five days of tries (RFC 5321 §4.5.4.1) or when its job died, and informs staff.
 * `answered`: the recipient's server kept responding 4xx, which counts as a soft bounce.
 */
export const failEmail = (db: Knex, organization_id: string, id: string, answered: boolean): Promise<void> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const [email] = await db('emails')
      .where({ organization_id, id, state: 'queued' })
      .update({ state: 'failed' })
      .returning(['subject_id', 'person_id', 'detail']);
    if (!email?.person_id) return;
    const person = await db('people').where({ organization_id, id: email.person_id }).first('name', 'partner_id');
    if (answered) await recordBounce(db, { organization_id, person_id: email.person_id, email_id: id }, 'soft');
    await record(db, systemActor(organization_id), {
      action: 'undelivered',
      subject_id: email.subject_id,
      partner_id: person.partner_id,
      details: { name: person.name, reason: email.detail, status: statusIn(email.detail), person_id: email.person_id },
      visible_to: 'staff',
    });
  });
