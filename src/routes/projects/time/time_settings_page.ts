import { formatDecimalInput, fromMinor } from '../../../documents/content/decimals.js';
import { NotFound } from '../../../errors.js';
import { defineView } from '../../../pages/views/render.js';
import type { FormPage } from '../../../pages/views/components.js';
import { submittedText } from '../../../people/form_values.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import type { Errors } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, readPage } from '../project_page.js';
import { type ProjectTime, projectTime } from './shared_queries.js';

export const timeSettings = defineView<FormPage>('projects/time/settings');

/** What the customer sees of a project's time, and how it is billed; with what was wrong in the form. */
export async function showTimeSettings(ctx: RequestContext, errors: Errors = {}) {
  const { actor, res } = ctx;
  const { head, i18n, url, found } = await readPage(ctx, 'time', projectTime(actor, keyIn(ctx)));
  const { t } = i18n;
  const [terms] = found[0];
  if (!terms) throw new NotFound();
  const input: FormPage = {
    title: t('Time and its billing'),
    back: { href: `${url}/time`, label: `← ${t('Time')}` },
    action: `${url}/set_time`,
    cancel: `${url}/time`,
    error: errors['form'],
    button: t('Save'),
    fields: settingFields(ctx, terms, head, errors),
  };
  res.send(contextPage(ctx, timeSettings, input.title, input));
}

function settingFields(
  { actor, req }: RequestContext,
  terms: ProjectTime,
  { partner, currency }: Pick<ProjectHead, 'partner' | 'currency'>,
  errors: Errors,
): FormPage['fields'] {
  const { t } = i18nOf(actor);
  const typed = submittedText(req.body);
  const again = Object.keys(errors).length > 0;
  const rate = terms.bill_rate === null ? '' : formatDecimalInput(fromMinor(terms.bill_rate, currency), actor.locale);
  const choices = [
    { value: 'hours', label: t('Hours and notes') },
    { value: 'notes', label: t('Notes only') },
    { value: 'none', label: t('Nothing') },
  ];
  return [
    {
      ...{ name: 'time_shown', kind: 'radio', label: t('What {{name}} sees of approved time', { name: partner }) },
      ...{ value: typed['time_shown'] ?? terms.time_shown, error: errors['time_shown'], required: true, choices },
    },
    {
      ...{ name: 'asks_approval', kind: 'checkbox', label: t('They approve time before it is billed') },
      value: again ? Boolean(typed['asks_approval']) : terms.asks_approval,
    },
    {
      ...{ name: 'bill_rate', kind: 'money', label: t('Rate per hour'), currency },
      ...{ value: typed['bill_rate'] ?? rate, error: errors['bill_rate'] },
      hint: t('Left empty, the rate of each person counts.'),
    },
  ];
}
