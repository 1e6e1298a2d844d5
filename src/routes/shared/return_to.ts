import { shownAddress } from '../../input/email_address.js';

/** Returns the path if it is on our own site, else '/'. Prevents open redirects such as CVE-2024-29041. */
export function ownPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > 500 || !/^\/(?![/\\])[\w\-./?=&%~+:@,]*$/.test(given)) return '/';
  const base = 'http://own.invalid';
  const parsed = URL.canParse(given, base) ? new URL(given, base) : null;
  return parsed?.origin === base ? given : '/';
}

/** Masks an address as 'm•••@maple.example': its owner recognizes it, but nobody else learns it. */
export const masked = (email: string) => shownAddress(email).replace(/^(.).*@/, '$1•••@');
