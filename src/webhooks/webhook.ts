import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { addJob } from '../db/jobs.js';
import { Invalid, NotFound } from '../errors.js';
import type { Authority } from '../people/banking/bank_accounts.js';
import { changingWebhooks, showingWebhook } from './changing_webhooks.js';
import { newSecret, showSecret } from './signing_secret.js';
import { waitingFrom } from './replay.js';

/** What is typed of a webhook. */
export interface WebhookFields {
  url: string;
  events: string[];
}

/** So many an organization has at once: each costs a request for each event. */
const MOST = 5;

const hostOf = (url: string) => new URL(url).host;

/** Adds a webhook with a secret of its own, and returns its id. @throws NotAllowed; Invalid if there are enough */
export async function addWebhook(
  db: Knex,
  secrets: readonly string[],
  authority: Authority,
  fields: WebhookFields,
): Promise<string> {
  const webhook_id = newId();
  await changingWebhooks(db, authority, async (db, { organization_id, person_id }) => {
    const urls: string[] = await db('webhooks').where({ organization_id }).limit(MOST).pluck('url');
    if (urls.length >= MOST) throw new Invalid({ form: 'Remove a webhook before you add another.' });
    if (urls.includes(fields.url)) throw new Invalid({ url: 'There is a webhook to this address already.' });
    await db('webhooks').insert({ organization_id, id: webhook_id, created_by: person_id, ...fields });
    const key = { organization_id, webhook_id };
    await db('webhook_secrets').insert({ ...key, sealed: newSecret(secrets, key) });
    return { action: 'add_webhook', host: hostOf(fields.url) };
  });
  return webhook_id;
}

/** Changes where it leads and what it tells of. @throws NotAllowed, NotFound */
export const changeWebhook = (db: Knex, authority: Authority, id: string, fields: WebhookFields): Promise<void> =>
  changingWebhooks(db, authority, async (db, { organization_id }) => {
    await requireWebhook(db, organization_id, id);
    await db('webhooks').where({ organization_id, id }).update(fields);
    return { action: 'change_webhook', host: hostOf(fields.url) };
  });

/** Sends nothing until it is resumed: what happens meanwhile isn't told. @throws NotAllowed, NotFound */
export const pauseWebhook = (db: Knex, authority: Authority, id: string): Promise<void> =>
  changingWebhooks(db, authority, async (db, { organization_id }) => {
    const url = await requireWebhook(db, organization_id, id);
    await db('webhooks').where({ organization_id, id }).update({ state: 'paused' });
    return { action: 'pause_webhook', host: hostOf(url) };
  });

/** Sends again, also what was waiting when it was paused or turned off. @throws NotAllowed, NotFound */
export const resumeWebhook = (db: Knex, authority: Authority, id: string): Promise<void> =>
  changingWebhooks(db, authority, async (db, { organization_id }) => {
    const url = await requireWebhook(db, organization_id, id);
    await db('webhooks').where({ organization_id, id }).update({ state: 'on', failing_since: null });
    await addJob(db, 'replay_webhook', { organization_id, webhook_id: id, ...waitingFrom(new Date()) });
    return { action: 'resume_webhook', host: hostOf(url) };
  });

/** Another secret takes its place; for a day, the one before signs as well. @throws NotAllowed, NotFound */
export const rotateSecret = (
  db: Knex,
  secrets: readonly string[],
  authority: Authority,
  webhook_id: string,
): Promise<void> =>
  changingWebhooks(db, authority, async (db, { organization_id }) => {
    const url = await requireWebhook(db, organization_id, webhook_id);
    const key = { organization_id, webhook_id };
    await db('webhook_secrets')
      .where(key)
      .update({
        ...{ old_sealed: db.ref('sealed'), old_until: db.raw(`app_now() + interval '1 day'`) },
        ...{ sealed: newSecret(secrets, key), shown_at: null },
      });
    return { action: 'rotate_webhook', host: hostOf(url) };
  });

/** Removes it with all that it was sent. @throws NotAllowed, NotFound */
export const removeWebhook = (db: Knex, authority: Authority, id: string): Promise<void> =>
  changingWebhooks(db, authority, async (db, { organization_id }) => {
    const url = await requireWebhook(db, organization_id, id);
    await db('webhooks').where({ organization_id, id }).delete();
    return { action: 'remove_webhook', host: hostOf(url) };
  });

/** Its secret, the first time that somebody asks; null from then on. @throws NotAllowed, NotFound */
export const showWebhookSecret = (
  db: Knex,
  secrets: readonly string[],
  authority: Authority,
  webhook_id: string,
): Promise<string | null> =>
  showingWebhook(db, authority, async (db, organization_id) => {
    const url = await requireWebhook(db, organization_id, webhook_id);
    return { shown: await showSecret(db, secrets, { organization_id, webhook_id }), host: hostOf(url) };
  });

/** Where it leads. @throws NotFound */
async function requireWebhook(db: Knex.Transaction, organization_id: string, id: string): Promise<string> {
  const found: { url: string } | undefined = await db('webhooks').where({ organization_id, id }).first('url');
  if (!found) throw new NotFound();
  return found.url;
}
