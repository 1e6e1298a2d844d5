import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { NotFound } from '../../errors.js';
import type { StoredFile } from '../../files/storage.js';
import { changingProfile, type LockedPartner } from './changing_profile.js';
import { tellOtherSide } from './tell_profile.js';

export const FILE_KINDS = ['w9', 'insurance', 'bank_statement', 'licence', 'other'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export const FILE_LABELS: Readonly<Record<FileKind, string>> = {
  w9: 'W-9',
  insurance: 'Certificate of insurance',
  bank_statement: 'Bank statement',
  licence: 'Business license',
  other: 'Other document',
};

export interface PartnerFileFields {
  kind: FileKind;
  /** ISO 8601; null: it doesn't expire. */
  valid_until: string | null;
  note: string;
}

/**
 * Adds a document to a partner's profile, perhaps in the place of another, which is kept; tells the other side.
 * @throws NotFound, NotAllowed
 */
export const addPartnerFile = (
  db: Knex,
  actor: Actor,
  partner_id: string,
  fields: PartnerFileFields,
  file: StoredFile,
  replaces: string | null,
): Promise<void> =>
  changingProfile(db, actor, partner_id, 'details', async (db, partner, actor) => {
    const { organization_id } = partner;
    const before = replaces ? await replaced(db, partner, replaces) : null;
    const row = { organization_id, id: newId(), partner_id, ...fields, ...file, added_by: actor.person_id };
    await send(db, db('partner_files').insert(row));
    const changes = [
      { field: fields.kind === 'other' ? 'other_file' : fields.kind, before: before?.name ?? null, after: file.name },
      ...(fields.valid_until
        ? [{ field: 'valid_until', before: before?.valid_until ?? null, after: fields.valid_until }]
        : []),
    ];
    const details = { name: partner.name, changes };
    const activity = await record(db, actor, { action: 'add_partner_file', partner_id, details, visible_to: 'staff' });
    await tellOtherSide(db, actor, activity);
  });

/** Marks the file that another takes the place of. @throws NotFound if there is none, or one took its place before */
async function replaced(
  db: Knex.Transaction,
  { organization_id, id: partner_id }: LockedPartner,
  id: string,
): Promise<{ name: string; valid_until: string | null }> {
  const [before] = await db('partner_files')
    .where({ organization_id, partner_id, id, replaced_at: null })
    .update({ replaced_at: db.raw('app_now()') })
    .returning(['name', 'valid_until']);
  if (!before) throw new NotFound();
  return before;
}
