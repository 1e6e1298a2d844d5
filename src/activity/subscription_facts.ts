import { z } from 'zod';
import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';

interface I18n {
  t: Translate;
  format: Format;
}

/** A plan as the details of an activity have it; amounts in minor units. */
const Plan = z.object({
  title: z.string(),
  total: z.number(),
  currency: z.string(),
  every: z.number(),
  unit: z.enum(['day', 'week', 'month', 'year']),
  next_on: z.string().nullable(),
  ends_on: z.string().nullable(),
  trial_until: z.string().nullable(),
});
type Plan = z.infer<typeof Plan>;

const ONE = { day: 'Daily', week: 'Weekly', month: 'Monthly', year: 'Yearly' } as const;
const SEVERAL = {
  day: 'Every {{count}} days',
  week: 'Every {{count}} weeks',
  month: 'Every {{count}} months',
  year: 'Every {{count}} years',
} as const;

/** "Monthly", "Every 2 weeks" */
export const intervalText = ({ every, unit }: Pick<Plan, 'every' | 'unit'>, t: Translate): string =>
  every === 1 ? t(ONE[unit]) : t(SEVERAL[unit], { count: every });

interface Fact {
  label: string;
  before?: string;
  after: string;
}

/** What an email says of a subscription's plan, with what it was before a change; or why it can't be invoiced. */
export function subscriptionFacts(details: Readonly<Record<string, unknown>>, { t, format }: I18n): Fact[] {
  const { plan, before, cause } = details;
  if (typeof cause === 'string') return [{ label: t('Reason'), after: t(cause) }];
  const is = Plan.safeParse(plan).data;
  if (!is) return [];
  const facts = factsOf(is, { t, format });
  const was = Plan.safeParse(before).data;
  const old = new Map(was ? factsOf(was, { t, format }) : []);
  return facts.map(([label, after]) => {
    const earlier = old.get(label);
    return earlier && earlier !== after ? { label, before: earlier, after } : { label, after };
  });
}

const factsOf = (plan: Plan, { t, format }: I18n): [label: string, value: string][] => [
  [t('Plan'), plan.title],
  [t('Price'), format.money(plan.total, plan.currency)],
  [t('Billed'), intervalText(plan, t)],
  ...(plan.trial_until ? [[t('Trial until'), format.date(plan.trial_until)] as [string, string]] : []),
  ...(plan.next_on ? [[t('Next invoice'), format.date(plan.next_on)] as [string, string]] : []),
  ...(plan.ends_on ? [[t('Ends on'), format.date(plan.ends_on)] as [string, string]] : []),
];
