import type { Knex } from 'knex';
import { type DocumentType, types } from '../../../src/document_types/index.js';
import { isStartable } from '../../../src/document_types/relations.js';
import { planningPages } from './project_planning.js';
import { timePages } from './project_time.js';
import { searchPages } from './search.js';
import { commentPages, newestComment } from './comments.js';

/** What the pages of an organization are addressed by. */
export interface Place {
  slug: string;
  /** By type, the number of a document that was sent. */
  numbers: Record<string, string>;
  /** Ids. `cursor` and `partner_cursor`: rows in the middle of their lists. */
  customer: string;
  contact: string;
  vendor: string;
  vendor_contact: string;
  project: string;
  comment: string;
  cursor: string;
  partner_cursor: string;
  file: string;
  shared_file: string;
  /** The path of a payment's receipt. */
  receipt: string;
  message: string;
  message_cursor: string;
}

/** Looks up what the story has left in an organization, as the system actor. */
export async function placeIn(db: Knex.Transaction, slug: string): Promise<Place> {
  const find = async (query: Knex.QueryBuilder): Promise<string> => String((await query.first('id'))?.id);
  const sent = await db('documents')
    .where('version', '>', 0)
    .whereNot({ sha256: '' })
    .orderBy('id')
    .select('type', 'number');
  const contact = await db('people').where({ email: 'maya@maple.example' }).first('id', 'partner_id');
  const { id } = await db('payments').where({ gateway: 'recorded', state: 'succeeded' }).orderBy('id').first('id');
  const project = await find(db('projects').where({ key: 'MAPLE' }));
  return {
    slug,
    numbers: Object.fromEntries(sent.map(({ type, number }) => [type, number])),
    customer: contact.partner_id,
    contact: contact.id,
    vendor: await find(db('partners').where({ name: 'Northern Timber' })),
    vendor_contact: await find(db('people').where({ email: 'erik@northern.example' })),
    project,
    comment: await newestComment(db, project),
    receipt: `/payments/${id}`,
    cursor: await find(db('documents').where({ type: 'invoice' }).orderBy('id').offset(200)),
    partner_cursor: await find(db('partners').orderBy('name').offset(4)),
    shared_file: await find(
      db('shared_files').where({ partner_id: contact.partner_id, removed_at: null }).orderBy('id', 'desc'),
    ),
    file: await find(db('files').whereNot({ sha256: '' }).whereNull('version')),
    message_cursor: await find(db('inbound_deliveries').orderBy('id').offset(20)),
    message: await find(db('inbound_deliveries').where({ code: 'stranger' }).orderBy('id', 'desc')),
  };
}

const SORTS = ['newest', 'number', 'date', 'due', 'total'].flatMap((sort) => [`sort=${sort}`, `sort=${sort}&turned=1`]);

/** A list with each filter and in each order, and from the middle on. */
const listPages = ({ path, tabs }: Pick<DocumentType, 'path' | 'tabs'>, { cursor, project }: Place) =>
  [
    ...['', ...tabs.map(({ name }) => `show=${name}`), ...SORTS, ...SORTS.map((sort) => `${sort}&before=${cursor}`)],
    ...[
      `before=${cursor}`,
      `project=${project}`,
      'q=part123',
      'q=part',
      'q=part+53217',
      'q=cabinet',
      'q=fit-out',
      'state=draft',
      'state=sent',
    ],
    ...['state=Draft', 'state=Sent', 'state=Sent&sort=due', 'state=Sent&sort=total', 'type=invoice&state=Open'],
    ...['from=2026-11-01', 'from=2026-11-01&to=2026-11-30', 'least=4000', 'most=20'],
  ].map((query) => `/${path}?${query}`);

/** Behind all that there are. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What somebody was told, and how they are told. */
const NOTIFICATIONS = [
  ...['', '?show=unread', '?show=response', '?show=mentions', `?before=${LAST_ID}`],
  '?show=unread&before=01900000-0000-7000-8000-000000000000',
]
  .map((page) => `/notifications${page}`)
  .concat('/settings/notifications');

/** Each list, and these with filters. */
const lists = (place: Place, ...narrowed: string[]) => [
  ...types.map(({ path }) => `/${path}`),
  ...types.filter(({ path }) => narrowed.includes(path)).flatMap((type) => listPages(type, place)),
  ...(narrowed.includes('documents') ? listPages({ path: 'documents', tabs: [] }, place) : ['/documents']),
];

/** Payments in each order, and from the middle on, and one with its receipt. */
const paymentPages = ({ receipt }: Place) => {
  const id = receipt.split('/').at(-1) ?? '';
  const orders = ['sort=date', 'sort=amount'].flatMap((sort) => [sort, `${sort}&turned=1`]);
  const queries = ['show=invoices', 'show=bills', ...orders, ...orders.map((order) => `${order}&before=${id}`)];
  return ['', ...queries.map((query) => `?${query}`), `/${id}`, `/${id}/pdf`].map((page) => `/payments${page}`);
};

const documents = ({ numbers }: Place, ...pages: string[]) =>
  Object.values(numbers).flatMap((number) => pages.map((page) => `/documents/${number}${page}`));

/** Every page of the desk. */
export function staffPages(place: Place): string[] {
  const { customer, vendor, contact, cursor, partner_cursor, message, message_cursor, file, numbers, project } = place;
  const partners = [
    '',
    '?q=firm',
    '?q=firm1137',
    '?kind=vendor',
    `?after=${partner_cursor}`,
    `?kind=customer&after=${partner_cursor}`,
    '/new',
  ];
  return [
    ...[
      '',
      '/desk',
      '/desk/defaults',
      ...SETTINGS,
      '/settings/organization/rates',
      ...['/settings/organization', '/settings/organization/identity', '/settings/organization/numbering'],
      '/delivery',
      '/security',
    ],
    ...[
      '/settings/sign-in',
      '/settings/devices',
      '/settings/organization/security',
      '/settings/organization/reminders',
      '/settings/organization/taxes',
      '/settings/organization/accounting',
      '/accounting',
      '/accounting?from=2020-01-01&to=2020-01-31&currency=USD&format=journal',
      '/settings/organization/reminders/wording',
      '/settings/organization/reminders/late-charges',
    ],
    '/settings/organization/portal',
    '/settings/organization/jobs',
    '/settings/members',
    ...lists(place),
    ...[
      `/invoices?partner=${customer}`,
      `/documents?partner=${customer}`,
      `/invoices?partner=${customer}&project=${project}`,
    ],
    ...types
      .filter(isStartable)
      .flatMap(({ path, partner }) => [
        `/${path}/new`,
        `/${path}/new?partner=${partner === 'vendor' ? vendor : customer}`,
      ]),
    `/purchase-orders/new?partner=${vendor}&from=${numbers['sales_order']}`,
    ...documents(place, '', '/edit', '/versions/1', '/pdf'),
    ...['', '/preview', '/preview/email', '/preview/pdf'].map((page) => `/documents/${numbers['estimate']}${page}`),
    ...['/compare', '/answer'].map((page) => `/documents/${numbers['request_for_proposal']}${page}`),
    ...['', '/new', '/MAPLE', '/MAPLE/edit', `?before=${cursor}`].map((page) => `/projects${page}`),
    ...planningPages(place),
    ...commentPages(place),
    ...['', '/new', `/new?partner=${customer}`, '/SUB-0001', '/SUB-0001/edit', `?before=${cursor}`].map(
      (page) => `/subscriptions${page}`,
    ),
    ...partners.map((page) => `/partners${page}`),
    ...['', '/edit', '/contacts/new', `/contacts/${contact}/edit`, '/statement', '/statement?from=2025-01-01'].map(
      (page) => `/partners/${customer}${page}`,
    ),
    ...['/statement/email', '/late-charges'].map((page) => `/partners/${customer}${page}`),
    ...sharedPages(place),
    ...timePages,
    ...[
      '',
      '?show=posted',
      '?show=aside',
      '?show=all',
      '?show=all&q=mail90',
      '?show=all&q=re',
      `?show=all&before=${message_cursor}`,
    ].map((page) => `/mail-room${page}`),
    ...['', '/preview', '/original'].map((page) => `/mail-room/${message}${page}`),
    `/files/${file}/plan`,
    ...paymentPages(place),
    ...NOTIFICATIONS,
    ...searchPages,
  ];
}

/** The folder of a partner, and a file in it. */
const sharedPages = ({ customer, shared_file }: Place) =>
  ['', '?q=price', `?before=${shared_file}`, `/files/${shared_file}`].map((page) => `/shared-files/${customer}${page}`);

const customerDocuments = ({ numbers }: Place) =>
  ['invoice', 'retainer_invoice', 'credit_note', 'estimate'].map((type) => `/documents/${numbers[type]}`);

const SETTINGS = ['profile', 'preferences', 'menu', 'saved-views'].map((page) => `/settings/${page}`);

/** Every page of a customer's portal. */
export const customerPages = (place: Place) => [
  ...[
    '',
    '/colleagues',
    '/statement',
    '/payment-methods',
    '/pay',
    '/pay?all=1',
    ...SETTINGS,
    '/projects',
    '/projects/MAPLE',
    ...['/projects/MAPLE/schedule', '/projects?show=closed'],
    ...['/projects/MAPLE/time', '/projects/MAPLE/time?before=2090-01-01'],
    ...commentPages(place),
    ...['/shared-files', ...sharedPages(place)],
    ...['', '/SUB-0001', `?before=${place.cursor}`].map((page) => `/subscriptions${page}`),
    `/files/${place.file}/plan`,
    ...NOTIFICATIONS,
    ...searchPages,
  ],
  ...lists(place, 'invoices', 'documents'),
  ...customerDocuments(place),
  ...paymentPages(place),
  ...['/versions/1', '/pdf'].map((page) => `/documents/${place.numbers['invoice']}${page}`),
];

/** What is the same for all, as one with few documents sees it. */
export const usualPages = (place: Place) => [
  '',
  '/projects',
  ...searchPages,
  ...lists(place),
  ...customerDocuments(place),
];

/** Every page of a vendor's portal. */
export const vendorPages = (place: Place) => [
  ...['', '/statement', '/bills/new', '/calendar'],
  ...['', '?show=closed', `?before=${LAST_ID}`, `?show=closed&before=${LAST_ID}`].map((page) => `/projects${page}`),
  ...['', '/time', '/calendar', '/comments'].map((page) => `/projects/MAPLE${page}`),
  ...lists(place, 'bills'),
  ...['', '?sort=amount'].map((query) => `/payments${query}`),
  ...documents(place, '', '/answer'),
];
