import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { defaultsOf, setDefaults } from './default_queries.js';
import { types } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import { formInput } from '../drafts/draft_request.js';
import { type Errors, submit } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

/** What new documents begin with, type by type. */
export function defaults(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get(
    '/:organization/desk/defaults',
    ctx(staff, async (at) => at.res.send(await page(at, '', {}))),
  );
  router.post('/:organization/desk/defaults/:type', ctx(staff, save));
  return router;
}

const settable = types.filter(({ name }) => name !== 'proposal' && name !== 'bill');

async function save(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const type = settable.find(({ name }) => name === req.params['type']);
  if (!type) throw new NotFound();
  const work = async () => {
    await setDefaults(db.knex, actor, type.name, formInput(ctx));
    return `/${membership.slug}/desk/defaults?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) => page(ctx, type.name, errors));
}

/** The page; the form that was sent back keeps what was typed. */
async function page(ctx: RequestContext, sent: string, errors: Errors): Promise<string> {
  const { db, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const [known] = await read(db.pool, actor, defaultsOf(actor));
  const input = formInput(ctx);
  const shown = settable.map(({ name, plural }) => {
    const values = name === sent ? input : known.find(({ type }) => type === name);
    const text = (field: 'terms' | 'note') => (typeof values?.[field] === 'string' ? values[field] : '');
    return {
      name,
      label: t(plural),
      action: `/${membership.slug}/desk/defaults/${name}`,
      terms: text('terms'),
      note: text('note'),
      errors: name === sent ? errors : {},
      filled: Boolean(text('terms') || text('note')) || name === sent,
    };
  });
  return contextPage(ctx, 'home/defaults', t('What new documents begin with'), { types: shown });
}
