import { NotAllowed } from '../../errors.js';

/** For how long a proof counts for risky steps. */
const FRESH_MS = 15 * 60_000;

/** Whether somebody proved who they are just now; null: never. */
export const isRecent = (at: Date | null | undefined, now = new Date()): boolean =>
  Boolean(at && now.getTime() - at.getTime() < FRESH_MS);

/** When a code was last typed in a visitor's session; null: never. Who came by a link has no session. */
export type Proven = { code_typed_at: Date | null } | null;

/** Whether a code was typed in this session within the last minutes. */
export const isFresh = (proven: Proven, now = new Date()): boolean => isRecent(proven?.code_typed_at, now);

/** For risky steps: being signed in is not enough. @throws NotAllowed, which leads to a code and back */
export function requireFreshCode(proven: Proven): void {
  if (!isFresh(proven))
    throw new NotAllowed('For your security, this needs a new code from your email.', { code: true });
}
