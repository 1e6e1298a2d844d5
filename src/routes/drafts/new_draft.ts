import { isId } from '../../db/ids.js';
import { become, clock, read, scoped } from '../../db/scope.js';
import { parseDraft } from '../../documents/drafts/parse_draft.js';
import { draftFrom } from '../../documents/drafts/copy.js';
import { findDocument } from '../../documents/content/document.js';
import { newPage, type NewPage } from './draft_queries.js';
import { mayStart, start } from '../../documents/drafts/create.js';
import { changesRows, type TypedDraft, typedDraft, typedOf } from '../../documents/drafts/draft_form.js';
import type { DocumentType } from '../../document_types/index.js';
import type { Storage } from '../../files/storage.js';
import { Invalid, NotFound } from '../../errors.js';
import { CURRENCIES } from '../../people/form_values.js';
import { answerAutosave, autosaves } from './autosave.js';
import { findDraftById, inputOf, savedAt, storedFiles } from './draft_request.js';
import { newFormView, typedStart } from './draft_view.js';
import { type Errors, submit } from '../shared/form.js';
import { readPartners } from '../partners/partner_request.js';
import { partnerRow } from '../partners/partner_view.js';
import { pageOf, type Visit, wordsOf } from '../shared/request_context.js';

/** For whom? The partners who can get such a document, and the way to a new one. */
export async function choosePartner(type: DocumentType, visit: Visit) {
  const t = wordsOf(visit);
  const from = fromIn(visit);
  const project = projectIn(visit);
  const origin = `${from ? `&from=${encodeURIComponent(from)}` : ''}${project ? `&project=${project}` : ''}`;
  const { found, narrowing, next } = await readPartners(visit, type.partner);
  const { slug } = visit.membership;
  const url = `/${slug}/${type.path}/new`;
  const search = { name: 'q', value: narrowing.words?.join(' ') ?? '', label: t('Search') };
  visit.res.send(
    pageOf(visit, 'partners/list', t(`New ${type.label.toLowerCase()}`), {
      title: t('Who is it for?'),
      filters: {
        action: url,
        search,
        choices: [],
        hidden: { ...(from ? { from } : {}), ...(project ? { project } : {}) },
        clear: narrowing.words ? url : null,
      },
      filtered: Boolean(narrowing.words),
      next: next ? `${url}?${next}` : null,
      partners: found.map((row) => partnerRow(row, `${url}?partner=${row.id}${origin}`, t)),
      create: { href: `/${slug}/partners/new?for=${type.name}`, label: t('New partner') },
    }),
  );
}

/** The form of a new document for the partner in the address. */
export async function begin(type: DocumentType, visit: Visit) {
  if (needsPartner(type, visit)) return choosePartner(type, visit);
  const page = await findNew(type, visit);
  const typed = await typedFrom(type, visit, page);
  return visit.res.send(form(type, visit, page, typed ?? typedStart(type, page, visit.actor, projectIn(visit))));
}

/** Staff say for whom it is; a vendor's own is theirs, and what goes to many is addressed in its form. */
const needsPartner = (type: DocumentType, { req, actor }: Visit) =>
  actor.side === 'staff' && type.name !== 'request_for_proposal' && !req.query['partner'];

/** The form as another document fills it, that the new one is made from: for another partner, with its lines. */
async function typedFrom(type: DocumentType, visit: Visit, { contacts }: NewPage): Promise<TypedDraft | null> {
  const { db, actor } = visit;
  const from = fromIn(visit);
  if (!from) return null;
  const { content, project_id } = await scoped(db.knex, actor, async (db) => {
    const document = await findDocument(db, actor, from);
    await become(db, clock(actor.organization_id));
    return draftFrom(db, actor, document, type.name);
  });
  const typed = typedOf(
    content,
    contacts.slice(0, 1).map(({ id }) => id),
    project_id ?? null,
    actor.locale,
  );
  return { ...typed, values: { ...typed.values, reference: '' } };
}

/** Makes the draft; or, by the buttons that need no script, another row in the form. */
export async function create(type: DocumentType, visit: Visit, storage: Storage) {
  const { db, res, actor, membership } = visit;
  if (needsPartner(type, visit)) return res.redirect(303, `/${membership.slug}/${type.path}/new`);
  const page = await findNew(type, visit);
  const input = inputOf(visit);
  const typed = typedDraft(input);
  if (changesRows(input)) return res.send(form(type, visit, page, typed));
  const work = async () => {
    const { currency } = typed.values;
    if (!CURRENCIES.has(currency)) throw new Invalid({ currency: 'Choose a currency.' });
    const { draft, errors } = parseDraft(input, actor.locale, currency, type);
    if (!draft) throw new Invalid(errors);
    const rest = { origin_id: await originOf(visit), files: await storedFiles(visit, storage) };
    return start(db.knex, actor, type.name, page.partner.id, draft, rest);
  };
  if (autosaves(visit)) {
    return answerAutosave(visit, async () => {
      const id = await work();
      return { id, sha256: (await findDraftById(visit, id)).sha256 };
    });
  }
  return submit(
    res,
    wordsOf(visit),
    async () => savedAt(membership.slug, type, await work(), input),
    (errors) => form(type, visit, page, typed, errors),
  );
}

/** What the address says that the new document is made from: a number or an id. */
const fromIn = ({ req }: Visit) => (typeof req.query['from'] === 'string' ? req.query['from'] : null);

/** The project that the address says it belongs to. */
const projectIn = ({ req }: Visit) =>
  typeof req.query['project'] === 'string' && isId(req.query['project']) ? req.query['project'] : '';

/** The partner of a new document, as the address names it. @throws NotFound */
async function findNew(type: DocumentType, { db, req, actor }: Visit): Promise<NewPage> {
  if (!mayStart(actor, type)) throw new NotFound();
  const named = typeof req.query['partner'] === 'string' ? req.query['partner'] : '';
  const asked =
    type.name === 'request_for_proposal' ? null : actor.side === 'partner' ? String(actor.partner_id) : named;
  if (asked !== null && !isId(asked)) throw new NotFound();
  const [[partner], contacts, [last], projects] = await read(db.pool, actor, ...newPage(actor, type, asked));
  if (!partner) throw new NotFound();
  return { partner, contacts, last: last ?? null, projects };
}

/** The id of the document that the address says it is made from. @throws NotFound */
async function originOf(visit: Visit): Promise<string | null> {
  const { db, actor } = visit;
  const from = fromIn(visit);
  if (!from) return null;
  return (await scoped(db.knex, actor, (db) => findDocument(db, actor, from))).id;
}

function form(type: DocumentType, visit: Visit, page: NewPage, typed: TypedDraft, errors: Errors = {}): string {
  const view = newFormView(type, page, typed, visit.actor, visit.membership.slug, errors, fromIn(visit));
  return pageOf(visit, 'drafts/edit', view.title, view);
}
