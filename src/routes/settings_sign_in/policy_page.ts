import Big from 'big.js';
import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { currencyDigits, fromMinor } from '../../input/currency.js';
import { decimalMark, readNumber } from '../../input/read_number.js';
import { Invalid } from '../../errors.js';
import { submittedText } from '../../people/form_values.js';
import { policyOf, type SecurityPolicy, setPolicy } from '../../people/security_policy.js';
import { submitOnce } from '../acts/once.js';
import { settingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { admins } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { settingsUrl } from './fresh.js';
import { securityPolicyView } from './settings_views.js';

const PAGE = 'organization/security';

/** What the organization asks for before risky steps. For the owner and the admins. */
export function securityPolicy(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const path = `/:organization/settings/${PAGE}`;
  router.get(
    path,
    handle(admins, async (ctx) => ctx.res.send(await page(ctx))),
  );
  router.post(path, handle(admins, save));
  return router;
}

async function page(ctx: RequestContext, refused: Errors | null = null): Promise<string> {
  const { db, req, actor } = ctx;
  const [[policy]] = await read(db.pool, actor, policyOf(actor));
  const { currency = '', hold_unproven = false, partner_tokens = false } = policy ?? {};
  const shown = (minor: number | null = null) =>
    minor === null ? '' : fromMinor(minor, currency).replace('.', decimalMark(actor.locale));
  const amounts = {
    code_above: shown(policy?.code_above),
    two_approvals_above: shown(policy?.two_approvals_above),
  };
  return contextPage(ctx, securityPolicyView, translatorOf(ctx)('Security'), {
    side: settingsSide(ctx, PAGE),
    action: settingsUrl(ctx, PAGE),
    currency,
    values: refused ? submittedText(req.body) : { ...amounts, hold_unproven, partner_tokens },
    errors: refused ?? {},
  });
}

function save(ctx: RequestContext) {
  const work = async ({ db, actor }: RequestContext) => {
    const [[now]] = await read(ctx.db.pool, actor, policyOf(actor));
    const policy = readPolicy(submittedText(ctx.req.body), actor.locale, now?.currency ?? '');
    await withActor(db.knex, actor, (db) => setPolicy(db, actor, policy));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}

/** The largest amount that a document may have, in minor units. */
const MOST = 100_000_000_000_000;

/** @throws Invalid */
function readPolicy(typed: Record<string, string>, locale: string, currency: string): SecurityPolicy {
  const amount = (name: string) => readAmount(typed[name] ?? '', locale, currency, name);
  return {
    code_above: amount('code_above'),
    two_approvals_above: amount('two_approvals_above'),
    hold_unproven: typed['hold_unproven'] !== undefined,
    partner_tokens: typed['partner_tokens'] !== undefined,
  };
}

/** In minor units; null if it is left blank. @throws Invalid */
function readAmount(typed: string, locale: string, currency: string, field: string): number | null {
  if (!typed.trim()) return null;
  const decimal = readNumber(typed, locale);
  const minor = decimal === null ? null : Big(decimal).times(Big(10).pow(currencyDigits(currency)));
  const usable = minor !== null && minor.eq(minor.round()) && minor.gte(0) && minor.lte(MOST);
  if (!usable) throw new Invalid({ [field]: 'Enter an amount, or leave it blank.' });
  return minor.toNumber();
}
