import { type Request, type RequestHandler, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { setupKey } from '../../db/secrets.js';
import { usualInvoice } from '../../document_types/relations.js';
import { NotFound } from '../../errors.js';
import { localeOf } from '../../pages/languages.js';
import { renderPage } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { isSetUp, setUpFirst } from '../../people/organization.js';
import { parseSetup } from '../../people/setup_form.js';
import { currencyChoices, localeChoices, timeZoneChoices } from '../shared/select_options.js';
import { setSessionCookie } from '../shared/cookies.js';
import { type Errors, submit } from '../shared/form.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { RESERVED } from '../shared/guard.js';
import { setupView } from './views.js';

/**
 * The setup page of a new installation: creates the organization and signs its owner in. Not found once there is an
 * organization. In production it needs the key printed at startup, or the first visitor could take the installation.
 */
export function setup(db: Database, config: Config, secret: string): Router {
  const router = Router();
  const once: RequestHandler = async (req, _res, next) => {
    if (config.production && req.query['key'] !== setupKey(secret)) throw new NotFound();
    if (await isSetUp(db.pool)) throw new NotFound();
    next();
  };
  router.get('/setup', once, (req, res) => {
    res.send(formPage(req, config, startOf(req), {}));
  });

  router.post('/setup', once, (req, res) =>
    submit(
      res,
      i18nOf(bareLayout(req, '')).t,
      async () => {
        const { organization, owner } = parseSetup(req.body, RESERVED);
        setSessionCookie(
          res,
          config,
          await setUpFirst(
            db.knex,
            { ...organization, gateway: config.production ? null : 'sandbox' },
            owner,
            req.get('User-Agent') ?? '',
          ),
        );
        return `/${organization.slug}/${usualInvoice.path}/new`;
      },
      (errors) => formPage(req, config, { ...startOf(req), ...submittedText(req.body) }, errors),
    ),
  );
  return router;
}

/** What the form begins with: the language of the browser. */
const startOf = (req: Request) => ({
  currency: 'USD',
  locale: localeOf(bareLayout(req, '').locale),
  time_zone: 'UTC',
});

function formPage(req: Request, config: Config, values: Record<string, string>, errors: Errors): string {
  const layout = bareLayout(req, 'Set up your organization');
  const { locale = '', time_zone = '' } = values;
  return renderPage(
    setupView,
    { ...layout, wide: true },
    {
      action: req.originalUrl,
      values,
      errors,
      base_url: config.base_url,
      currencies: currencyChoices(layout.locale),
      locales: localeChoices(locale),
      time_zones: timeZoneChoices(time_zone),
    },
  );
}
