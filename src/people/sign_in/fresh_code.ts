import { NotAllowed } from '../../errors.js';

/** For how long a typed code counts for risky steps. */
const FRESH_MS = 15 * 60_000;

/** When a code was last typed in a visitor's session; null: never. Who came by a link has no session. */
export type Proven = { code_typed_at: Date | null } | null;

/** Whether a code was typed in this session within the last minutes. */
export const isFresh = (proven: Proven, now = new Date()): boolean =>
  Boolean(proven?.code_typed_at && now.getTime() - proven.code_typed_at.getTime() < FRESH_MS);

/** For risky steps: being signed in is not enough. @throws NotAllowed, which leads to a code and back */
export function requireFreshCode(proven: Proven): void {
  if (!isFresh(proven))
    throw new NotAllowed('For your security, this needs a new code from your email.', { code: true });
}
