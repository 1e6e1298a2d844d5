import { read, withActor } from '../../db/scope.js';
import { REMINDERS_APART } from '../../document_types/shared/dates.js';
import { Invalid } from '../../errors.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { reminderPlanOf, setReminderPlan } from '../../payments/reminders/reminder_plan.js';
import { setMonthlyStatements } from '../../payments/statements/monthly_choice.js';
import { submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';

interface ReminderPlanInput {
  side: SettingsSide;
  url: string;
  rows: { days: string; side: string; label: string; error: string | null }[];
  sides: Choice[];
  error: string | null;
  wording_url: string;
  late_charges_url: string;
  /** Customers get statements each month. */
  monthly: boolean;
  saved: boolean;
}

export const reminderPlanView = defineView<ReminderPlanInput>('reminders/plan');

const PAGE = 'organization/reminders';
const MOST = 6;
/** Further than this from the due date, nobody is reminded. */
const FURTHEST = { before: 60, after: 365 };
const ROWS = Array.from({ length: MOST }, (_, n) => n);

type Typed = Readonly<Record<string, string>>;

export const showReminderPlan = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

export function saveReminderPlan(ctx: RequestContext) {
  const typed = submittedText(ctx.req.body);
  const work = async ({ db, actor }: RequestContext) => {
    const days = readPlan(typed);
    await withActor(db.knex, actor, async (db) => {
      await setReminderPlan(db, actor, days);
      await setMonthlyStatements(db, actor, typed['monthly'] === 'on');
    });
    return `${settingsUrl(ctx, PAGE)}?saved=1`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, { typed, errors }));
}

async function page(ctx: RequestContext, refused: { typed: Typed; errors: Errors } | null = null): Promise<string> {
  const { db, actor } = ctx;
  const t = translatorOf(ctx);
  const [[plan]] = await read(db.pool, actor, reminderPlanOf(actor));
  const typed = refused?.typed ?? typedPlan(plan?.reminder_days ?? []);
  return contextPage(ctx, reminderPlanView, t('Payment reminders'), {
    side: settingsSide(ctx, PAGE),
    url: settingsUrl(ctx, PAGE),
    rows: ROWS.map((n) => ({
      days: typed[`days_${n}`] ?? '',
      side: typed[`side_${n}`] ?? 'after',
      label: t('Reminder {{n}}', { n: n + 1 }),
      error: refused?.errors[`days_${n}`] ?? null,
    })),
    sides: [
      { value: 'before', label: t('days before the due date') },
      { value: 'after', label: t('days after the due date') },
    ],
    error: refused?.errors['form'] ?? null,
    monthly: refused ? typed['monthly'] === 'on' : Boolean(plan?.monthly_statements),
    late_charges_url: settingsUrl(ctx, `${PAGE}/late-charges`),
    wording_url: settingsUrl(ctx, `${PAGE}/wording`),
    saved: isSaved(ctx),
  });
}

/** As the form would have it. */
const typedPlan = (days: readonly number[]): Typed =>
  Object.fromEntries(
    days.flatMap((day, n) => [
      [`days_${n}`, String(Math.abs(day))],
      [`side_${n}`, day < 0 ? 'before' : 'after'],
    ]),
  );

/** The days of the plan in their order; a blank row is none. @throws Invalid by row */
function readPlan(typed: Typed): number[] {
  const errors: Record<string, string> = {};
  const rows = ROWS.map((n) => ({ n, text: (typed[`days_${n}`] ?? '').trim(), side: typed[`side_${n}`] }))
    .filter(({ text }) => text !== '')
    .map(({ n, text, side }) => ({
      n,
      day: Number(text) * (side === 'before' ? -1 : 1),
      whole: /^\d{1,3}$/.test(text),
    }))
    .toSorted((a, b) => a.day - b.day);
  for (const [place, { n, day, whole }] of rows.entries()) {
    const before = rows[place - 1];
    if (!whole || day < -FURTHEST.before || day > FURTHEST.after)
      errors[`days_${n}`] = 'Enter a whole number: up to 60 days before the due date, or 365 after it.';
    else if (before && day - before.day < REMINDERS_APART)
      errors[`days_${n}`] = 'Leave at least two days between reminders.';
  }
  if (Object.keys(errors).length) throw new Invalid(errors);
  return rows.map(({ day }) => day + 0);
}
