import { type DocumentType, types } from '../../src/document_types/index.js';
import type { RoleName } from './visitors.js';

/** A line for each type of document; a proposal can't be begun by hand. */
const lines = (line: (type: DocumentType) => [string, string], of = types) => Object.fromEntries(of.map(line));

const begun = types.filter(({ name }) => name !== 'proposal');

const theirs = ({ startedBy }: DocumentType) => startedBy === 'partner';

/**
 * Every route × every kind of visitor. The columns are: nobody; Maya by the link to this very document; Maya by a
 * link to another one; Ines, to whom this one was forwarded; Maya, signed in; Tom, a member of the staff; Ada, an
 * admin; Olivia, the owner; the same with everything of another organization. `in` is sign-in, `code` the step that
 * proves a mailbox, `no` what is not theirs to do, `404` what is not there for them, `ok` anything else but an error of
 * ours. A route without a line fails.
 */
export const MATRIX: Record<string, string> = {
  //              nobody link other guest maya member admin owner rival
  'GET /healthz': 'ok ok ok ok ok ok ok ok ok',
  'GET /readyz': 'ok ok ok ok ok ok ok ok ok',
  'GET /healthz/mail': 'ok ok ok ok ok ok ok ok ok',
  'GET /unsubscribe/:token': '404 404 404 404 404 404 404 404 404',
  'POST /unsubscribe/:token': '404 404 404 404 404 404 404 404 404',
  'POST /unsubscribe/:token/undo': '404 404 404 404 404 404 404 404 404',
  'POST /unsubscribe/:token/rhythm': '404 404 404 404 404 404 404 404 404',
  'POST /webhooks/sandbox': '401 401 401 401 401 401 401 401 401',
  'POST /webhooks/stripe/:organization': '401 401 401 401 401 401 401 401 401',
  // No provider's key is set: they are off.
  'POST /inbound/postmark': '404 404 404 404 404 404 404 404 404',
  'POST /inbound/mailgun': '404 404 404 404 404 404 404 404 404',
  'POST /inbound/mailgun/mime': '404 404 404 404 404 404 404 404 404',
  'POST /inbound/sendgrid': '404 404 404 404 404 404 404 404 404',
  'POST /inbound/ses': '404 404 404 404 404 404 404 404 404',
  'GET /setup': '404 404 404 404 404 404 404 404 404',
  'POST /setup': '404 404 404 404 404 404 404 404 404',
  'GET /in/:token': 'ok ok ok ok ok ok ok ok ok',
  'POST /switch': 'ok ok ok ok ok ok ok ok ok',
  'POST /fresh-link': 'ok ok ok ok ok ok ok ok ok',
  'GET /check': 'ok ok ok ok ok ok ok ok ok',
  'POST /check': 'ok ok ok ok ok ok ok ok ok',
  'GET /sign-in': 'ok ok ok ok ok ok ok ok ok',
  'POST /sign-in': 'ok ok ok ok ok ok ok ok ok',
  'GET /verify': 'ok ok ok ok ok ok ok ok ok',
  'POST /verify': 'ok ok ok ok ok ok ok ok ok',
  'GET /sign-in/code': 'ok ok ok ok ok ok ok ok ok',
  'POST /sign-in/code': 'ok ok ok ok ok ok ok ok ok',
  'GET /sign-in/link/:token': 'ok ok ok ok ok ok ok ok ok',
  'POST /sign-in/link/:token': 'ok ok ok ok ok ok ok ok ok',
  'GET /sign-in/password': 'ok ok ok ok ok ok ok ok ok',
  'POST /sign-in/password': 'ok ok ok ok ok ok ok ok ok',
  'GET /sign-in/second-step': 'ok ok ok ok ok ok ok ok ok',
  'POST /sign-in/second-step': 'ok ok ok ok ok ok ok ok ok',
  'POST /sign-in/passkey/options': 'ok ok ok ok ok ok ok ok ok',
  'POST /sign-in/passkey': 'ok ok ok ok ok ok ok ok ok',
  // No provider is set.
  'GET /sign-in/with/:provider': '404 404 404 404 404 404 404 404 404',
  'GET /sign-in/with/:provider/callback': '404 404 404 404 404 404 404 404 404',
  'POST /sign-in/with/:provider/callback': '404 404 404 404 404 404 404 404 404',
  'POST /sign-out': 'ok ok ok ok ok ok ok ok ok',
  'GET /': 'ok ok ok ok ok ok ok ok ok',
  'GET /styleguide': 'ok ok ok ok ok ok ok ok ok',
  'GET /sandbox/checkout/:organization_id/:id': '404 404 404 404 404 404 404 404 404',
  'POST /sandbox/checkout/:organization_id/:id': '404 404 404 404 404 404 404 404 404',
  'GET /sandbox/checkout/:organization_id/:id/confirm': '404 404 404 404 404 404 404 404 404',
  'POST /sandbox/checkout/:organization_id/:id/confirm': '404 404 404 404 404 404 404 404 404',
  'GET /sandbox/store/:organization_id/:id': '404 404 404 404 404 404 404 404 404',
  'POST /sandbox/store/:organization_id/:id': '404 404 404 404 404 404 404 404 404',
  'GET /sandbox/store/:organization_id/:id/confirm': '404 404 404 404 404 404 404 404 404',
  'POST /sandbox/store/:organization_id/:id/confirm': '404 404 404 404 404 404 404 404 404',
  // No invitation has this token.
  'GET /invitation/:token': 'ok ok ok ok ok ok ok ok ok',
  'POST /invitation/:token': 'ok ok ok ok ok ok ok ok ok',
  'POST /invitation/:token/renew': 'ok ok ok ok ok ok ok ok ok',
  'POST /invitation/:token/sign-out': 'ok ok ok ok ok ok ok ok ok',
  'GET /:organization/terms': 'ok ok ok ok ok ok ok ok ok',
  'POST /:organization/terms/accept': '401 code code 404 ok 404 404 404 404',
  'GET /:organization/privacy': 'ok ok ok ok ok ok ok ok ok',
  // Nobody there was invited.
  'GET /:organization/activation/profile': 'in code code 404 404 404 404 404 404',
  'POST /:organization/activation/profile': '401 code code 404 404 404 404 404 404',
  'GET /:organization/activation/overview': 'in code code 404 404 404 404 404 404',
  'POST /:organization/activation/overview': '401 code code 404 404 404 404 404 404',
  'GET /:organization/activation/done': 'in code code 404 404 404 404 404 404',
  // Maya is no manager.
  'GET /:organization/colleagues': 'in code code no ok 404 404 404 404',
  'GET /:organization/colleagues/new': 'in code code no no 404 404 404 404',
  'POST /:organization/colleagues': '401 code code no no 404 404 404 404',
  'GET /:organization/colleagues/:person': 'in code code no no 404 404 404 404',
  'POST /:organization/colleagues/:person': '401 code code no no 404 404 404 404',
  'POST /:organization/colleagues/:person/invite': '401 code code no no 404 404 404 404',
  'POST /:organization/colleagues/:person/withdraw': '401 code code no no 404 404 404 404',
  'POST /:organization/colleagues/:person/remove': '401 code code no no 404 404 404 404',
  'POST /:organization/modules/:module/ask': '401 code code 404 404 404 404 404 404',
  'GET /:organization/settings/organization/portal': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/portal': '401 404 404 404 404 no ok ok 404',
  'GET /:organization': 'in code code ok ok ok ok ok 404',
  ...lines((type) => [`GET /:organization/${type.path}`, 'in code code ok ok ok ok ok 404']),
  // Maya buys: she has no bills to send.
  ...lines(
    (type) => [
      `GET /:organization/${type.path}/new`,
      theirs(type) ? 'in code code no 404 ok ok ok 404' : 'in 404 404 404 404 ok ok ok 404',
    ],
    begun,
  ),
  ...lines(
    (type) => [
      `POST /:organization/${type.path}/new`,
      theirs(type) ? '401 code code no 404 ok ok ok 404' : '401 404 404 404 404 ok ok ok 404',
    ],
    begun,
  ),
  'GET /:organization/documents': 'in code code ok ok ok ok ok 404',
  'GET /:organization/notifications': 'in code code ok ok ok ok ok 404',
  'GET /:organization/notifications/live': 'in code code ok ok ok ok ok 404',
  'POST /:organization/notifications/read': '401 code code ok ok ok ok ok 404',
  // None of theirs has this id.
  'POST /:organization/notifications/:id/read': '401 code code 404 404 404 404 404 404',
  'POST /:organization/notifications/:id/mute': '401 code code 404 404 404 404 404 404',
  'POST /:organization/notifications/:id/unmute': '401 code code 404 404 404 404 404 404',
  'GET /:organization/settings/notifications': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/notifications': '401 code code ok ok ok ok ok 404',
  'GET /:organization/settings': 'in code code ok ok ok ok ok 404',
  'GET /:organization/settings/profile': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/profile': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/profile/photo': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/profile/photo/remove': '401 code code ok ok ok ok ok 404',
  // Nobody has a photo.
  'GET /:organization/people/:person/photo': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/settings/preferences': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/preferences': '401 code code ok ok ok ok ok 404',
  'GET /:organization/settings/menu': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/menu': '401 code code ok ok ok ok ok 404',
  'GET /:organization/settings/saved-views': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/saved-views': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/saved-views/:view': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/saved-views/:view/move': '401 code code 404 404 404 404 404 404',
  'POST /:organization/settings/saved-views/:view/remove': '401 code code 404 404 404 404 404 404',
  'POST /:organization/settings/saved-views/:view/restore': '401 code code 404 404 404 404 404 404',
  'GET /:organization/settings/data': 'in code code ok ok ok ok ok 404',
  // Each signed in some time ago.
  'POST /:organization/settings/data/download': '401 code code code code code code code 404',
  'GET /:organization/settings/data/archive': 'in code code code code code code code 404',
  'POST /:organization/settings/data/ask': '401 code code ok ok ok ok 404 404',
  // Nobody has this id.
  'GET /:organization/people/:person/data': 'in 404 404 404 404 no 404 404 404',
  'POST /:organization/people/:person/data/download': '401 404 404 404 404 no code code 404',
  'GET /:organization/people/:person/data/archive': 'in 404 404 404 404 no code code 404',
  'GET /:organization/people/:person/data/erase': 'in 404 404 404 404 no code code 404',
  'POST /:organization/people/:person/data/erase': '401 404 404 404 404 no code code 404',
  'GET /:organization/settings/organization/privacy': 'in 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/time': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/time': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/rates': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/rates': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/taxes': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/taxes': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/taxes/new': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/taxes/default': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/taxes/:tax': 'in 404 404 404 404 no 404 404 404',
  'POST /:organization/settings/organization/taxes/:tax': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/settings/organization/taxes/:tax/remove': '401 404 404 404 404 no 404 404 404',
  'GET /:organization/settings/organization/online-payment': 'in 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/online-payment/keys': 'in 404 404 404 404 no code code 404',
  'POST /:organization/settings/organization/online-payment/keys': '401 404 404 404 404 no code code 404',
  'POST /:organization/settings/organization/online-payment/old-secret/remove': '401 404 404 404 404 no code code 404',
  'POST /:organization/settings/organization/online-payment/remove': '401 404 404 404 404 no code code 404',
  'GET /:organization/settings/organization/getting-paid': 'in 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/getting-paid/details': 'in 404 404 404 404 no code code 404',
  'POST /:organization/settings/organization/getting-paid/details': '401 404 404 404 404 no code code 404',
  'POST /:organization/settings/organization/getting-paid/methods': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/getting-paid/accounts/new': 'in 404 404 404 404 no code code 404',
  'POST /:organization/settings/organization/getting-paid/accounts': '401 404 404 404 404 no code code 404',
  'POST /:organization/settings/organization/getting-paid/accounts/:account/remove':
    '401 404 404 404 404 no code code 404',
  'GET /:organization/documents/:key/versions/:version': 'in ok code ok ok ok ok ok 404',
  'GET /:organization/desk': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/desk/defaults': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/desk/defaults/:type': '401 404 404 404 404 no 404 404 404',
  'GET /:organization/bank': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/bank': '401 404 404 404 404 no ok ok 404',
  // No entry has this id.
  'POST /:organization/bank/:entry/record': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/bank/:entry/ignore': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/bank/:entry/reopen': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/payment-runs': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/payment-runs': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/payment-runs/new': 'in 404 404 404 404 no ok ok 404',
  // No run has this id.
  'GET /:organization/payment-runs/:run': 'in 404 404 404 404 no 404 404 404',
  'GET /:organization/payment-runs/:run/export': 'in 404 404 404 404 no code code 404',
  'POST /:organization/payment-runs/:run/export': '401 404 404 404 404 no code code 404',
  'GET /:organization/payment-runs/:run/file': 'in 404 404 404 404 no code code 404',
  'POST /:organization/payment-runs/:run/record': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/payment-runs/:run/cancel': '401 404 404 404 404 no 404 404 404',
  'GET /:organization/settings/members': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/settings/members': '401 404 404 404 404 no ok ok 404',
  // What is asked for here is nobody's.
  'GET /:organization/settings/members/:person': 'in 404 404 404 404 404 404 404 404',
  'POST /:organization/settings/members/:person/role': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/settings/members/:person/limits': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/settings/members/:person/resend': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/settings/members/:person/withdraw': '401 404 404 404 404 no 404 404 404',
  'POST /:organization/settings/members/:person/absence': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/settings/members/:person/absence/cancel': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/settings/members/:person/remove': '401 404 404 404 404 404 404 404 404',
  'GET /organizations/new': 'in code code no no no no ok ok',
  'POST /organizations': '401 code code no no no no ok ok',
  'GET /:organization/subscriptions': 'in code code ok ok ok ok ok 404',
  'GET /:organization/subscriptions/new': 'in 404 404 404 404 ok ok ok 404',
  // The form names no customer.
  'POST /:organization/subscriptions': '401 404 404 404 404 404 404 404 404',
  'GET /:organization/subscriptions/:key': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/subscriptions/:key/live': 'in 404 404 404 ok ok ok ok 404',
  'GET /:organization/subscriptions/:key/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/subscriptions/:key/view': '401 404 404 404 ok ok ok ok 404',
  'POST /:organization/subscriptions/:key/:action': '401 404 404 404 ok ok ok ok 404',
  'GET /:organization/shared-files': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/shared-files/:key': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/shared-files/:key/files/:file': 'in 404 404 404 ok ok ok ok 404',
  'GET /:organization/shared-files/:key/live': 'in 404 404 404 ok ok ok ok 404',
  'POST /:organization/shared-files/:key/view': '401 404 404 404 ok ok ok ok 404',
  'POST /:organization/shared-files/:key/:action': '401 404 404 404 ok ok ok ok 404',
  'GET /:organization/projects': 'in code code ok ok ok ok ok 404',
  'GET /:organization/projects/new': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/projects': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/projects/:key/finances': 'in code code 404 ok ok ok ok 404',
  // The time of this one is not shown to its customer.
  'GET /:organization/projects/:key/time': 'in code code 404 404 ok ok ok 404',
  'POST /:organization/projects/:key/time/log': '401 code code 404 404 ok ok ok 404',
  'GET /:organization/projects/:key/time/report': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key/time/report.csv': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key/time/settings': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key/budget': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key/budget/export': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key/budget/import': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/projects/:key/budget/import': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/projects/:key/budget/make': '401 404 404 404 404 404 404 404 404',
  'GET /:organization/projects/:key/comments': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/projects/:key/schedule': 'in code code 404 ok ok ok ok 404',
  'POST /:organization/projects/:key/schedule': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key/sharing': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/projects/:key/sharing': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/project-templates': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/project-templates': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/project-templates/:template/rename': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/project-templates/:template/delete': '401 404 404 404 404 404 404 404 404',
  'GET /:organization/projects/:key/live': 'in 404 404 404 ok ok ok ok 404',
  'GET /:organization/projects/:key/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/projects/:key/view': '401 404 404 404 ok ok ok ok 404',
  'POST /:organization/projects/:key/:action': '401 404 404 404 ok ok ok ok 404',
  'GET /:organization/projects/:key/calendar': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/projects/:key/calendar/new': 'in 404 404 404 ok ok ok ok 404',
  'POST /:organization/projects/:key/events': '401 404 404 404 ok ok ok ok 404',
  'GET /:organization/calendar': 'in code code ok ok ok ok ok 404',
  'GET /:organization/settings/calendar': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/calendar': '401 code code ok ok ok ok ok 404',
  // No calendar address has this token.
  'GET /calendar/:token.ics': '404 404 404 404 404 404 404 404 404',
  'GET /:organization/events/:key': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/events/:key/edit': 'in code code 404 no ok ok ok 404',
  'GET /:organization/events/:key/live': 'in 404 404 404 ok ok ok ok 404',
  'POST /:organization/events/:key/view': '401 404 404 404 ok ok ok ok 404',
  'POST /:organization/events/:key/:action': '401 404 404 404 ok ok ok ok 404',
  'GET /:organization/tasks/:key': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/tasks/:key/live': 'in 404 404 404 ok ok ok ok 404',
  'POST /:organization/tasks/:key/view': '401 404 404 404 ok ok ok ok 404',
  'POST /:organization/tasks/:key/:action': '401 404 404 404 ok ok ok ok 404',
  'GET /:organization/mail-room': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/mail-room/:id': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/mail-room/:id/preview': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/mail-room/:id/original': 'in 404 404 404 404 404 404 404 404',
  'POST /:organization/mail-room/:id/place': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/mail-room/:id/assign': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/mail-room/:id/contact': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/mail-room/:id/address': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/mail-room/:id/replay': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/mail-room/:id/refuse': '401 404 404 404 404 404 404 404 404',
  'POST /:organization/mail-room/:id/set-aside': '401 404 404 404 404 404 404 404 404',
  'GET /:organization/delivery': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/delivery/check': '401 404 404 404 404 no ok ok 404',
  'POST /:organization/delivery/key': '401 404 404 404 404 no ok ok 404',
  'POST /:organization/delivery/test': '401 404 404 404 404 no ok ok 404',
  'POST /:organization/delivery/trust/:person': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/security': 'in 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/sign-in': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/sign-in/password': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/sign-in/password/remove': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/sign-in/passkeys/options': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/sign-in/passkeys': '401 code code ok ok ok ok ok 404',
  // Nobody has a passkey of that id.
  'POST /:organization/settings/sign-in/passkeys/:id': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/sign-in/passkeys/:id/remove': '401 code code 404 404 404 404 404 404',
  // Only staff have a second step.
  'POST /:organization/settings/sign-in/totp': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/settings/sign-in/totp': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/settings/sign-in/totp/confirm': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/settings/sign-in/totp/remove': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/sign-in/recovery-codes': '401 code code 404 404 404 404 404 404',
  'GET /:organization/settings/sign-in/recovery-codes': 'in code code ok ok ok ok ok 404',
  'GET /:organization/settings/devices': 'in code code ok ok ok ok ok 404',
  'POST /:organization/settings/devices/sign-out-others': '401 code code ok ok ok ok ok 404',
  'POST /:organization/settings/devices/:id/sign-out': '401 code code 404 404 404 404 404 404',
  'GET /:organization/settings/organization/security': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/security': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/reminders': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/reminders': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/partners/:partner/statement/email': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/statement/email': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/statement/monthly': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/settings/organization/reminders/wording': 'in 404 404 404 404 no ok ok 404',
  'GET /:organization/settings/organization/reminders/late-charges': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/reminders/late-charges': '401 404 404 404 404 no ok ok 404',
  'POST /:organization/settings/organization/reminders/wording': '401 404 404 404 404 no ok ok 404',
  // Nobody there is several people.
  'POST /:organization/act-as': '401 404 404 404 404 404 404 404 404',
  // Maya is no manager of her company: she reads its profile. What is asked for by an id is not there.
  'GET /:organization/profile': 'in code code 404 ok 404 404 404 404',
  'GET /:organization/profile/edit': 'in code code 404 no 404 404 404 404',
  'POST /:organization/profile/edit': '401 code code 404 no 404 404 404 404',
  'POST /:organization/profile/confirm': '401 code code 404 no 404 404 404 404',
  'GET /:organization/profile/banking/new': 'in code code 404 no 404 404 404 404',
  'POST /:organization/profile/banking': '401 code code 404 no 404 404 404 404',
  'GET /:organization/profile/banking/:account': 'in code code 404 no 404 404 404 404',
  'POST /:organization/profile/banking/:account/show': '401 code code 404 no 404 404 404 404',
  'POST /:organization/profile/banking/:account/remove': '401 code code 404 no 404 404 404 404',
  'GET /:organization/profile/files/new': 'in code code 404 no 404 404 404 404',
  'POST /:organization/profile/files': '401 code code 404 no 404 404 404 404',
  'GET /:organization/profile/files/:id/:name': 'in code code 404 404 404 404 404 404',
  'GET /:organization/statement': 'in code code 404 ok 404 404 404 404',
  'GET /:organization/partners/:partner/statement': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/profile': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/profile/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/profile/edit': '401 404 404 404 404 ok ok ok 404',
  // Bank details take a permission that members haven't, and a code that was typed just now.
  'GET /:organization/partners/:partner/profile/banking/new': 'in 404 404 404 404 no code code 404',
  'POST /:organization/partners/:partner/profile/banking': '401 404 404 404 404 no code code 404',
  'GET /:organization/partners/:partner/profile/banking/:account': 'in 404 404 404 404 no 404 404 404',
  'POST /:organization/partners/:partner/profile/banking/:account/show': '401 404 404 404 404 no code code 404',
  'POST /:organization/partners/:partner/profile/banking/:account/remove': '401 404 404 404 404 no code code 404',
  'GET /:organization/partners/:partner/profile/files/new': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/profile/files': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/profile/files/:id/:name': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/partners': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/new': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/late-charges': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/late-charges': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/reminders': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/taxes': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/bank-debit': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/partners/:partner/contacts/new': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/contacts': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/contacts/:contact/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/addresses/remove': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/invite': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/partners/:partner/invite': '401 404 404 404 404 no ok ok 404',
  'GET /:organization/partners/:partner/contacts/:contact/access': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/access': '401 404 404 404 404 no ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/invite': '401 404 404 404 404 no ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/withdraw': '401 404 404 404 404 no ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/full': '401 404 404 404 404 no ok ok 404',
  // The first of them removes him.
  'POST /:organization/partners/:partner/contacts/:contact/remove': '401 404 404 404 404 no ok 404 404',
  'GET /:organization/documents/:key/edit': 'in no 404 no no ok ok ok 404',
  'GET /:organization/documents/:key/answer': 'in ok code ok ok ok ok ok 404',
  'GET /:organization/documents/:key/compare': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/documents/:key/preview': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/documents/:key/preview': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/documents/:key/preview/pdf': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/documents/:key/preview/email': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/documents/:key/live': 'in ok 404 ok ok ok ok ok 404',
  'GET /:organization/documents/:key/pdf': 'in ok code ok ok ok ok ok 404',
  'GET /:organization/files/:id/:name': 'in ok 404 ok ok ok ok ok 404',
  // None has this id.
  'GET /:organization/payment-methods': 'in code code 404 ok 404 404 404 404',
  'POST /:organization/payment-methods': '401 code code 404 ok 404 404 404 404',
  'POST /:organization/payment-methods/:method/default': '401 code code 404 404 404 404 404 404',
  'POST /:organization/payment-methods/:method/remove': '401 code code 404 404 404 404 404 404',
  // What is asked for here was never paid.
  'GET /:organization/payments': 'in code code ok ok ok ok ok 404',
  'GET /:organization/payments/:payment': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/payments/:payment/pdf': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/documents/:key/pay': 'in ok code no ok no no no 404',
  'GET /:organization/pay': 'in ok ok no ok 404 404 404 404',
  'POST /:organization/pay': '401 ok ok no ok 404 404 404 404',
  'POST /:organization/payments/:payment/checkout': '401 404 404 404 404 404 404 404 404',
  'GET /:organization/documents/:key': 'in ok code ok ok ok ok ok 404',
  'POST /:organization/documents/:key/rows': '401 no 404 no no ok ok ok 404',
  'POST /:organization/documents/:key/view': '401 ok 404 ok ok ok ok ok 404',
  'POST /:organization/documents/:key/:action': '401 ok 404 ok ok ok ok ok 404',
};

const each = (outcome: string, routes: readonly string[]) =>
  Object.fromEntries(routes.map((route) => [route.replace(' ', ' /:organization'), outcome]));

const startsOf = (modules: readonly string[]) =>
  begun.filter(({ module }) => modules.includes(module)).map(({ path }) => `GET /${path}/new`);

/** What takes neither message nor money: partners, projects, mail that waits. */
const NO_DESK = each('no', [
  ...['GET /projects/new', 'POST /projects', 'GET /projects/:key/edit'],
  ...['POST /projects/:key/schedule', 'GET /projects/:key/sharing', 'POST /projects/:key/sharing'],
  ...['GET /project-templates', 'POST /project-templates'],
  ...['rename', 'delete'].map((deed) => `POST /project-templates/:template/${deed}`),
  ...['GET /projects/:key/calendar/new', 'POST /projects/:key/events', 'GET /events/:key/edit'],
  ...['POST /projects/:key/time/log', 'GET /projects/:key/time/settings'],
  ...['GET /projects/:key/budget/import', 'POST /projects/:key/budget/import', 'POST /projects/:key/budget/make'],
  ...['place', 'assign', 'contact', 'address', 'replay', 'refuse', 'set-aside'].map(
    (action) => `POST /mail-room/:id/${action}`,
  ),
  ...['GET /partners/new', 'POST /partners', 'GET /partners/:partner/edit', 'POST /partners/:partner'],
  ...['GET /partners/:partner/contacts/new', 'POST /partners/:partner/contacts'],
  ...['GET /partners/:partner/contacts/:contact/edit', 'POST /partners/:partner/contacts/:contact'],
  'POST /partners/:partner/contacts/:contact/addresses/remove',
  ...['GET /partners/:partner/profile/edit', 'POST /partners/:partner/profile/edit'],
  ...['GET /partners/:partner/profile/files/new', 'POST /partners/:partner/profile/files'],
  'POST /requests/new',
]);

/** Bank details take a code that was typed just now; none has this id. */
const banking = (profile: string) => ({
  ...each('code', [`GET ${profile}/banking/new`, `POST ${profile}/banking`]),
  ...each('code', [`POST ${profile}/banking/:account/show`, `POST ${profile}/banking/:account/remove`]),
  ...each('404', [`GET ${profile}/banking/:account`]),
});

/** What came into the organization's accounts; no entry has this id. */
const BANK = {
  ...each('ok', ['GET /bank', 'POST /bank', 'POST /bank/:entry/reopen']),
  ...each('404', ['POST /bank/:entry/record', 'POST /bank/:entry/ignore']),
};

/** The organization's taxes; none has this id. */
const TAXES_PAGE = '/settings/organization/taxes';
const TAXES = {
  ...each('ok', [`GET ${TAXES_PAGE}`, `POST ${TAXES_PAGE}`, `GET ${TAXES_PAGE}/new`, `POST ${TAXES_PAGE}/default`]),
  ...each('404', [`GET ${TAXES_PAGE}/:tax`, `POST ${TAXES_PAGE}/:tax`, `POST ${TAXES_PAGE}/:tax/remove`]),
};

/** Paying vendors; no run has this id. */
const RUNS = {
  ...each('ok', ['GET /payment-runs', 'POST /payment-runs', 'GET /payment-runs/new']),
  ...each('404', ['GET /payment-runs/:run', 'POST /payment-runs/:run/record', 'POST /payment-runs/:run/cancel']),
};

/** A run's file holds bank details. */
const RUN_FILES = ['GET /payment-runs/:run/export', 'POST /payment-runs/:run/export', 'GET /payment-runs/:run/file'];

/** A colleague of nobody's id. */
const COLLEAGUE = ['GET', 'POST'].map((method) => `${method} /colleagues/:person`);

const ACCESS = ['access', 'invite', 'withdraw', 'full'];
const CONTACT = '/partners/:partner/contacts/:contact';

/** The columns of Maya, a contact in the role of a member, and of Tom, a member of the staff. */
const [MAYA, TOM] = [4, 5];

/** The other roles of both sides: what each meets where a column's visitor does, but for these routes. */
export const ROLES: readonly { role: RoleName; like: number; but: Readonly<Record<string, string>> }[] = [
  {
    role: 'manager',
    like: TOM,
    but: {
      ...each('ok', ['GET /partners/:partner/invite', 'POST /partners/:partner/invite']),
      ...each('ok', [`GET ${CONTACT}/access`, ...ACCESS.map((action) => `POST ${CONTACT}/${action}`)]),
      ...BANK,
      ...RUNS,
      ...each('ok', ['POST /partners/:partner/bank-debit']),
      // An admin has removed him.
      ...each('404', [`POST ${CONTACT}/remove`]),
    },
  },
  {
    role: 'accountant',
    like: TOM,
    but: {
      ...NO_DESK,
      ...each('no', startsOf(['quotes', 'orders', 'requests', 'purchase_orders', 'bills'])),
      ...banking('/partners/:partner/profile'),
      ...BANK,
      ...TAXES,
      ...RUNS,
      ...each('code', RUN_FILES),
      ...each('ok', ['POST /partners/:partner/bank-debit']),
    },
  },
  {
    role: 'viewer',
    like: TOM,
    but: {
      'POST /:organization/partners/:partner/reminders': 'no',
      'GET /:organization/partners/:partner/late-charges': 'no',
      'POST /:organization/partners/:partner/late-charges': 'no',
      'POST /:organization/partners/:partner/taxes': 'no',
      'POST /:organization/partners/:partner/statement/monthly': 'no',
      ...NO_DESK,
      ...each(
        'no',
        begun.map(({ path }) => `GET /${path}/new`),
      ),
      ...each('no', ['GET /documents/:key/edit', 'POST /documents/:key/preview', 'POST /documents/:key/rows']),
      ...each('no', ['GET /subscriptions/new', 'POST /subscriptions', 'GET /subscriptions/:key/edit']),
    },
  },
  // It is amounts that are limited.
  { role: 'limited', like: TOM, but: {} },
  {
    role: 'contact_manager',
    like: MAYA,
    but: {
      ...each('ok', ['GET /colleagues/new', 'POST /colleagues']),
      ...each('404', [
        ...COLLEAGUE,
        ...['invite', 'withdraw', 'remove'].map((act) => `POST /colleagues/:person/${act}`),
      ]),
      ...each('ok', ['GET /profile/edit', 'POST /profile/edit', 'POST /profile/confirm']),
      ...each('ok', ['GET /profile/files/new', 'POST /profile/files']),
      ...banking('/profile'),
    },
  },
  { role: 'contact_accountant', like: MAYA, but: banking('/profile') },
  {
    role: 'contact_viewer',
    like: MAYA,
    but: each('no', [
      ...['GET /bills/new', 'POST /bills/new', 'GET /documents/:key/pay', 'GET /payment-methods'],
      ...['GET /pay', 'POST /pay'],
      ...['', '/:method/default', '/:method/remove'].map((path) => `POST /payment-methods${path}`),
    ]),
  },
];
