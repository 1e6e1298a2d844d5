import { createHmac, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { NotFound } from '../errors.js';
import { reseal, seal, unsealWithAny } from '../db/secrets.js';

/** A webhook of an organization. */
export interface WebhookKey {
  organization_id: string;
  webhook_id: string;
}

/** As it is stored: what signs now, and what signs as well until a time. */
export interface SealedSecrets {
  sealed: Buffer;
  old_sealed: Buffer | null;
  old_until: Date | null;
}

const placeOf = ({ organization_id, webhook_id }: WebhookKey) => `webhook ${organization_id} ${webhook_id}`;

/** A new secret, sealed for its webhook. */
export const newSecret = (secrets: readonly string[], key: WebhookKey): Buffer =>
  seal(secrets[0] ?? '', placeOf(key), randomBytes(32));

/** As its receiver configures it. */
const written = (bytes: Buffer) => `whsec_${bytes.toString('base64')}`;

/** Shows a secret once: null if it was shown before. As the system. @throws NotFound if it can't be opened any more */
export async function showSecret(
  db: Knex.Transaction,
  secrets: readonly string[],
  key: WebhookKey,
): Promise<string | null> {
  const [row]: Pick<SealedSecrets, 'sealed'>[] = await db('webhook_secrets')
    .where({ ...key, shown_at: null })
    .update({ shown_at: db.raw('app_now()') })
    .returning('sealed');
  if (!row) return null;
  const bytes = unsealWithAny(secrets, placeOf(key), row.sealed);
  if (!bytes) throw new NotFound();
  return written(bytes);
}

/** The header `webhook-signature` of Standard Webhooks: a signature by each secret that counts; '' if none opens. */
export function signatures(
  secrets: readonly string[],
  key: WebhookKey,
  { sealed, old_sealed, old_until }: SealedSecrets,
  message: { id: string; timestamp: number; body: string },
): string {
  const old = old_sealed && old_until && old_until.getTime() > message.timestamp * 1000 ? [old_sealed] : [];
  const text = `${message.id}.${message.timestamp}.${message.body}`;
  return [sealed, ...old]
    .flatMap((one) => unsealWithAny(secrets, placeOf(key), one) ?? [])
    .map((bytes) => `v1,${createHmac('sha256', bytes).update(text).digest('base64')}`)
    .join(' ');
}

/**
 * Seals them under the first of these secrets. A webhook whose secret none of them opens gets another and is paused,
 * since its receiver has to learn that one: returns how many those are. As the organization's system.
 */
export async function resealWebhooks(
  db: Knex.Transaction,
  secrets: readonly string[],
  organization_id: string,
): Promise<number> {
  const rows: (WebhookKey & SealedSecrets)[] = await db('webhook_secrets').where({ organization_id });
  let lost = 0;
  for (const { webhook_id, sealed, old_sealed } of rows) {
    const key = { organization_id, webhook_id };
    const anew = reseal(secrets, placeOf(key), sealed);
    const old = old_sealed && reseal(secrets, placeOf(key), old_sealed);
    const row = anew ? { sealed: anew, old_sealed: old } : { ...FRESH, sealed: newSecret(secrets, key) };
    await db('webhook_secrets').where(key).update(row);
    if (anew) continue;
    await db('webhooks').where({ organization_id, id: webhook_id }).update({ state: 'paused' });
    lost++;
  }
  return lost;
}

const FRESH = { shown_at: null, old_sealed: null, old_until: null };
