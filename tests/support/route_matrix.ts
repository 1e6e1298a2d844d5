import { type DocumentType, types } from '../../src/document_types/index.js';

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
  'POST /webhooks/sandbox': '401 401 401 401 401 401 401 401 401',
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
  'POST /sign-out': 'ok ok ok ok ok ok ok ok ok',
  'GET /': 'ok ok ok ok ok ok ok ok ok',
  'GET /styleguide': 'ok ok ok ok ok ok ok ok ok',
  'GET /sandbox/checkout/:organization_id/:payment_id': '404 404 404 404 404 404 404 404 404',
  'POST /sandbox/checkout/:organization_id/:payment_id': '404 404 404 404 404 404 404 404 404',
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
  'GET /:organization/bookmarks': 'in code code ok ok ok ok ok 404',
  'POST /:organization/bookmarks': '401 code code ok ok ok ok ok 404',
  'POST /:organization/bookmarks/:id': '401 code code ok ok ok ok ok 404',
  'POST /:organization/bookmarks/:id/remove': '401 code code 404 404 404 404 404 404',
  'GET /:organization/documents/:key/versions/:version': 'in ok code ok ok ok ok ok 404',
  'GET /:organization/desk': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/desk/defaults': 'in 404 404 404 404 no ok ok 404',
  'POST /:organization/desk/defaults/:type': '401 404 404 404 404 no 404 404 404',
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
  'GET /:organization/projects': 'in code code ok ok ok ok ok 404',
  'GET /:organization/projects/new': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/projects': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/projects/:key': 'in code code 404 ok ok ok ok 404',
  'GET /:organization/projects/:key/live': 'in 404 404 404 ok ok ok ok 404',
  'GET /:organization/projects/:key/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/projects/:key/view': '401 404 404 404 ok ok ok ok 404',
  'POST /:organization/projects/:key/:action': '401 404 404 404 ok ok ok ok 404',
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
  // Nobody there is several people.
  'POST /:organization/act-as': '401 404 404 404 404 404 404 404 404',
  'GET /:organization/partners': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/new': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner': 'in 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/contacts/new': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/contacts': '401 404 404 404 404 ok ok ok 404',
  'GET /:organization/partners/:partner/contacts/:contact/edit': 'in 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact': '401 404 404 404 404 ok ok ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/addresses/remove': '401 404 404 404 404 ok ok ok 404',
  // The first of them removes him.
  'POST /:organization/partners/:partner/contacts/:contact/remove': '401 404 404 404 404 ok 404 404 404',
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
  // What is asked for here was never paid.
  'GET /:organization/documents/:key/payments/:payment': 'in 404 404 404 404 404 404 404 404',
  'GET /:organization/documents/:key/pay': 'in ok code no ok no no no 404',
  'GET /:organization/documents/:key': 'in ok code ok ok ok ok ok 404',
  'POST /:organization/documents/:key/rows': '401 no 404 no no ok ok ok 404',
  'POST /:organization/documents/:key/view': '401 ok 404 ok ok ok ok ok 404',
  'POST /:organization/documents/:key/:action': '401 ok 404 ok ok ok ok ok 404',
};
