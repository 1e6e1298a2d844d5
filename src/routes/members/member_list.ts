import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { changeRole } from '../../people/members/change_role.js';
import { inviteMembers, resendInvitation } from '../../people/members/invite_members.js';
import { withdrawInvitation } from '../../people/members/remove_member.js';
import { lostPermissions } from '../../subjects/permissions.js';
import { STAFF_ROLES } from '../../subjects/staff_roles.js';
import { once, submitOnce } from '../acts/once.js';
import { settingsSide } from '../settings/settings_side.js';
import { admins, staff } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { memberPages } from './member_page.js';
import { memberList } from './member_queries.js';
import { type MembersForm, membersPage, membersView } from './members_view.js';

const ALL = '/:organization/settings/members';

/** The staff of an organization: who they are, what each may do, invitations. */
export function members(db: Database, secret: string): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    ALL,
    handle(staff, async (ctx) => ctx.res.send(await page(ctx))),
  );
  router.post(
    ALL,
    handle(admins, (ctx) => inviteAll(ctx, secret)),
  );
  router.post(`${ALL}/:person/role`, handle(admins, saveRole));
  router.post(
    `${ALL}/:person/resend`,
    handle(admins, (ctx) =>
      done(ctx, 'invited', ({ db, actor }) => resendInvitation(db.knex, secret, actor, pathId(ctx.req, 'person'))),
    ),
  );
  router.post(
    `${ALL}/:person/withdraw`,
    handle(admins, (ctx) =>
      done(ctx, 'withdrawn', ({ db, actor }) => withdrawInvitation(db.knex, actor, pathId(ctx.req, 'person'))),
    ),
  );
  return router.use(memberPages(db));
}

async function page(ctx: RequestContext, form: MembersForm | null = null): Promise<string> {
  const { db, actor, membership } = ctx;
  const [found] = await read(db.pool, actor, memberList(actor));
  const title = translatorOf(ctx)('Members and roles');
  const side = settingsSide(ctx, 'members');
  return contextPage(ctx, membersPage, title, membersView(found, actor, membership, side, form));
}

const listUrl = ({ membership }: RequestContext) => `/${membership.slug}/settings/members`;

async function done(ctx: RequestContext, what: string, work: (ctx: RequestContext) => Promise<void>) {
  const url = await once(ctx, async (inside) => {
    await work(inside);
    return `${listUrl(ctx)}?done=${what}`;
  });
  ctx.res.redirect(303, url);
}

const role = z
  .string()
  .default('')
  .transform((typed) => STAFF_ROLES.find((one) => one.role === typed)?.role)
  .refine((found) => found !== undefined, 'Choose a role.');

const Invitations = z.object({ emails: z.string().default('').pipe(z.string().max(6000)), role });

function inviteAll(ctx: RequestContext, secret: string) {
  const { req, actor } = ctx;
  const work = async ({ db }: RequestContext) => {
    await inviteMembers(db.knex, secret, actor, { ...readForm(Invitations, req.body), message: '' });
    return `${listUrl(ctx)}?done=invited`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, { person: null, values: submittedText(req.body), errors }));
}

const NewRole = z.object({ role, confirmed: z.string().default('') });

/** What takes rights away is done once the page has said which. */
async function saveRole(ctx: RequestContext) {
  const { db, req, res, actor } = ctx;
  const person = pathId(req, 'person');
  const values = submittedText(req.body);
  const [found] = await read(db.pool, actor, memberList(actor));
  const member = found.find(({ id }) => id === person);
  if (!member) throw new NotFound();
  const wanted = NewRole.safeParse(values).data;
  if (wanted && !wanted.confirmed && lostPermissions(member.role, wanted.role).length)
    return res.status(422).send(await page(ctx, { person, values, errors: {} }));
  const work = async ({ db }: RequestContext) => {
    await changeRole(db.knex, actor, person, readForm(NewRole, req.body).role);
    return `${listUrl(ctx)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, { person, values, errors }));
}
