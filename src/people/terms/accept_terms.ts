import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { actingAs, type Actor, systemActor, withActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { NotFound } from '../../errors.js';
import type { TermsKind } from './default_terms.js';
import type { Terms } from './terms.js';

/** A text with the paragraphs as its reader saw them. */
export interface ReadTerms {
  terms: Terms;
  paragraphs: readonly string[];
}

interface Reader {
  organization_id: string;
  person_id: string;
  remote_ip: string;
}

/** Keeps which texts somebody accepted, as they read them, in the caller's transaction. Returns what is new of that. */
export async function acceptTerms(
  db: Knex.Transaction,
  { organization_id, person_id, remote_ip }: Reader,
  read: readonly ReadTerms[],
): Promise<TermsKind[]> {
  const rows = read.map(({ terms: { kind, version }, paragraphs }) => {
    const text_sha256 = hashOf(paragraphs.join('\n\n'));
    return { organization_id, id: newId(), person_id, kind, version, text_sha256, remote_ip };
  });
  const added: { kind: TermsKind }[] = await db('terms_acceptances')
    .insert(rows)
    .onConflict(['organization_id', 'person_id', 'kind', 'version'])
    .ignore()
    .returning('kind');
  return added.map(({ kind }) => kind);
}

/** Accepts texts that have changed since somebody joined, once. */
export const acceptNewTerms = (db: Knex, actor: Actor, remote_ip: string, read: readonly ReadTerms[]): Promise<void> =>
  withActor(db, actor, async (db) => {
    const { organization_id, person_id, partner_id, name, now } = actor;
    if (!organization_id || !person_id) throw new NotFound();
    await actingAs(db, systemActor(organization_id, person_id, now), async () => {
      const kinds = await acceptTerms(db, { organization_id, person_id, remote_ip }, read);
      if (!kinds.length) return;
      const versions = read.map(({ terms: { kind, version } }) => [kind, String(version)]);
      const details = { name, person_id, ...Object.fromEntries(versions) };
      await record(db, actor, { action: 'accept_terms', partner_id, details, visible_to: 'staff' });
    });
  });
