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

type Translate = (sentence: string, values: Record<string, string>) => string;

/** A browser and its system in words: "Chrome on Mac"; null if it is neither known. */
export function deviceName(user_agent: string, t: Translate): string | null {
  const [browser, system] = [nameIn(BROWSERS, user_agent), nameIn(SYSTEMS, user_agent)];
  return browser && system ? t('{{browser}} on {{system}}', { browser, system }) : (browser ?? system ?? null);
}

/** Whether it is held in a hand. */
export const isPhone = (user_agent: string): boolean => /\b(?:iPhone|Android)\b/.test(user_agent);
