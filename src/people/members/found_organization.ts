import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import type { Identity } from '../identify.js';
import { type Organization, setUp } from '../organization.js';

/** Creates a further organization, with somebody who is in another as its owner. @throws Invalid if the slug is taken */
export async function foundOrganization(
  db: Knex,
  fields: Omit<Organization, 'id'>,
  owner: { name: string; email: string },
): Promise<void> {
  try {
    await setUp(db, fields, owner);
  } catch (error) {
    if (!(error instanceof Error && 'constraint' in error && error.constraint === 'organizations_slug_key'))
      throw error;
    throw new Invalid({ slug: 'This address is taken. Choose another.' });
  }
}

/** Whether somebody may found a further organization: the owner of one, or if it is `open`, anybody of a staff. */
export const mayFound = ({ memberships, assurance }: Identity, open: boolean): boolean =>
  assurance === 'verified' && memberships.some(({ partner_id, role }) => !partner_id && (open || role === 'owner'));
