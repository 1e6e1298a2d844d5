import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { actingAs, systemActor, withActor } from '../db/scope.js';
import { fingerprintOf } from '../db/secrets.js';
import { resealDkimKeys } from '../mail/deliverability/reseal_dkim.js';
import { endIssuedBefore, retireReplyKeys } from '../mail/links/end_secrets.js';
import { resealTotp } from '../people/credentials/reseal_totp.js';
import { resealStripeKeys } from '../payments/gateways/stripe/keys/stripe_keys.js';
import { endSignInsBefore } from '../people/sign_in/codes.js';
import { resealSigningKey } from '../signing/seal_keys.js';
import { resealWebhooks } from '../webhooks/signing_secret.js';

interface KnownSecret {
  fingerprint: string;
  since: Date;
  ended_at: Date | null;
}

/**
 * Notices that SECRET has changed. What was sealed is sealed anew under it; what was made under one that is no longer
 * honoured ends. Nothing else depends on it: sessions stay, and emails that are due get new links. Several processes may
 * start at once: they take turns, and the first does it all.
 */
export const adoptSecrets = (db: Knex, secrets: readonly string[], log: Logger): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    await db.raw(`select pg_advisory_xact_lock(hashtext('secrets'))`);
    const known: KnownSecret[] = await db('installation_secrets').where({ ended_at: null }).select();
    const [current = '', ...old] = secrets.map(fingerprintOf);
    const honoured = [current, ...old];
    const ended = known.filter(({ fingerprint }) => !honoured.includes(fingerprint));
    const isNew = !known.some(({ fingerprint }) => fingerprint === current);
    if (old.some((one) => known.length > 0 && !known.some(({ fingerprint }) => fingerprint === one)))
      log.warn('SECRET_OLD is no secret that was used here: check whether it is written right');
    if (isNew) await begin(db, current);
    if (isNew && known.length > 0) await resealAll(db, secrets, log);
    if (ended.length > 0) await end(db, honoured, ended, log);
  });

async function begin(db: Knex.Transaction, fingerprint: string): Promise<void> {
  const row = { fingerprint, since: db.fn.now(), ended_at: null };
  await db('installation_secrets').insert(row).onConflict('fingerprint').merge();
}

async function resealAll(db: Knex.Transaction, secrets: readonly string[], log: Logger): Promise<void> {
  const lost = await resealDkimKeys(db, secrets);
  if (lost.length > 0)
    log.warn(
      { lost },
      'DKIM keys can’t be opened with this SECRET: new ones are made, and mail is not signed until their DNS records are published (see Email delivery)',
    );
  const locked = await resealTotp(db, secrets);
  if (locked > 0)
    log.warn({ locked }, 'authenticator apps can’t be checked with this SECRET: their owners need a recovery code');
  await eachOrganization(db, async (id) => {
    await retireReplyKeys(db, id);
    if (await resealSigningKey(db, secrets, id))
      log.warn(
        { organization_id: id },
        'a signing key can’t be opened with this SECRET: a new one is made when it is needed',
      );
    if (await resealStripeKeys(db, secrets, id))
      log.warn(
        { organization_id: id },
        'the keys for Stripe can’t be opened with this SECRET: online payment is off until they are typed again',
      );
    const paused = await resealWebhooks(db, secrets, id);
    if (paused > 0)
      log.warn(
        { organization_id: id, paused },
        'secrets of webhooks can’t be opened with this SECRET: they have new ones and are paused',
      );
  });
}

async function end(db: Knex.Transaction, honoured: string[], ended: KnownSecret[], log: Logger): Promise<void> {
  const rows: KnownSecret[] = await db('installation_secrets').whereIn('fingerprint', honoured).select();
  const since = rows.map((row) => row.since).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? new Date();
  await eachOrganization(db, (id) => endIssuedBefore(db, id, since));
  await endSignInsBefore(db, since);
  const gone = ended.map(({ fingerprint }) => fingerprint);
  await db('installation_secrets').whereIn('fingerprint', gone).update({ ended_at: db.fn.now() });
  log.warn('links, reply addresses and codes of an earlier SECRET have ended');
}

async function eachOrganization(db: Knex.Transaction, work: (id: string) => Promise<unknown>): Promise<void> {
  const ids: string[] = await db('organizations').orderBy('id').pluck('id');
  for (const id of ids) await actingAs(db, systemActor(id), () => work(id));
}
