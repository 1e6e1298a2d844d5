import { withActor } from '../../db/scope.js';
import { METHODS } from '../../input/payment_methods.js';
import type { Translate } from '../../pages/i18n.js';
import type { Field } from '../../pages/views/components.js';
import { setOnlineMethods } from '../../payments/methods/online_methods.js';
import { submittedText } from '../../people/form_values.js';
import { once } from '../acts/once.js';
import { settingsUrl } from '../settings/settings_side.js';
import type { RequestContext } from '../shared/request_context.js';

const ONLY_IF_ALLOWED =
  'Only for customers you allow it for, on their page. Banks can reverse these payments for weeks.';

/** What customers can pay with online, as checkboxes. */
export const methodFields = (chosen: readonly string[], t: Translate): Field[] =>
  Object.entries(METHODS).map(([name, { label }]) => ({
    ...{ name, kind: 'checkbox', label: t(label), value: chosen.includes(name) },
    hint: name === 'bank_debit' ? t(ONLY_IF_ALLOWED) : null,
  }));

export async function saveMethods(ctx: RequestContext) {
  const { req, res, actor } = ctx;
  const typed = submittedText(req.body);
  const methods = Object.keys(METHODS).filter((name) => typed[name] === 'on');
  const url = await once(ctx, async ({ db }) => {
    await withActor(db.knex, actor, (db) => setOnlineMethods(db, actor, methods));
    return `${settingsUrl(ctx, 'organization/getting-paid')}?saved=1`;
  });
  res.redirect(303, url);
}
