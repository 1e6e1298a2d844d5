import { type Request, type RequestHandler, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { NotAllowed, NotSignedIn } from '../../errors.js';
import { senderAddress } from '../../mail/address.js';
import type { Choice } from '../../pages/views/components.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView, renderPage } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { foundOrganization, mayFound } from '../../people/members/found_organization.js';
import { parseSetup } from '../../people/setup_form.js';
import { type Errors, submit } from '../shared/form.js';
import { identityOf, RESERVED } from '../shared/guard.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { currencyChoices, localeChoices, timeZoneChoices } from '../shared/select_options.js';

interface NewOrganizationInput {
  action: string;
  /** As typed. */
  values: Readonly<Record<string, string>>;
  errors: Errors;
  base_url: string;
  /** What its emails come from, with another local part. */
  example_address: string;
  /** Whose organization it will be. */
  email: string;
  currencies: Choice[];
  locales: Choice[];
  time_zones: Choice[];
}

export const newOrganizationPage = defineView<NewOrganizationInput, BareLayout>('members/new_organization');

/** Founding a further organization, whose owner is whoever founds it. */
export function organizations(db: Database, config: Config): Router {
  const router = Router();
  router.get('/organizations/new', founders(config), (req, res) => {
    const { organization_currency: currency = '', locale = '', time_zone = '' } = identityOf(req).memberships[0] ?? {};
    res.send(formPage(req, config, { currency, locale, time_zone }, {}));
  });
  router.post('/organizations', founders(config), (req, res) => {
    const work = async () => {
      const { name, email } = ownerOf(req);
      const { organization } = parseSetup({ ...submittedText(req.body), name, email }, RESERVED);
      await foundOrganization(
        db.knex,
        { ...organization, gateway: config.production ? null : 'sandbox' },
        { name, email },
      );
      return `/${organization.slug}/settings/members`;
    };
    return submit(res, i18nOf(bareLayout(req, '')).t, work, (errors) =>
      formPage(req, config, submittedText(req.body), errors),
    );
  });
  return router;
}

/** @throws NotSignedIn, NotAllowed */
const founders =
  ({ open_organizations }: Config): RequestHandler =>
  (req, _res, next) => {
    const identity = identityOf(req);
    if (!identity.user_id) throw new NotSignedIn();
    if (identity.assurance !== 'verified')
      throw new NotAllowed('This step needs a code, which we email to you.', { code: true });
    if (!mayFound(identity, open_organizations))
      throw new NotAllowed('Only the owner of an organization can add another.');
    next();
  };

function ownerOf(req: Request): { name: string; email: string } {
  const { memberships, email } = identityOf(req);
  const staff = memberships.find(({ partner_id }) => !partner_id);
  return { name: staff?.name ?? '', email: email ?? staff?.email ?? '' };
}

function formPage(req: Request, config: Config, values: Record<string, string>, errors: Errors): string {
  const layout = bareLayout(req, 'New organization');
  const { locale = '', time_zone = '' } = values;
  return renderPage(
    newOrganizationPage,
    { ...layout, wide: true },
    {
      action: '/organizations',
      values,
      errors,
      base_url: config.base_url,
      example_address: senderAddress('name', config.mail_domain),
      email: ownerOf(req).email,
      currencies: currencyChoices(layout.locale),
      locales: localeChoices(locale),
      time_zones: timeZoneChoices(time_zone),
    },
  );
}
