import type { Knex } from 'knex';
import type pg from 'pg';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { actingAs, type Actor, pipeline, type Query, systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';
import { requireMay } from '../../subjects/may.js';
import { DEFAULT_TERMS, TERMS_KINDS, type TermsKind } from './default_terms.js';

/** The version of a text that counts now. Version 0, without a text: the default one. */
export interface Terms {
  kind: TermsKind;
  version: number;
  text: string | null;
  published_at: Date | null;
}

/** The texts of which somebody accepted an earlier version only, with the version that counts now. */
export type DueTerms = Partial<Record<TermsKind, number>>;

/** The texts as they are now of the organization that the transaction is in. */
export const latestTerms = (): Query<Terms> => ({
  name: 'latest_terms',
  text: `select k.kind, coalesce(v.version, 0) as version, v.text, v.published_at
    from (values ('terms'), ('privacy')) k (kind) left join lateral (
      select * from terms_versions t where t.organization_id = app_organization() and t.kind = k.kind
      order by t.version desc limit 1) v on true`,
});

/** An organization as it is named on a page that anybody may read. */
interface PublicOrganization {
  name: string;
  accent: string;
  email: string;
  address: string;
}

const ORGANIZATION = `select name, accent, email, address, set_config('app.organization', id::text, true)
  from organizations where slug = $1`;

/** The organization of a slug with its texts, for anybody, in one round trip; null if there is none. */
export async function publicTerms(
  pool: pg.Pool,
  slug: string,
): Promise<{ organization: PublicOrganization; terms: Terms[] } | null> {
  const [organizations, terms] = await pipeline(pool, [
    { name: 'public_organization', text: ORGANIZATION, values: [slug] },
    latestTerms(),
  ]);
  // oxlint-disable typescript/no-unsafe-type-assertion -- the columns of the queries
  const organization = organizations?.[0] as unknown as PublicOrganization | undefined;
  return organization ? { organization, terms: terms as unknown as Terms[] } : null;
}

/** A text's paragraphs, in the reader's language if it is the default one. */
export const paragraphsOf = ({ kind, text }: Terms, organization: string, t: Translate): string[] =>
  text === null
    ? DEFAULT_TERMS[kind].map((sentence) => t(sentence, { organization }))
    : text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim());

/** By how many contacts a version is the last that they accepted; the newest versions. */
export interface TermsStanding {
  kind: TermsKind;
  version: number;
  contacts: number;
}

export const termsStanding = ({ organization_id }: Actor): Query<TermsStanding> => ({
  name: 'terms_standing',
  text: `select kind, version, contacts from terms_standing where organization_id = $1 and contacts > 0
    order by version desc, kind limit 100`,
  values: [organization_id],
});

/** Versions of these texts, as a form carries those that its page shows. */
export const versionsOf = (versions: DueTerms): string =>
  TERMS_KINDS.filter((kind) => versions[kind] !== undefined)
    .map((kind) => `${kind}:${versions[kind]}`)
    .join(' ');

/** Publishes a new version of a text, unless it is the same as the last. @throws NotAllowed */
export const publishTerms = (db: Knex, actor: Actor, kind: TermsKind, text: string): Promise<void> =>
  withActor(db, actor, async (db) => {
    requireMay(actor, 'administration');
    const { organization_id, person_id, now } = actor;
    if (!organization_id) throw new NotFound();
    await actingAs(db, systemActor(organization_id, person_id, now), async () => {
      await db('organizations').where({ id: organization_id }).forUpdate().first('id');
      const last: { version: number; text: string } | undefined = await db('terms_versions')
        .where({ organization_id, kind })
        .orderBy('version', 'desc')
        .first('version', 'text');
      if (last?.text === text || (!last && !text)) return;
      if (!text) return;
      const version = (last?.version ?? 0) + 1;
      const row = { organization_id, id: newId(), kind, version, text, published_by: person_id };
      await db('terms_versions').insert(row);
      await record(db, actor, {
        action: `publish_${kind}`,
        details: { version: String(version) },
        visible_to: 'staff',
      });
    });
  });
