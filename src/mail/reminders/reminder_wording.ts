import type { ReminderStep } from '../../document_types/shared/dates.js';
import { languageOf } from '../../pages/languages.js';
import type { Translate } from '../../pages/i18n.js';

/** An organization's own words for a step; without a language for all readers who have none in theirs. */
export interface ReminderText {
  step: ReminderStep;
  language: string;
  body: string;
}

/** What is put in for `{amount}` and the others, as it is written for the reader. */
export const PLACEHOLDERS = ['name', 'company', 'amount', 'invoices', 'due', 'days'] as const;
export type ReminderValues = Record<(typeof PLACEHOLDERS)[number], string>;

const OUR_WORDS: Record<ReminderStep, string> = {
  before: '{amount} will be due soon. If you’ve already sent it, thank you: there’s nothing left to do.',
  on: '{amount} is due today.',
  first: '{amount} is past due. It may have slipped through; if your payment is on its way, thank you.',
  second: '{amount} is still past due. Please pay, or reply and tell us what is in the way.',
  final:
    'This is our last reminder: {amount} is past due. Please pay now, or reply today and tell us what is in the way.',
};

/** What we write where the organization has not. */
export const ourWords = (step: ReminderStep, t: Translate): string => t(OUR_WORDS[step]);

/** The words of a step for this reader: in their language, or else for all, or else ours. */
export function wordsFor(texts: readonly ReminderText[], step: ReminderStep, locale: string, t: Translate): string {
  const own = (language: string) => texts.find((text) => text.step === step && text.language === language)?.body;
  return own(languageOf(locale)) ?? own('') ?? ourWords(step, t);
}

const PLACEHOLDER = /\{([^{}]*)\}/g;

export const fillIn = (body: string, values: ReminderValues): string =>
  body.replace(PLACEHOLDER, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));

const isPlaceholder = (name: string): name is keyof ReminderValues =>
  PLACEHOLDERS.some((placeholder) => placeholder === name);

/** The first thing in braces that is no placeholder, or a brace without its other; null: there is none. */
export function unknownPlaceholder(body: string): string | null {
  for (const [whole, name = ''] of body.matchAll(PLACEHOLDER)) if (!isPlaceholder(name)) return whole;
  return /[{}]/.exec(body.replace(PLACEHOLDER, ''))?.[0] ?? null;
}
