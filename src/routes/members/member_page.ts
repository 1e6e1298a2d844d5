import { Router } from 'express';
import Big from 'big.js';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { parseDecimal, toMinor } from '../../documents/content/decimals.js';
import { Invalid, NotFound } from '../../errors.js';
import { isDay } from '../../input/valid_input.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { cancelAbsence, setAbsence } from '../../people/members/absences.js';
import { changeLimits } from '../../people/members/change_limits.js';
import { removeMember } from '../../people/members/remove_member.js';
import { submitOnce } from '../acts/once.js';
import { settingsSide } from '../settings/settings_side.js';
import { admins, staff } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { memberList } from './member_queries.js';
import { type MemberForm, memberPage, memberView } from './member_view.js';

const ONE = '/:organization/settings/members/:person';

/** One member: limits, absence and deputy, the end of their access. */
export function memberPages(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    ONE,
    handle(staff, async (ctx) => ctx.res.send(await page(ctx))),
  );
  router.post(`${ONE}/limits`, handle(admins, saveLimits));
  router.post(`${ONE}/absence`, handle(staff, saveAbsence));
  router.post(`${ONE}/absence/cancel`, handle(staff, endAbsence));
  router.post(`${ONE}/remove`, handle(staff, remove));
  return router;
}

const personIn = ({ req }: RequestContext) => pathId(req, 'person');
const urlOf = (ctx: RequestContext) => `/${ctx.membership.slug}/settings/members/${personIn(ctx)}`;

/** @throws NotFound for somebody who is no member, or whose page the reader has no part in */
async function page(ctx: RequestContext, form: MemberForm | null = null): Promise<string> {
  const { db, actor, membership } = ctx;
  const [found] = await read(db.pool, actor, memberList(actor));
  const member = found.find(({ id, pending }) => id === personIn(ctx) && !pending);
  if (!member) throw new NotFound();
  const side = settingsSide(ctx, 'members');
  return contextPage(ctx, memberPage, member.name, memberView(member, found, actor, membership, side, form));
}

/** Does what one of the page's forms asks for; `name` is the form's. */
const submitForm = (ctx: RequestContext, name: MemberForm['name'], work: (ctx: RequestContext) => Promise<string>) =>
  submitOnce(ctx, work, (errors) => page(ctx, { name, values: submittedText(ctx.req.body), errors }));

const amount = z.string().default('');
const Limits = z.object({ send_limit: amount, approve_limit: amount });

const saveLimits = (ctx: RequestContext) =>
  submitForm(ctx, 'limits', async ({ db, req, actor }) => {
    const typed = readForm(Limits, req.body);
    const [send, approve] = [limitIn(ctx, typed, 'send_limit'), limitIn(ctx, typed, 'approve_limit')];
    await changeLimits(db.knex, actor, personIn(ctx), { send, approve });
    return `${urlOf(ctx)}?done=saved`;
  });

/** In minor units; null if nothing is typed: no limit. @throws Invalid */
function limitIn({ actor, membership }: RequestContext, typed: z.infer<typeof Limits>, name: keyof typeof typed) {
  const text = typed[name].trim();
  if (!text) return null;
  const decimal = parseDecimal(text, actor.locale);
  const minor = decimal === null ? NaN : toMinor(Big(decimal), membership.organization_currency);
  if (!Number.isSafeInteger(minor) || minor < 0) throw new Invalid({ [name]: 'Give an amount.' });
  return minor;
}

const day = z.string().default('').refine(isDay, 'Give a date.');
const Absence = z.object({
  from_on: day,
  until_on: day,
  deputy_id: z.string().default(''),
  with_limits: z.string().default(''),
});

const saveAbsence = (ctx: RequestContext) =>
  submitForm(ctx, 'absence', async ({ db, req, actor }) => {
    const { with_limits, ...fields } = readForm(Absence, req.body);
    await setAbsence(db.knex, actor, personIn(ctx), { ...fields, with_limits: with_limits === 'on' });
    return `${urlOf(ctx)}?done=saved`;
  });

const endAbsence = (ctx: RequestContext) =>
  submitForm(ctx, 'absence', async ({ db, actor }) => {
    await cancelAbsence(db.knex, actor, personIn(ctx));
    return `${urlOf(ctx)}?done=saved`;
  });

/** Who leaves has nothing more to see here. */
const remove = (ctx: RequestContext) =>
  submitForm(ctx, 'remove', async ({ db, actor, membership }) => {
    await removeMember(db.knex, actor, personIn(ctx));
    return personIn(ctx) === actor.person_id ? '/' : `/${membership.slug}/settings/members?done=removed`;
  });
