import type { Knex } from 'knex';

/** Who somebody is at a provider: `subject` stays the same when they change their address there. */
interface ProviderIdentity {
  issuer: string;
  subject: string;
}

/**
 * Binds a user to who they are at a provider when they first come from there. Returns false if they are bound to
 * another there, or another user is bound to this one: then somebody else got their address. As the user.
 */
export async function isBoundTo(
  db: Knex.Transaction,
  user_id: string,
  { issuer, subject }: ProviderIdentity,
): Promise<boolean> {
  await db('oidc_subjects').insert({ user_id, issuer, subject }).onConflict().ignore();
  const bound: { subject: string } | undefined = await db('oidc_subjects').where({ user_id, issuer }).first('subject');
  return bound?.subject === subject;
}
