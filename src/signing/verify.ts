import type pg from 'pg';
import { pipeline } from '../db/scope.js';

/** What is known of a signed PDF by its bytes: who signed which version of what, for whom and when. */
export interface KnownKey {
  organization: string;
  type: string;
  number: string;
  title: string;
  version: number;
  content_sha256: string;
  name: string;
  email: string;
  signed_at: Date;
}

const TEXT = `select o.name as organization, s.type, s.number, s.title, s.version, s.content_sha256, s.name, s.email, s.signed_at
  from signatures s join organizations o on o.id = s.organization_id where s.pdf_sha256 = $1 order by s.id limit 20`;

/**
 * The signatures in the file with this SHA-256 (hex), if it is a signed PDF of ours to the last byte. The hash is the
 * secret that opens these rows, and no other.
 */
export async function signaturesIn(pool: pg.Pool, sha256: string): Promise<KnownKey[]> {
  const [, rows = []] = await pipeline(pool, [
    { name: 'secrets', text: `select set_config('app.secrets', $1, true)`, values: [`{${sha256}}`] },
    { name: 'check', text: TEXT, values: [sha256] },
  ]);
  return rows as unknown as KnownKey[];
}
