import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { types } from '../../document_types/index.js';
import { isStartable } from '../../document_types/relations.js';
import { NotFound } from '../../errors.js';
import { defineView } from '../../pages/views/render.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { type SettingsSide, settingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { admins } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { DefaultText, defaultsOf, setDefaults } from './default_queries.js';

/** The default text of new documents, a form for each type. */
interface DefaultsInput {
  side: SettingsSide;
  types: TypeDefaults[];
}

interface TypeDefaults {
  name: string;
  label: string;
  action: string;
  terms: string;
  note: string;
  errors: Errors;
  /** It has text, or its form was submitted with errors: the form is open. */
  filled: boolean;
}

export const defaultsView = defineView<DefaultsInput>('home/defaults');

/** The page on which staff edit default text. */
export function defaults(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    '/:organization/desk/defaults',
    handle(admins, async (ctx) => ctx.res.send(await page(ctx, '', {}))),
  );
  router.post('/:organization/desk/defaults/:type', handle(admins, save));
  return router;
}

/** The types whose text is staff's own: not copied from a request, nor written by a vendor. */
const TYPES = types.filter((type) => isStartable(type) && type.startedBy === 'staff');

async function save(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const type = TYPES.find(({ name }) => name === req.params['type']);
  if (!type) throw new NotFound();
  const work = async ({ db }: RequestContext) => {
    await setDefaults(db.knex, actor, type.name, readForm(DefaultText, req.body));
    return `/${membership.slug}/desk/defaults?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, type.name, errors));
}

/** The page; the form of the `submitted` type shows what was typed instead of what is saved. */
async function page(ctx: RequestContext, submitted: string, errors: Errors): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const [saved] = await read(db.pool, actor, defaultsOf(actor));
  const forms = TYPES.map(({ name, plural }) => {
    const isSubmitted = name === submitted;
    const values: Partial<DefaultText> = isSubmitted
      ? submittedText(req.body)
      : (saved.find(({ type }) => type === name) ?? {});
    const { terms = '', note = '' } = values;
    return {
      name,
      label: t(plural),
      action: `/${membership.slug}/desk/defaults/${name}`,
      terms,
      note,
      errors: isSubmitted ? errors : {},
      filled: isSubmitted || Boolean(terms || note),
    };
  });
  const side = settingsSide(ctx, '/desk/defaults');
  return contextPage(ctx, defaultsView, t('Document defaults'), { side, types: forms });
}
