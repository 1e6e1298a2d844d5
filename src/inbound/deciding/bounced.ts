import type { Knex } from 'knex';
import { recordReport } from '../../mail/outbox/delivery_report.js';
import type { Bounce } from '../reading/automated/bounce.js';
import type { Decision } from './decision.js';
import type { OwnEmail } from './thread.js';

const WORDS: Readonly<Record<string, string>> = {
  failed: 'A bounce; it is noted on the document.',
  delayed: 'A report that the message is late; the other server goes on trying.',
  complained: 'A complaint: its reader marked our message as spam.',
};

/**
 * A report counts only if it names an email of ours by one of its secrets: whoever merely knows an address can't have
 * it marked.
 */
export async function decideBounced(
  db: Knex.Transaction,
  bounce: Bounce,
  email: OwnEmail | undefined,
): Promise<Decision> {
  if (!email) return { state: 'ignored', code: 'bounce', reason: 'A bounce of a message that is not ours.' };
  const { status, action, diagnostic } = bounce;
  const code = diagnostic?.includes(status ?? '') ? null : status;
  const detail = [code, diagnostic].filter(Boolean).join(' ') || 'The other server gave no reason.';
  await recordReport(db, email.organization_id, email.id, { status, action, detail, proven: email.proven });
  const { organization_id, document_id, person_id } = email;
  return {
    state: 'ignored',
    code: 'bounce',
    reason: WORDS[action] ?? 'A report of a mail server.',
    organization_id,
    ...(document_id && person_id ? { document_id, person_id } : {}),
  };
}
