import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import type { Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { dataSubject, knownAddresses } from '../../people/data_rights/data_queries.js';
import { erasePerson } from '../../people/data_rights/erase_person.js';
import { submittedText } from '../../people/form_values.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { keptLines } from './data_view.js';
import { asSystem } from './downloads.js';
import { placeOf } from './person_data.js';

/** What erasing somebody means, and the form that does it. Posts email. */
interface EraseInput {
  title: string;
  back: Link;
  action: string;
  /** Names and addresses that are looked for. */
  sought: string[];
  kept: string[];
  /** As it is to be typed. */
  email: string;
  value: string;
  errors: Errors;
}

export const eraseView = defineView<EraseInput>('data_rights/erase');

export async function startErasing(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  ctx.res.send(await formPage(ctx, {}));
}

export async function eraseData(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  const { person_id, page } = placeOf(ctx);
  const typed = submittedText(ctx.req.body)['email'] ?? '';
  const work = async ({ db, actor }: RequestContext) => {
    await erasePerson(db.knex, actor, person_id, typed);
    return page;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, errors, typed));
}

/** @throws NotFound once they are erased */
async function formPage(ctx: RequestContext, errors: Errors, value = ''): Promise<string> {
  const { db, actor } = ctx;
  const { organization_id } = actor;
  const { person_id, page } = placeOf(ctx);
  const [[subject], addresses] = await read(
    db.pool,
    asSystem(ctx),
    dataSubject(organization_id, person_id),
    knownAddresses(organization_id, person_id),
  );
  if (!subject || subject.erasure_id) throw new NotFound();
  const t = translatorOf(ctx);
  const title = t('Erase the data of {{name}}', { name: subject.name });
  return contextPage(ctx, eraseView, title, {
    title,
    back: { href: page, label: `← ${t('Data of {{name}}', { name: subject.name })}` },
    action: `${page}/erase`,
    sought: [subject.name, ...addresses.map(({ email }) => shownAddress(email))],
    kept: keptLines(t),
    email: shownAddress(subject.email),
    value,
    errors,
  });
}
