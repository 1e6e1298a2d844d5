import { z } from 'zod';
import { type Actor, type Query, read } from '../../db/scope.js';
import { canonicalAddress } from '../../input/email_address.js';
import { textParam } from '../shared/params.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';
import { kindLabel } from './partner_view.js';

/** Who a new partner may be, as its form shows it. */
export interface SimilarPartner {
  url: string;
  name: string;
  kind_label: string;
  archived: boolean;
}

const Typed = z.object({ name: textParam, email: textParam, tax_number: textParam });

/** Those with such a name, the same address of theirs or of a contact, or the same tax number: five at most. */
export async function similarPartners(ctx: RequestContext, query: unknown): Promise<SimilarPartner[]> {
  const { db, actor, membership } = ctx;
  const { name, email, tax_number } = Typed.parse(query);
  const key = (name ?? '').trim().toLowerCase();
  if (key.length < 3 && !email && !tax_number) return [];
  const t = translatorOf(ctx);
  const typed = [
    key.length < 3 ? null : key,
    canonicalAddress(email ?? '') || null,
    tax_number?.trim() || null,
    beginnings(key),
  ];
  const [rows] = await read(db.pool, actor, similarTo(actor, typed));
  return rows.map(({ id, name, archived, ...kind }) => ({
    ...{ url: `/${membership.slug}/partners/${id}`, name, archived },
    kind_label: kindLabel(kind, t),
  }));
}

interface SimilarRow {
  id: string;
  name: string;
  is_customer: boolean;
  is_vendor: boolean;
  archived: boolean;
}

/** The words that a name begins with, one more each time: 'maple street' for 'maple street clinic'. */
function beginnings(name: string): string[] {
  const words = name.split(/\s+/).slice(0, 12);
  return words.map((_, n) => words.slice(0, n + 1).join(' ')).filter((one) => one.length > 3 && one !== name);
}

/** Each by an index. `name`: in small letters; one that begins with it, or with which it begins, is similar. */
const similarTo = ({ organization_id }: Actor, typed: (string | string[] | null)[]): Query<SimilarRow> => ({
  name: 'similar_partners',
  text: `select p.id, p.name, p.is_customer, p.is_vendor, p.archived_at is not null as archived
    from (select distinct id from (
      (select id from partners where organization_id = $1 and name_key >= $2 and name_key < $2 || '\u{10ffff}'
        order by name_key, id limit 3)
      union all
      (select id from partners where organization_id = $1 and name_key = any ($5) order by name_key, id limit 3)
      union all
      (select id from partners where organization_id = $1 and email = $3 and email <> '' limit 3)
      union all
      (select partner_id from people where organization_id = $1 and email = $3 and removed_at is null
        and partner_id is not null limit 3)
      union all
      (select id from partners where organization_id = $1 and tax_number = $4 and tax_number <> '' limit 3)) f (id)
      limit 5) f
    cross join lateral (select * from partners where organization_id = $1 and id = f.id limit 1) p
    order by p.name_key, p.id`,
  values: [organization_id, ...typed],
});
