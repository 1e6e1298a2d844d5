import type { Request } from 'express';
import type { Knex } from 'knex';
import { takeRecoveryCode } from '../credentials/recovery_codes.js';
import { takeTotp } from '../credentials/totp.js';
import { NOBODY } from '../identify.js';
import { completeSignIn, type SigningBrowser } from '../sign_in/complete_sign_in.js';
import { actAsUser } from '../sign_in/members.js';
import { endSecondStep, type SecondStep, trySecondStep } from '../sign_in/second_steps.js';
import { logOfUser } from '../sign_in/security_log.js';
import { areCodesStopped, lockGuesses, recordWrongCode } from '../sign_in/wrong_codes.js';
import { CredentialStrategy } from './credential_strategy.js';

interface TypedStep extends SigningBrowser {
  /** The secret of the browser in which the first thing was proven. */
  second_step: string | null;
  code: string;
}

/**
 * Strategy `one-time-password`: the second step of a sign-in, by the code of an authenticator app or by a recovery
 * code. Recovery codes can't be guessed: they count also where too many wrong codes were typed.
 */
export const oneTimePassword = (db: Knex, secrets: readonly string[], credential: (req: Request) => TypedStep) =>
  new CredentialStrategy('one-time-password', async (req) => {
    const { second_step, code, ...browser } = credential(req);
    if (!second_step) return null;
    return db.transaction(async (db) => {
      const step = await trySecondStep(db, second_step);
      if (!step) return null;
      const address = await addressOf(db, step.user_id);
      await lockGuesses(db, address);
      await actAsUser(db, step.user_id);
      const stopped = await areCodesStopped(db, address, 'second_step');
      const way = await waySecond(db, secrets, step, code, stopped);
      if (!way) {
        if (!stopped) await recordWrongCode(db, { address, user_id: step.user_id }, browser, 'second_step');
        return null;
      }
      await endSecondStep(db, second_step);
      if (way === 'recovery')
        await logOfUser(db, step.user_id, { action: 'recovery_code_used', tell: { organization_id: null } }, browser);
      const info = await completeSignIn(db, { ...step, way: `${step.way}+${way}` }, browser);
      return { user: { ...NOBODY, user_id: step.user_id }, info };
    });
  });

const addressOf = async (db: Knex.Transaction, id: string): Promise<string> =>
  (await db('users').where({ id }).first<{ email: string }>('email')).email;

/** How the second step was taken; null if it was not. */
async function waySecond(
  db: Knex.Transaction,
  secrets: readonly string[],
  { user_id }: SecondStep,
  code: string,
  stopped: boolean,
): Promise<'totp' | 'recovery' | null> {
  if (!stopped && (await takeTotp(db, secrets, user_id, code))) return 'totp';
  return (await takeRecoveryCode(db, user_id, code)) ? 'recovery' : null;
}
