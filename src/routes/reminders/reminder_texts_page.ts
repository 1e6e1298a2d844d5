import { z } from 'zod';
import { read, withActor } from '../../db/scope.js';
import { REMINDER_STEPS, type ReminderStep } from '../../document_types/shared/dates.js';
import {
  fillIn,
  ourWords,
  PLACEHOLDERS,
  type ReminderText,
  type ReminderValues,
  wordsFor,
} from '../../mail/reminders/reminder_wording.js';
import { addDays, today } from '../../pages/days.js';
import { formatFor } from '../../pages/format.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import { languages, localeOf } from '../../pages/languages.js';
import type { Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { reminderTextsOf, setReminderTexts } from '../../payments/reminders/reminder_texts.js';
import { readForm, submittedText, text } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';

interface ReminderTextsInput {
  side: SettingsSide;
  plan_url: string;
  /** Where it is saved, and for which language. */
  url: string;
  language: string;
  languages: Tab[];
  placeholders: { name: string; meaning: string }[];
  steps: { name: ReminderStep; label: string; value: string; error: string | null; preview: string }[];
  error: string | null;
  saved: boolean;
}

export const reminderTextsView = defineView<ReminderTextsInput>('reminders/texts');

const PLAN = 'organization/reminders';
const PAGE = `${PLAN}/wording`;
const MAX = 2000;

const Form = z.object({
  language: z.enum(['', ...languages]).default(''),
  before: text(MAX),
  on: text(MAX),
  first: text(MAX),
  second: text(MAX),
  final: text(MAX),
});

const STEP_LABELS: Record<ReminderStep, string> = {
  before: 'Before the due date',
  on: 'On the due date',
  first: 'First reminder after it',
  second: 'Further reminders',
  final: 'Last reminder',
};

const MEANINGS: Record<keyof ReminderValues, string> = {
  name: 'the reader’s name',
  company: 'the customer’s name',
  amount: 'what is due',
  invoices: 'the invoice numbers',
  due: 'the due date, of several the first',
  days: 'days since then',
};

export const showReminderTexts = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

export function saveReminderTexts(ctx: RequestContext) {
  const typed = submittedText(ctx.req.body);
  const work = async ({ db, actor }: RequestContext) => {
    const { language, ...texts } = readForm(Form, typed);
    await withActor(db.knex, actor, (db) => setReminderTexts(db, actor, language, texts));
    return `${settingsUrl(ctx, PAGE)}?language=${language}&saved=1`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, { typed, errors }));
}

async function page(ctx: RequestContext, refused: { typed: Record<string, string>; errors: Errors } | null = null) {
  const { db, actor, req } = ctx;
  const t = translatorOf(ctx);
  const [texts] = await read(db.pool, actor, reminderTextsOf(actor));
  const language = chosen(refused?.typed['language'] ?? req.query['language']);
  const url = settingsUrl(ctx, PAGE);
  const tab = (name: string, label: string) => ({ label, href: `${url}?language=${name}`, current: name === language });
  const locale = language ? localeOf(language) : actor.locale;
  const example = exampleFor(ctx, locale);
  const of = (step: ReminderStep) => texts.find((one) => one.step === step && one.language === language)?.body ?? '';
  return contextPage(ctx, reminderTextsView, t('Wording of reminders'), {
    side: settingsSide(ctx, PLAN),
    plan_url: settingsUrl(ctx, PLAN),
    url,
    language,
    languages: [tab('', t('All languages')), ...languages.map((name) => tab(name, languageName(name, actor.locale)))],
    placeholders: PLACEHOLDERS.map((name) => ({ name: `{${name}}`, meaning: t(MEANINGS[name]) })),
    steps: REMINDER_STEPS.map((name) => ({
      name,
      label: t(STEP_LABELS[name]),
      value: refused?.typed[name] ?? of(name),
      error: refused?.errors[name] ?? null,
      preview: fillIn(previewed(texts, name, refused?.typed[name], locale), example),
    })),
    error: refused?.errors['form'] ?? null,
    saved: isSaved(ctx),
  });
}

/** What a reader would get; after a form that could not be saved, what was typed. */
function previewed(texts: readonly ReminderText[], step: ReminderStep, typed: string | undefined, locale: string) {
  const t: Translate = translatorFor(locale);
  return typed === undefined ? wordsFor(texts, step, locale, t) : typed || ourWords(step, t);
}

const chosen = (asked: unknown): string => languages.find((language) => language === asked) ?? '';

const languageName = (language: string, locale: string) =>
  new Intl.DisplayNames(locale, { type: 'language' }).of(language) ?? language;

/** Two invoices, a week late, as if the reader were their customer. */
function exampleFor({ actor, membership }: RequestContext, locale: string): ReminderValues {
  const format = formatFor({ locale, time_zone: actor.time_zone });
  return {
    name: actor.name ?? '',
    company: membership.organization,
    amount: format.money(186_840, membership.currency ?? 'USD'),
    invoices: format.list(['INV-0041', 'INV-0042']),
    due: format.date(addDays(today(actor), -8)),
    days: '8',
  };
}
