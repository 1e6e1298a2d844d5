/** By what each browser says of itself, the more particular first: many name others, too. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'Chromebook'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bWindows\b/, 'Windows'],
  [/\bLinux\b/, 'Linux'],
];

const nameIn = (names: readonly [RegExp, string][], user_agent: string) =>
  names.find(([pattern]) => pattern.test(user_agent))?.[1];

/** A browser and its system in words: "Chrome on Mac"; what is not known is left out. */
export function deviceName(user_agent: string): { browser: string | null; system: string | null } {
  return { browser: nameIn(BROWSERS, user_agent) ?? null, system: nameIn(SYSTEMS, user_agent) ?? null };
}

/** Whether it is held in a hand. */
export const isPhone = (user_agent: string): boolean => /\b(?:iPhone|Android)\b/.test(user_agent);
