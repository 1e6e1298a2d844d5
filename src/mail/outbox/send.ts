import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { systemActor, withActor } from '../../db/scope.js';
import { statusIn } from '../suppression/enhanced_status.js';
import { recordBounce } from '../suppression/suppression.js';
import { recordReport } from './delivery_report.js';
import { prepare } from './prepare.js';
import type { MailContext } from './transport.js';

/**
 * Sends one email outside any transaction, if it should still be sent, and stores the server's response. After a crash
 * in between it is sent again with the same Message-ID.
 * @throws if the server can't be reached or responds 4xx, so that the job is retried; on the `last` try the email fails
 */
export async function sendEmail(
  db: Knex,
  context: MailContext,
  organization_id: string,
  email_id: string,
  last = false,
): Promise<void> {
  const compose = await withActor(db, systemActor(organization_id), (db) =>
    prepare(db, context, organization_id, email_id),
  );
  if (!compose) return;
  try {
    const { response } = await context.transport.send(await compose());
    const accepted = { state: 'accepted', detail: response.slice(0, 500), accepted_at: db.fn.now() };
    await updateQueued(db, organization_id, email_id, accepted);
  } catch (error) {
    const detail = detailOf(error);
    if (isAboutRecipient(error) && isPermanent(error)) return rejected(db, organization_id, email_id, detail);
    await updateQueued(db, organization_id, email_id, { detail });
    if (!last) throw error;
    await failEmail(db, organization_id, email_id, isAboutRecipient(error));
  }
}

const detailOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500);

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
const updateQueued = (db: Knex, organization_id: string, id: string, fields: object) =>
  withActor(db, systemActor(organization_id), (db) =>
    db('emails').where({ organization_id, id, state: 'queued' }).update(fields),
  );

const rejected = (db: Knex, organization_id: string, id: string, detail: string) =>
  withActor(db, systemActor(organization_id), (db) =>
    recordReport(db, organization_id, id, { status: statusIn(detail), detail, action: 'failed', proven: true }),
  );

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
