import type { Knex } from 'knex';
import { hashOf, randomToken } from '../../db/secrets.js';

const MINUTES = 10;

/** How often a code may be typed before the sign-in begins anew. */
const MAX_TRIES = 8;

/** A sign-in that waits for its second step. */
export interface SecondStep {
  user_id: string;
  way: string;
  return_to: string;
}

/** Opens a second step for a browser. Returns the secret for its cookie. As the user. */
export async function openSecondStep(db: Knex.Transaction, { user_id, way, return_to }: SecondStep): Promise<string> {
  const token = randomToken();
  const expires_at = db.raw('now() + make_interval(mins => ?)', [MINUTES]);
  await db('second_steps').insert({ token_hash: hashOf(token), user_id, way, return_to, expires_at });
  return token;
}

/** Lets a browser read and change its own second step. */
const show = (db: Knex.Transaction, token: string) =>
  db.raw(`select set_config('app.secrets', ?, true)`, [`{${hashOf(token)}}`]);

const openSteps = (db: Knex.Transaction, token: string) =>
  db('second_steps')
    .where({ token_hash: hashOf(token) })
    .where('expires_at', '>', db.fn.now())
    .where('tries', '<', MAX_TRIES);

/** Counts a try before its code is compared, so that guesses at the same time don't get around the limit. */
export async function trySecondStep(db: Knex.Transaction, token: string): Promise<SecondStep | null> {
  await show(db, token);
  const [step] = await openSteps(db, token)
    .update({ tries: db.raw('tries + 1') })
    .returning(['user_id', 'way', 'return_to']);
  return step ?? null;
}

/** Whether a browser's second step is still open. */
export const isSecondStepOpen = (db: Knex, token: string): Promise<boolean> =>
  db.transaction(async (db) => {
    await show(db, token);
    return Boolean(await openSteps(db, token).first('user_id'));
  });

/** Ends it: it leads to one session. */
export const endSecondStep = (db: Knex.Transaction, token: string) =>
  db('second_steps')
    .where({ token_hash: hashOf(token) })
    .delete();
