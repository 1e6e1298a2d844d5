import { isId } from '../db/ids.js';
import { read } from '../db/scope.js';
import { parseDraft } from '../documents/draft.js';
import { newPage, type NewPage } from '../documents/draft_page.js';
import { start } from '../documents/start.js';
import { changesRows, type TypedDraft, typedDraft } from '../documents/typed_draft.js';
import type { DocumentType } from '../document_types/index.js';
import { Invalid, NotFound } from '../errors.js';
import { CURRENCIES } from '../people/form.js';
import { inputOf, savedAt } from './draft_asked.js';
import { newFormView, typedStart } from './draft_view.js';
import { type Errors, submit } from './form.js';
import { readPartners } from './partner_asked.js';
import { partnerRow } from './partner_view.js';
import { pageOf, type Visit, wordsOf } from './visit.js';

/** For whom? The partners who can get such a document, and the way to a new one. */
export async function choosePartner(type: DocumentType, visit: Visit) {
  const t = wordsOf(visit);
  const { found, narrowing, next } = await readPartners(visit, type.partner);
  const { slug } = visit.membership;
  const url = `/${slug}/${type.name}s/new`;
  const search = { name: 'q', value: narrowing.words?.join(' ') ?? '', label: t('Search') };
  visit.res.send(
    pageOf(visit, 'partners/list', t(`New ${type.label.toLowerCase()}`), {
      title: t('Who is it for?'),
      filters: { action: url, search, choices: [], hidden: {}, clear: narrowing.words ? url : null },
      filtered: Boolean(narrowing.words),
      next: next ? `${url}?${next}` : null,
      partners: found.map((row) => partnerRow(row, `${url}?partner=${row.id}`, t)),
      create: { href: `/${slug}/partners/new?for=${type.name}`, label: t('New partner') },
    }),
  );
}

/** The form of a new document for the partner in the address. */
export async function begin(type: DocumentType, visit: Visit) {
  const page = await findNew(type, visit);
  visit.res.send(form(type, visit, page, typedStart(page, visit.actor)));
}

/** Makes the draft; or, by the buttons that need no script, another row in the form. */
export async function create(type: DocumentType, visit: Visit) {
  const { db, req, res, actor, membership } = visit;
  if (!req.query['partner']) return res.redirect(303, `/${membership.slug}/${type.name}s/new`);
  const page = await findNew(type, visit);
  const input = inputOf(visit);
  const typed = typedDraft(input);
  if (changesRows(input)) return res.send(form(type, visit, page, typed));
  const work = async () => {
    const { currency } = typed.values;
    if (!CURRENCIES.has(currency)) throw new Invalid({ currency: 'Choose a currency.' });
    const { draft, errors } = parseDraft(input, actor.locale, currency);
    if (!draft) throw new Invalid(errors);
    return savedAt(membership.slug, await start(db.knex, actor, type.name, page.partner.id, draft), input);
  };
  return submit(res, wordsOf(visit), work, (errors) => form(type, visit, page, typed, errors));
}

/** The partner of a new document, as the address names it. @throws NotFound */
async function findNew(type: DocumentType, { db, req, actor }: Visit): Promise<NewPage> {
  const id = req.query['partner'];
  if (typeof id !== 'string' || !isId(id)) throw new NotFound();
  const [[partner], contacts, [last]] = await read(db.pool, actor, ...newPage(actor, type, id));
  if (!partner) throw new NotFound();
  return { partner, contacts, last: last ?? null };
}

function form(type: DocumentType, visit: Visit, page: NewPage, typed: TypedDraft, errors: Errors = {}): string {
  const view = newFormView(type, page, typed, visit.actor, visit.membership.slug, errors);
  return pageOf(visit, 'documents/edit', view.title, view);
}
