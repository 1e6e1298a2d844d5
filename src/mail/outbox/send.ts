import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { systemActor, withActor } from '../../db/scope.js';
import { recordReport } from './delivery_report.js';
import type { MailContext } from './mail_context.js';
import { prepare } from './prepare.js';
import { statusIn } from '../suppression/enhanced_status.js';
import { recordBounce } from '../suppression/suppression.js';

/**
 * Sends one email: looks again whether it should still go, sends it outside any transaction, and notes what the
 * server said. A crash in between sends it once more, with the same Message-ID. @throws when the server could not be
 * reached or said "later" (4xx): the job tries again. On the `last` of its tries it has failed instead.
 */
export async function sendEmail(
  db: Knex,
  post: MailContext,
  organization_id: string,
  email_id: string,
  last = false,
): Promise<void> {
  const made = await withActor(db, systemActor(organization_id), (db) => prepare(db, post, organization_id, email_id));
  if (!made) return;
  try {
    const { response } = await post.transport.send(await made());
    await mark(db, organization_id, email_id, {
      state: 'accepted',
      detail: response.slice(0, 500),
      accepted_at: db.fn.now(),
    });
  } catch (error) {
    const detail = words(error);
    if (isAnswer(error) && isFinal(error)) return refused(db, organization_id, email_id, detail);
    await mark(db, organization_id, email_id, { detail });
    if (!last) throw error;
    await failEmail(db, organization_id, email_id, isAnswer(error));
  }
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500);

// What is said to a recipient or a message is about them. A server that refuses us (its greeting, a login, our
// sender) is ours to mend.
const isAnswer = (error: unknown) =>
  error instanceof Error &&
  'responseCode' in error &&
  'command' in error &&
  ['RCPT TO', 'DATA'].includes(String(error.command));

// RFC 5321 §4.2.1: 5xx is for good.
const isFinal = (error: unknown) =>
  error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 500;

// A report that it came back may have been quicker.
const mark = (db: Knex, organization_id: string, id: string, fields: object) =>
  withActor(db, systemActor(organization_id), (db) =>
    db('emails').where({ organization_id, id, state: 'queued' }).update(fields),
  );

const refused = (db: Knex, organization_id: string, id: string, detail: string) =>
  withActor(db, systemActor(organization_id), (db) =>
    recordReport(db, organization_id, id, { status: statusIn(detail), detail, action: 'failed', proven: true }),
  );

/**
 * It was tried for five days (RFC 5321 §4.5.4.1), or its job died: it has failed, and staff see why. `answered`:
 * their own server put us off all the time, which counts a little against the address.
 */
export const failEmail = (db: Knex, organization_id: string, id: string, answered: boolean): Promise<void> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const [email] = await db('emails')
      .where({ organization_id, id, state: 'queued' })
      .update({ state: 'failed' })
      .returning(['document_id', 'person_id', 'detail']);
    if (!email?.person_id) return;
    const person = await db('people').where({ organization_id, id: email.person_id }).first('name', 'partner_id');
    if (answered) await recordBounce(db, { organization_id, person_id: email.person_id, email_id: id }, 'soft');
    await record(db, systemActor(organization_id), {
      action: 'undelivered',
      document_id: email.document_id,
      partner_id: person.partner_id,
      details: { name: person.name, reason: email.detail, status: statusIn(email.detail), person_id: email.person_id },
      visible_to: 'staff',
    });
  });
