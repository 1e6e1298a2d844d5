import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { api } from './api/api_routes.js';
import { apiDocs } from './api/docs_page.js';
import type { Config } from './config.js';
import type { Database } from './db/database.js';
import { requestBegan } from './db/reading/requests_first.js';
import { honouredSecrets } from './db/secrets.js';
import { demoRoutes } from './demo/mailbox/mailbox_routes.js';
import type { Lookup } from './mail/deliverability/dns.js';
import type { Printer } from './documents/queries/document_pdf.js';
import type { Storage } from './files/storage.js';
import { serveAssets } from './pages/assets.js';
import { oidcClient } from './people/credentials/oidc_clients.js';
import { lineAnswers } from './routes/proposals/line_answers.js';
import { activity } from './routes/activity/activity_page.js';
import { peopleAccess } from './routes/colleagues/people_access.js';
import { accounting } from './routes/accounting/accounting.js';
import { tokenSettings } from './routes/api_tokens/token_settings.js';
import { acts } from './routes/acts/acts.js';
import { actAs } from './routes/access/act_as.js';
import { securityLogPage } from './routes/access/security.js';
import { verifyPdf } from './routes/access/verify_pdf.js';
import { compare } from './routes/proposals/compare.js';
import { dataRights } from './routes/data_rights/data_rights.js';
import { defaults } from './routes/home/defaults.js';
import { emailDelivery } from './routes/mail_room/email_delivery.js';
import { desk } from './routes/home/desk.js';
import { documents } from './routes/documents/documents.js';
import { drafts } from './routes/drafts/drafts.js';
import { files } from './routes/documents/files.js';
import { limits } from './routes/limits/site_limits.js';
import { ownHostsOnly } from './routes/limits/own_hosts.js';
import { compressed } from './routes/shared/compressed.js';
import { ownFormsOnly, identifyVisitor } from './routes/shared/guard.js';
import { requestLog } from './routes/shared/request_log.js';
import { health } from './routes/machines/health.js';
import { inboundWebhooks } from './routes/machines/inbound_webhooks.js';
import { metrics } from './routes/machines/metrics_page.js';
import { magicLinks } from './routes/access/magic_links.js';
import { lists } from './routes/lists/lists.js';
import { live, type Listener } from './routes/conversation/live.js';
import { mailRoom } from './routes/mail_room/mail_room.js';
import { members } from './routes/members/member_list.js';
import { imports } from './routes/imports/import_routes.js';
import { organizations } from './routes/members/organizations.js';
import { organizationSettings } from './routes/organization/organization_settings.js';
import { notifications } from './routes/notifications/notifications.js';
import { partners } from './routes/partners/partners.js';
import { pay } from './routes/pay/pay_pages.js';
import { paymentRuns } from './routes/payment_runs/payment_runs.js';
import { payments } from './routes/payments/payment_pages.js';
import { checkoutOf } from './payments/gateways/checkout.js';
import { CHECKOUT_HOST } from './payments/gateways/stripe/stripe_checkout.js';
import { paymentMethods } from './routes/payment_methods/method_pages.js';
import { profile } from './routes/profile/profile.js';
import { projects } from './routes/projects/project_routes.js';
import { sharedFiles } from './routes/shared_files/shared_files.js';
import { subscriptions } from './routes/subscriptions/subscriptions.js';
import { gettingPaidSettings } from './routes/getting_paid/getting_paid.js';
import { gatewaySettings } from './routes/gateway_settings/gateway_settings.js';
import { sandbox } from './routes/machines/sandbox.js';
import { createPassport } from './routes/access/passport.js';
import { bank } from './routes/bank/bank.js';
import { search } from './routes/search/search_pages.js';
import { setup } from './routes/access/setup.js';
import { queues } from './routes/queues/queues.js';
import { reminders } from './routes/reminders/reminders.js';
import { settings } from './routes/settings/settings.js';
import { notFoundPage, errorPage } from './routes/errors/error_page.js';
import { signIn } from './routes/access/sign_in.js';
import { signInSettings } from './routes/settings_sign_in/sign_in_settings.js';
import { statements } from './routes/statements/statements.js';
import { styleguide } from './routes/machines/styleguide.js';
import { versions } from './routes/documents/versions.js';
import { unsubscribe } from './routes/access/unsubscribe.js';
import { webhooks } from './routes/machines/webhooks.js';
import { items } from './routes/items/items.js';
import { webhookSettings } from './routes/webhook_settings/webhook_settings.js';
import { taxes } from './routes/taxes/taxes.js';

/** What the site needs. `secret` is the installation's; `lookup` queries DNS. */
interface Parts {
  config: Config;
  db: Database;
  storage: Storage;
  printer: Printer;
  secret: string;
  lookup: Lookup;
  listener: Listener;
  log: Logger;
  /** What the process does, as its metrics name it. */
  roles: readonly string[];
  /** Aborted once it is to stop, while it still serves. */
  leaving: AbortSignal;
}

/** The site: its middleware in order, then its routes. */
export function createApp(parts: Parts): Express {
  const { config, db, storage, printer, secret, log, roles } = parts;
  const app = express();
  const secrets = honouredSecrets(secret, config);
  const checkout = checkoutOf(db, config, secrets);
  const clients = config.oidc_providers.map((provider) => oidcClient(provider, config.base_url));
  const passport = createPassport(db, config, secrets, clients);
  configure(app, config);
  app.use(health(db, parts.leaving));
  app.use(ownHostsOnly(config), metrics({ db, config, roles }), requestLog(log), goesFirst);
  app.use(helmet(headers(config)));
  app.use(compression(), compressed).use('/assets', serveAssets);
  app.use(webhooks(db, config, secrets), inboundWebhooks({ db: db.knex, config, secret, log }));
  app.use(api({ db, config, storage, checkout, passport, printer }), forOnePerson(config), unsubscribe(db, secrets));
  app.use(ownFormsOnly(config));
  app.use(express.urlencoded({ extended: false, limit: '1mb', parameterLimit: 6000 }));
  app.use(express.json({ limit: '1mb' }));
  app.use(identifyVisitor(passport), limits());
  addPages(app, { ...parts, secrets, checkout, clients, passport });
  app.use(notFoundPage, errorPage(db.pool, log));
  return app;
}

/** What the pages need beside the parts. */
interface SiteParts extends Parts {
  secrets: ReturnType<typeof honouredSecrets>;
  checkout: ReturnType<typeof checkoutOf>;
  clients: ReturnType<typeof oidcClient>[];
  passport: ReturnType<typeof createPassport>;
}

/** What people open, whoever they are. */
function addPages(app: Express, parts: SiteParts): void {
  const { config, db, storage, printer, secret, lookup, listener, secrets, checkout, clients, passport } = parts;
  app.use(documents(db)); // first, since it is what is opened most
  app.use(setup(db, config, secret), peopleAccess({ db, config, storage, secret, secrets }));
  app.use(apiDocs(config), verifyPdf(db, config), magicLinks(db, config), projects(db, config, storage));
  app.use(signIn({ db, config, secret, passport }, clients), actAs(config), securityLogPage(db));
  app.use(signInSettings(db, config, secrets), items(db, config, storage), tokenSettings(db));
  if (config.demo || config.mailbox) app.use(demoRoutes(db, config));
  if (!config.production) app.use(sandbox(db), styleguide());
  app.use(desk(db), defaults(db), members(db, secret), organizations(db, config), sharedFiles(db));
  app.use(activity(db), organizationSettings(db), imports(db, config, storage));
  app.use(mailRoom(db, storage), emailDelivery({ db, config, secret, lookup }), queues(db));
  app.use(profile({ db, config, storage, secrets }), partners(db), subscriptions(db), lists(db));
  app.use(
    settings(db, config, storage),
    reminders(db),
    gettingPaidSettings(db),
    taxes(db),
    dataRights(db, storage),
    search(db),
  );
  app.use(drafts(db, config, storage, printer), paymentRuns(db, config, secrets), gatewaySettings(db, config, secrets));
  app.use(live(db, listener), notifications(db, listener), paymentMethods(db, checkout), files(db, storage, printer));
  app.use(pay(db, checkout), payments(db, printer, checkout), bank(db, config, storage), statements(db, printer));
  app.use(accounting(db), webhookSettings(db, config, secrets));
  app.use(versions(db), lineAnswers(db), compare(db), acts(db, config, storage, checkout));
}

function configure(app: Express, config: Config): void {
  app.set('trust proxy', config.trust_proxy).set('open organizations', config.open_organizations);
  app.set('max file bytes', config.max_file_bytes).set('mail domain', config.mail_domain);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.disable('etag'); // no page is cached
}

/** Pages whose forms lead to Stripe's. */
const PAYING = /^\/[^/]+\/(?:documents\/[^/]+\/pay|pay|payments|payment-methods)(?:[/?]|$)/;

/** Nothing external is loaded, run or framed, and no referrer is sent. */
const headers = (config: Config): Parameters<typeof helmet>[0] => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      // Browsers hold it against where a form leads to in the end, too.
      formAction: ["'self'", ({ url = '' }) => (PAYING.test(url) ? `https://${CHECKOUT_HOST}` : "'self'")],
      frameAncestors: ["'none'"],
      frameSrc: ["'self'"],
    },
  },
  strictTransportSecurity: config.secure ? { maxAge: 31_536_000 } : false,
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});

/** Mail and jobs of this process wait until the request is answered. */
const goesFirst: express.RequestHandler = (_req, res, next) => {
  res.once('close', requestBegan());
  next();
};

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Pages are personal: not cached by proxies, not indexed by search engines. */
const forOnePerson =
  (config: Config): express.RequestHandler =>
  (req, res, next) => {
    res.set({ 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex' });
    // Over plain HTTP browsers send no Sec-Fetch-Site, and with no-referrer a form's Origin is "null", so that our own
    // forms would look like those of other sites.
    if (!config.secure && !LOCAL.has(req.hostname)) res.set('Referrer-Policy', 'same-origin');
    next();
  };
