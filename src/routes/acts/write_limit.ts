import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';

/** More than anybody types: what writes so much would use up what its readers get by email. */
const MOST = 60;
const MINUTES = 10;

const comments = new RateLimiterMemory({ points: MOST, duration: MINUTES * 60 });

/** Counts a comment of somebody, whatever it is about. @throws Invalid once there are too many: only theirs must wait */
export async function limitWriting({ person_id, organization_id }: Actor): Promise<void> {
  try {
    await comments.consume(`${organization_id} ${person_id}`);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const minutes = Math.ceil(error.msBeforeNext / 60_000);
    throw new Invalid(
      { text: 'That is too many messages at once. Your text is kept: send it in {{minutes}} minutes.' },
      { minutes },
    );
  }
}
