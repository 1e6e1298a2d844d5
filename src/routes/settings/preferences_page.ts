import { type Actor, type Query, read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import {
  DATE_STYLES,
  HOUR_CYCLES,
  NUMBER_STYLES,
  readLocale,
  WEEK_STARTS,
  writeLocale,
} from '../../input/locale_tag.js';
import { formatFor } from '../../pages/format.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { changePreferences, type OwnSettings, ownSettings } from '../../people/preferences/own_settings.js';
import { localeFor, preferencesForm, type Styles, stylesOf } from '../../people/preferences/settings_forms.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { currencyChoices, localeChoices } from '../shared/select_options.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from './settings_side.js';
import { timeZoneGroups } from './time_zones.js';

interface PreferencesInput {
  side: SettingsSide;
  url: string;
  /** A line of their account, written as they chose. */
  sample: { title: string; text: string; amount: string };
  values: Readonly<Record<string, string>>;
  errors: Errors;
  languages: Choice[];
  zones: { label: string; choices: Choice[] }[];
  dates: Choice[];
  hours: Choice[];
  numbers: Choice[];
  week_starts: Choice[];
  currencies: Choice[];
  document_languages: Choice[];
  saved: boolean;
}

export const preferencesView = defineView<PreferencesInput>('settings/preferences');

/** The newest of the documents that they see. */
const newest = ({ organization_id, partner_id }: Actor): Query<Sample> => ({
  name: partner_id ? 'newest_document_of_partner' : 'newest_document',
  text: `select title, total, currency from documents where organization_id = $1
    ${partner_id ? 'and partner_id = $2' : ''} and number is not null order by id desc limit 1`,
  values: partner_id ? [organization_id, partner_id] : [organization_id],
});

interface Sample {
  title: string;
  total: number;
  currency: string;
}

export const showPreferences = async (ctx: RequestContext) =>
  ctx.res.send(await preferencesPage(ctx, {}, ctx.req.query));

export function savePreferences(ctx: RequestContext) {
  const { req, actor } = ctx;
  const work = async ({ db }: RequestContext) => {
    const { time_zone, currency, document_language, ...styles } = readForm(preferencesForm(languages(actor)), req.body);
    const locale = localeFor(styles, actor.locale);
    const document_locale = document_language || null;
    await changePreferences(db.knex, actor, { locale, document_locale, time_zone, currency: currency || null });
    return `${settingsUrl(ctx, 'preferences')}?saved=1`;
  };
  return submitOnce(ctx, work, (errors) => preferencesPage(ctx, errors, req.body));
}

/** Those on offer, and one that they have already. */
const languages = ({ locale }: Actor) => localeChoices(readLocale(locale).language).map(({ value }) => value);

/** The page; with what is chosen on it but not saved yet, as far as that can be used. */
async function preferencesPage(ctx: RequestContext, errors: Errors, typed: unknown): Promise<string> {
  const { db, actor } = ctx;
  const [[own], [document]] = await read(db.pool, actor, ownSettings(actor), newest(actor));
  if (!own) throw new NotFound();
  const chosen = { ...valuesOf(own), ...submittedText(typed) };
  const parsed = preferencesForm(languages(actor)).safeParse(chosen);
  const locale = parsed.success ? localeFor(parsed.data, own.locale) : own.locale;
  const values = parsed.success ? { ...chosen, ...stylesOf(locale) } : chosen;
  const time_zone = parsed.success ? parsed.data.time_zone : own.time_zone;
  const { t } = i18nOf(actor);
  return contextPage(ctx, preferencesView, t('Preferences'), {
    side: settingsSide(ctx, 'preferences'),
    url: settingsUrl(ctx, 'preferences'),
    sample: sampleFor(document, { ...actor, locale, time_zone }),
    values,
    errors,
    ...choicesFor(actor, locale, time_zone),
    saved: isSaved(ctx),
  });
}

const valuesOf = ({ locale, time_zone, currency, document_locale }: OwnSettings): Record<string, string> => ({
  ...stylesOf(locale),
  language: readLocale(locale).language,
  time_zone,
  currency: currency ?? '',
  document_language: document_locale ?? '',
});

const A_DAY = '2026-12-23';
const AFTERNOON = Date.UTC(2026, 11, 23, 14, 40);

function sampleFor(document: Sample | undefined, reader: Actor): PreferencesInput['sample'] {
  const { t, format } = i18nOf(reader);
  const { title, total, currency } = document ?? { title: '', total: 0, currency: 'USD' };
  const when = format.dateTime(new Date());
  return {
    title: title || t('An invoice'),
    text: t('Due {{date}} · viewed {{when}}', { date: format.date(A_DAY), when }),
    amount: format.money(total > 100_000 ? total : 173_340, currency),
  };
}

/** Every choice is written as it would look. */
function choicesFor(actor: Actor, locale: string, time_zone: string) {
  const { t } = i18nOf(actor);
  const language = readLocale(locale).language;
  const plain = { language, hours: null, week_start: null, dates: null, numbers: null };
  const like = (style: Partial<Styles>) => formatFor({ locale: writeLocale({ ...plain, ...style }), time_zone: 'UTC' });
  const date = (dates: Styles['dates']) => ({ value: dates, label: like({ dates }).date(A_DAY) });
  return {
    languages: localeChoices(language),
    zones: timeZoneGroups(time_zone, locale, { common: t('Common'), all: t('All time zones') }),
    dates: withoutTwins(DATE_STYLES.map(date), stylesOf(locale).dates),
    hours: HOUR_CYCLES.map((hours) => ({ value: hours, label: timeIn(writeLocale({ ...plain, hours })) })),
    numbers: NUMBER_STYLES.map((numbers) => ({ value: numbers, label: like({ numbers }).amount(173_340, 'USD') })),
    week_starts: WEEK_STARTS.map((week_start, n) => ({ value: week_start, label: weekday(language, n) })),
    currencies: [{ value: '', label: t('No preference') }, ...currencyChoices(actor.locale)],
    document_languages: [{ value: '', label: t('Same as above') }, ...localeChoices('')],
  };
}

/** In most languages two date styles are the same: the first stands for both, or the chosen one. */
function withoutTwins(choices: Choice[], chosen: string): Choice[] {
  const own = choices.find(({ value }) => value === chosen);
  const firsts = new Map(choices.toReversed().map((choice) => [choice.label, choice]));
  return choices
    .filter((choice) => firsts.get(choice.label) === choice)
    .map((choice) => (own && own.label === choice.label ? own : choice));
}

const timeIn = (locale: string) =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(AFTERNOON);

/** The first of November 2027 is a Monday; then come the Sunday and the Saturday before. */
const weekday = (locale: string, n: number) =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2027, 10, 1 - n));
