import { z } from 'zod';
import { read } from '../../db/scope.js';
import { types } from '../../document_types/index.js';
import { usualInvoice, usualQuote, usualVendorOrder } from '../../document_types/relations.js';
import { changeNumbering, LAST_NUMBER, type NumberingForm } from '../../documents/numbering/change_numbering.js';
import {
  counterOf,
  numberingOf,
  type Numberings,
  numberingsOf,
  numberOf,
} from '../../documents/numbering/numbering.js';
import { Invalid } from '../../errors.js';
import { today } from '../../pages/days.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';

interface NumberingInput {
  side: SettingsSide;
  url: string;
  errors: Errors;
  /** What is typed; `sample`: the number that the next document gets as it is saved. */
  rows: {
    type: string;
    label: string;
    prefix: string;
    with_year: boolean;
    next: string;
    sample: string;
    shown: string;
  }[];
}

export const numberingView = defineView<NumberingInput>('organization/numbering');

const PATH = 'organization/numbering';

/** How documents are numbered, type by type. */
export const showNumbering = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

/** Changes that, for documents that get their number from now on. */
export function saveNumbering(ctx: RequestContext) {
  const work = async ({ db, actor }: RequestContext) => {
    await changeNumbering(db.knex, actor, readForms(submittedText(ctx.req.body)), yearOf(ctx));
    return `${settingsUrl(ctx, PATH)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}

const yearOf = ({ actor }: Pick<RequestContext, 'actor'>) => today(actor).slice(0, 4);

const Prefix = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{1,6}$/);
const Next = z.coerce.number().int().min(1).max(LAST_NUMBER);

/** A type's prefix, year and next number as one text: what its form was opened with. */
const shownAs = ({ prefix, with_year, next }: { prefix: string; with_year: boolean; next: number | string }) =>
  [prefix, with_year ? 'year' : '', next].join(' ');

/** Of the types that differ from what was shown. @throws Invalid by `prefix.TYPE` and `next.TYPE` */
function readForms(typed: Record<string, string>): NumberingForm[] {
  const wrong: Record<string, string> = {};
  const forms = types.flatMap(({ name: type }): NumberingForm[] => {
    const shown = typed[`shown.${type}`] ?? '';
    const [prefix_shown = '', year_shown = '', next_shown = ''] = shown.split(' ');
    const prefix = Prefix.safeParse(typed[`prefix.${type}`]);
    const next = Next.safeParse(typed[`next.${type}`]);
    if (!prefix.success) wrong[`prefix.${type}`] = 'Use one to six letters.';
    if (!next.success) wrong[`next.${type}`] = 'Enter a whole number.';
    if (!prefix.success || !next.success) return [];
    const form = { prefix: prefix.data, with_year: typed[`with_year.${type}`] !== undefined, next: next.data };
    if (shownAs(form) === shown) return [];
    const left = `${form.next}` === next_shown;
    const before = { prefix: prefix_shown, with_year: year_shown === 'year' };
    return [{ ...form, type, next: left ? null : form.next, shown: before }];
  });
  if (Object.keys(wrong).length) throw new Invalid(wrong);
  return forms;
}

async function page(ctx: RequestContext, errors: Errors | null = null): Promise<string> {
  const { db, req, actor } = ctx;
  const { t } = i18nOf(actor);
  const typed = errors ? submittedText(req.body) : null;
  const [[found]] = await read(db.pool, actor, numberingsOf(actor));
  return contextPage(ctx, numberingView, t('Numbering'), {
    ...{ side: settingsSide(ctx, PATH), url: settingsUrl(ctx, PATH), errors: errors ?? {} },
    rows: nextNumbers(ctx, found).map(({ label, type, prefix, with_year, next, sample }) => ({
      ...{ label: t(label), type, sample, shown: shownAs({ prefix, with_year, next }) },
      prefix: typed?.[`prefix.${type}`] ?? prefix,
      with_year: typed ? typed[`with_year.${type}`] !== undefined : with_year,
      next: typed?.[`next.${type}`] ?? `${next}`,
    })),
  });
}

/** Those that most organizations send. */
const COMMON = [usualQuote, usualInvoice, usualVendorOrder].map(({ name }) => name);

/** Of each type, how it is numbered and what the next number is; from what `numberingsOf` found. */
export function nextNumbers({ actor }: Pick<RequestContext, 'actor'>, found: Numberings | undefined) {
  const { numberings = [], counters = [] } = found ?? {};
  const year = yearOf({ actor });
  return types.map((type) => {
    const numbering = numberingOf(type, numberings);
    const name = counterOf(type, numbering.with_year, year);
    const next = (counters.find((one) => one.name === name)?.value ?? 0) + 1;
    const common = COMMON.includes(type.name);
    return { ...numbering, label: type.plural, common, next, sample: numberOf(numbering, year, next) };
  });
}
