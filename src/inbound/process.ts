import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { honouredSecrets } from '../db/secrets.js';
import { queueMailRoomReports } from '../mail/mail_room/queue_reports.js';
import { queueAutoReply } from './deciding/auto_reply.js';
import { decide, type ThreadMatch } from './deciding/decide.js';
import { because, type Decision, held, summary } from './deciding/decision.js';
import { impersonatedBy } from './deciding/impersonation.js';
import { findAnsweredEmail, organizationOfMail, threadByKey, threadOfEmail } from './deciding/thread.js';
import { projectByAddress } from './deciding/projects/project_address.js';
import { unreadable } from './deciding/unreadable.js';
import { type Delivery, type InboundContext, type ReadResult, storeAttachments } from './read_delivery.js';
import { type Decided, logReceived } from './delivery_log.js';
import type { ReadMail } from './reading/message.js';

/**
 * Decides about a delivery that was read: posted with the same function as a click, held, refused or ignored. Decision
 * and effects are one transaction; repeating it changes nothing.
 */
export async function processDelivery(
  context: InboundContext,
  delivery: Delivery,
  { mail, thread, refused }: ReadResult,
): Promise<void> {
  const files = mail && !mail.automatic ? await storeAttachments(mail, context.storage) : [];
  const decided = await withActor(context.db, systemActor(null), async (db) => {
    const pending = await db('inbound_deliveries').where({ id: delivery.id, state: 'pending' }).forUpdate().first('id');
    if (!pending) return null;
    const match = await findMatch(db, delivery, mail, thread, context);
    const decision = mail ? await decide(db, mail, match, files, context.config) : unreadable(refused);
    return storeDecision(db, delivery, mail, match, decision);
  });
  if (decided) logReceived(delivery, mail, decided);
}

/** Holds a delivery for staff that can't be processed. */
export async function giveUp(context: InboundContext, delivery: Delivery): Promise<void> {
  const decided = await withActor(context.db, systemActor(null), async (db) => {
    const thread = await threadByKey(db, delivery.recipient, context.config.mail_domain);
    const decision = held('unreadable', 'We could not read it. The original is kept as it came.');
    const project = thread ? null : await projectByAddress(db, delivery.recipient, context.config.mail_domain);
    const found = { thread, email: undefined, project };
    const organization_id = await organizationOf(db, delivery, null, found, context);
    return storeDecision(db, delivery, null, { ...found, organization_id }, decision);
  });
  logReceived(delivery, null, decided);
}

async function findMatch(
  db: Knex.Transaction,
  delivery: Delivery,
  mail: ReadMail | null,
  known: ReadResult['thread'],
  context: InboundContext,
): Promise<ThreadMatch> {
  const found = await findThread(db, delivery, mail, known, context);
  return { ...found, organization_id: await organizationOf(db, delivery, mail, found, context) };
}

const organizationOf = async (
  db: Knex.Transaction,
  { recipient }: Delivery,
  mail: ReadMail | null,
  { thread, email, project }: FoundThread,
  { config }: InboundContext,
): Promise<string | null> =>
  thread?.organization_id ??
  email?.organization_id ??
  project?.organization_id ??
  (await organizationOfMail(db, recipient, mail, config.mail_domain));

type FoundThread = Omit<ThreadMatch, 'organization_id'>;

async function findThread(
  db: Knex.Transaction,
  { recipient }: Delivery,
  mail: ReadMail | null,
  known: ReadResult['thread'],
  { secret, config }: InboundContext,
): Promise<FoundThread> {
  const { mail_domain } = config;
  const thread = known === undefined ? await threadByKey(db, recipient, mail_domain) : known;
  const project = thread ? null : await projectByAddress(db, recipient, mail_domain);
  if (!mail || (thread && !mail.bounce)) return { thread, email: undefined, project };
  const secrets = honouredSecrets(secret, config);
  const email = await findAnsweredEmail(db, recipient, mail, { secrets, mail_domain });
  // Who answers one of our emails by the project's address, such as its reader's colleague, writes to the project.
  const answered = mail.bounce || project ? null : await threadOfEmail(db, email);
  return { thread: thread ?? answered, email, project };
}

/** Stores the decision, and replies to the sender where that is appropriate. */
async function storeDecision(
  db: Knex.Transaction,
  { id, mail_from }: Delivery,
  mail: ReadMail | null,
  { thread, email, organization_id }: ThreadMatch,
  decision: Decision,
): Promise<Decided> {
  const final = organization_id ? decision : withoutOrganization(decision);
  const impersonates =
    final.state === 'held' && organization_id && mail?.from
      ? await impersonatedBy(db, organization_id, thread?.person_id ?? null, mail.from)
      : '';
  const [stored] = await db('inbound_deliveries')
    .where({ id, state: 'pending' })
    .update({
      ...storedSummary(mail, final.audience ?? thread?.audience),
      organization_id,
      impersonates,
      ...threadFields(thread),
      ...final,
    })
    .returning<{ created_at: Date }[]>('created_at');
  // An answer to what tells of the mail room tells of nothing, or machines could go on for ever.
  if (final.state === 'held' && organization_id && email?.kind !== 'mail_room')
    await queueMailRoomReports(db, organization_id);
  if (mail && organization_id) await queueAutoReply(db, { id, organization_id, code: final.code, mail_from }, mail);
  return { state: final.state, code: final.code, organization_id, came_at: stored?.created_at ?? null };
}

/** Staff can't read what partners write among themselves, here neither. */
const storedSummary = (mail: ReadMail | null, audience: Decision['audience']) =>
  mail && { ...summary(mail), ...(audience === 'partner' ? { subject: '', preview: '' } : {}) };

const threadFields = (thread: ThreadMatch['thread']) =>
  thread && { subject_id: thread.subject_id, person_id: thread.person_id, audience: thread.audience };

/** Without an organization there is no staff to decide, so nothing is held. */
const withoutOrganization = ({ state, code }: Decision): Decision => ({
  state: state === 'ignored' ? state : 'refused',
  code: state === 'ignored' ? code : 'nobody',
  ...because('It was sent to an address that is nobody’s.'),
});
