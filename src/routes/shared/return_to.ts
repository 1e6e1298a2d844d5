/**
 * A path of our own to go on to, or '/': never another host, whatever was typed or forged (CVE-2024-29041 and its
 * kin).
 */
export function ownPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > 500 || !/^\/(?![/\\])[\w\-./?=&%~+:@,]*$/.test(given)) return '/';
  const base = 'http://own.invalid';
  const parsed = URL.canParse(given, base) ? new URL(given, base) : null;
  return parsed?.origin === base ? given : '/';
}

/** 'm•••@maple.example': enough to know one's own address by, too little to learn another's. */
export const masked = (email: string) => email.replace(/^(.).*@/, '$1•••@');
