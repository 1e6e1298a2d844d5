import { type Request, type Response, Router } from 'express';
import type { Database } from '../db/database.js';
import { isId } from '../db/ids.js';
import { type Actor, read } from '../db/scope.js';
import { type DocumentType, types } from '../document_types/index.js';
import { today } from '../documents/act.js';
import { documentList, type Narrowing, PAGE_SIZE, wordsIn } from '../documents/list.js';
import type { Tongue } from '../documents/sheet.js';
import { renderPage } from '../pages/render.js';
import type { Membership } from '../people/who.js';
import { documentRow } from './document_rows.js';
import { frame, tongueOf } from './frame.js';
import { verified } from './guard.js';
import { home } from './home.js';

/** The lists of documents, one for each type, for both sides; and the pages one starts from. */
export function lists(db: Database): Router {
  const router = Router();
  router.use(home(db));
  for (const type of types) {
    router.get(
      `/:organization/${type.path}`,
      verified((req, res, actor, membership) => list(db, type, req, res, actor, membership)),
    );
  }
  return router;
}

async function list(db: Database, type: DocumentType, req: Request, res: Response, actor: Actor, membership: Membership) {
  const narrowing = narrowingIn(req, type);
  const day = today(actor);
  const [found] = await read(db.pool, actor, documentList(actor, type, narrowing, day));
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const tongue = tongueOf(actor);
  const { t } = tongue;
  const url = `/${membership.slug}/${type.path}`;
  const shown = found.slice(0, PAGE_SIZE);
  res.send(
    renderPage('documents/list', {
      ...frame(req, actor, membership, t(type.plural)),
      title: t(type.plural),
      tabs: tabsOf(url, narrowing, tongue),
      filters: filtersOf(url, type, narrowing, side, tongue),
      filtered: isFiltered(narrowing),
      documents: shown.map((row) => documentRow(row, membership.slug, side, day, tongue)),
      next: found.length > PAGE_SIZE ? addressOf(url, { ...narrowing, before: shown.at(-1)?.id ?? null }) : null,
      create: side === type.startedBy ? { href: `${url}/new`, label: t(`New ${type.label.toLowerCase()}`) } : null,
    }),
  );
}

const SHOWS = ['outstanding', 'overdue'] as const;

/** What the address asks for; what it can't ask for is left out. */
function narrowingIn(req: Request, type: DocumentType): Narrowing {
  const asked = (name: string) => (typeof req.query[name] === 'string' ? req.query[name].trim() : '');
  const id = (name: string) => (isId(asked(name)) ? asked(name) : null);
  return {
    show: SHOWS.find((name) => name === asked('show')) ?? 'all',
    state: type.states.includes(asked('state')) ? asked('state') : null,
    partner_id: id('partner'),
    words: wordsIn(asked('q')),
    before: id('before'),
  };
}

const isFiltered = ({ state, partner_id, words }: Narrowing) => Boolean(state ?? partner_id ?? words);

/** The list's address with what it is narrowed to. */
function addressOf(url: string, { show, state, partner_id, words, before }: Partial<Narrowing>): string {
  const asked = { show: show === 'all' ? null : show, state, partner: partner_id, q: words?.join(' '), before };
  const query = new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size ? `${url}?${query}` : url;
}

function tabsOf(url: string, narrowing: Narrowing, { t }: Tongue) {
  const labels = { all: t('All'), outstanding: t('Outstanding'), overdue: t('Overdue') };
  return (['all', ...SHOWS] as const).map((show) => ({
    href: addressOf(url, { ...narrowing, show, before: null }),
    label: labels[show],
    current: narrowing.show === show,
  }));
}

function filtersOf(url: string, type: DocumentType, narrowing: Narrowing, side: string, { t }: Tongue) {
  const { show, state, partner_id, words } = narrowing;
  const states = type.states.filter((name) => side === type.startedBy || name !== type.states[0]);
  const choices = [{ value: '', label: t('Any') }, ...states.map((name) => ({ value: name, label: t(type.looks[name]?.label ?? name) }))];
  return {
    action: url,
    search: { name: 'q', value: words?.join(' ') ?? '', label: t('Search') },
    choices: [{ name: 'state', label: t('State'), value: state ?? '', choices }],
    hidden: { ...(show === 'all' ? {} : { show }), ...(partner_id ? { partner: partner_id } : {}) },
    clear: isFiltered(narrowing) ? addressOf(url, { show }) : null,
  };
}
