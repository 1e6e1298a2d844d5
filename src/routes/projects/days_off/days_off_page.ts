import { read } from '../../../db/scope.js';
import { addDays, today } from '../../../pages/days.js';
import { defineView } from '../../../pages/views/render.js';
import { submittedText } from '../../../people/form_values.js';
import { addDayOff, removeDayOff } from '../../../projects/days_off/change_days_off.js';
import { daysOff } from '../../../projects/days_off/days_off.js';
import { submitOnce } from '../../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../../settings/settings_side.js';
import type { Errors } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { pathId } from '../../shared/params.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';

interface DaysOffInput {
  side: SettingsSide;
  url: string;
  days: { name: string; when: string; remove_url: string }[];
  values: Readonly<Record<string, string>>;
  errors: Errors;
}

export const daysOffView = defineView<DaysOffInput>('projects/days_off/page');

const PATH = 'organization/days-off';
/** So long what is over is still listed. */
const KEPT_DAYS = 366;

/** The days on which nobody of the organization works, and a form for more. */
export const showDaysOff = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

async function page(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { db, req, actor } = ctx;
  const [days] = await read(db.pool, actor, daysOff(actor, addDays(today(actor), -KEPT_DAYS)));
  const { t, format } = i18nOf(actor);
  const url = settingsUrl(ctx, PATH);
  return contextPage(ctx, daysOffView, t('Days off'), {
    ...{ side: settingsSide(ctx, PATH), url, errors },
    days: days.map(({ id, name, starts_on, ends_on }) => ({
      name,
      when: starts_on === ends_on ? format.date(starts_on) : `${format.date(starts_on)} – ${format.date(ends_on)}`,
      remove_url: `${url}/${id}/remove`,
    })),
    values: Object.keys(errors).length ? submittedText(req.body) : {},
  });
}

/** Adds days off, once. */
export function createDayOff(ctx: RequestContext) {
  const { name = '', starts_on = '', ends_on = '' } = submittedText(ctx.req.body);
  const given = { name, ...(starts_on ? { starts_on } : {}), ...(ends_on ? { ends_on } : {}) };
  const work = async ({ db }: RequestContext) => {
    await addDayOff(db.knex, ctx.actor, given);
    return `${settingsUrl(ctx, PATH)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}

/** Removes days off. */
export function deleteDayOff(ctx: RequestContext) {
  const id = pathId(ctx.req, 'day');
  const work = async ({ db }: RequestContext) => {
    await removeDayOff(db.knex, ctx.actor, id);
    return `${settingsUrl(ctx, PATH)}?done=done`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}
