import type { Translate } from '../../pages/i18n.js';
import { defineView } from '../../pages/views/render.js';
import { translatorOf, type RequestContext } from '../shared/request_context.js';
import { type Asked, type Scope, SCOPES } from './asked.js';
import type { Found, Hits } from './found.js';
import * as rows from './found_rows.js';
import type { Start } from './recent.js';
import { MOST_COUNTED } from './part_queries.js';
import { allPlaces, paying, placesWith, starts } from './places.js';

/** Rows of one kind under its heading. */
interface Group {
  name: string;
  label: string;
  /** "3 of 14"; '' if all are shown. */
  count: string;
  rows: rows.FoundRow[];
}

interface SearchInput {
  q: string;
  action: string;
  scope: Scope | null;
  scopes: { href: string; label: string; count: string; current: boolean }[];
  groups: Group[];
  /** "34 results for bright", or that nothing was found. */
  said: string;
  /** The word that was looked for in the place of one that nothing has. */
  instead: string | null;
  /** Where more is found: the list of documents, those that are closed among them. */
  more: { href: string; label: string } | null;
}

export const searchPage = defineView<SearchInput>('search/search');

const LABELS: Record<Scope, string> = {
  documents: 'Documents',
  partners: 'Partners',
  people: 'People',
  work: 'Projects and tasks',
  lines: 'Lines',
  messages: 'Messages',
  files: 'Files',
};

/** Acts and pages shown among everything. */
const FEW_PLACES = 4;

/** What was looked for in the place of what was typed, and how it was. */
export interface Looked {
  words: string[];
  /** It was a command: acts come first. */
  command: boolean;
  /** They are near to what was typed, which nothing has. */
  instead: boolean;
}

/** What was found, as a page or in the palette. */
export function searchView(ctx: RequestContext, asked: Asked, found: Found, looked: Looked): SearchInput {
  const t = translatorOf(ctx);
  const reader = rows.readerOf(ctx, [...looked.words, ...(looked.command ? asked.words : [])]);
  const groups = SCOPES.map((scope) => groupOf(scope, found, reader)).filter((group) => group.rows.length);
  const shown = asked.scope
    ? groups.filter(({ name }) => name === asked.scope)
    : everything(ctx, asked, found, reader, groups, looked.command);
  return {
    ...{ q: asked.typed, action: searchUrl(ctx), scope: asked.scope },
    scopes: scopesOf(ctx, asked, found),
    groups: shown,
    said: saidOf(asked, found, shown, t),
    instead: looked.instead ? looked.words.join(' ') : null,
    more: listOf(ctx, asked, found, looked.words),
  };
}

/** Before anything is typed. */
export function startView(ctx: RequestContext, { typed, scope }: Asked, { recent, acts }: Start): SearchInput {
  const t = translatorOf(ctx);
  const groups = [
    { name: 'recent', label: t('Recent'), count: '', rows: recent },
    { name: 'actions', label: t('Actions'), count: '', rows: acts },
  ].filter((group) => group.rows.length);
  return { q: typed, action: searchUrl(ctx), scope, scopes: [], groups, said: '', instead: null, more: null };
}

function saidOf({ typed: words, scope }: Asked, found: Found, shown: Group[], t: Translate): string {
  if (!shown.length) return t('No results for “{{words}}”', { words });
  const counted = scope ? [found[scope]] : SCOPES.map((one) => found[one]);
  const count = counted.reduce((sum, { n }) => sum + n, 0);
  return counted.some(({ n }) => n > MOST_COUNTED)
    ? t('More than {{n}} results for “{{words}}”', { n: MOST_COUNTED, words })
    : t('{{count}} results for “{{words}}”', { count, words });
}

function scopesOf(ctx: RequestContext, { typed, scope }: Asked, found: Found): SearchInput['scopes'] {
  const t = translatorOf(ctx);
  const address = (to: Scope | null) =>
    `${searchUrl(ctx)}?${new URLSearchParams({ q: typed, ...(to ? { in: to } : {}) })}`;
  return [
    { href: address(null), label: t('Everything'), count: '', current: scope === null },
    ...SCOPES.filter((one) => found[one].n > 0 || one === scope).map((one) => ({
      ...{ href: address(one), label: t(LABELS[one]), count: countOf(found[one]), current: one === scope },
    })),
  ];
}

const searchUrl = ({ membership }: RequestContext) => `/${membership.slug}/search`;

const countOf = ({ n }: Hits<unknown>) => (n > MOST_COUNTED ? `${MOST_COUNTED}+` : String(n));

function groupOf(scope: Scope, found: Found, reader: rows.Reader): Group {
  const { rows: all, n } = found[scope];
  const shown = rowsOf(scope, found, reader);
  const count =
    n > all.length ? reader.t('{{shown}} of {{count}}', { shown: all.length, count: countOf(found[scope]) }) : '';
  return { name: scope, label: reader.t(LABELS[scope]), count, rows: shown };
}

function rowsOf(scope: Scope, found: Found, reader: rows.Reader): rows.FoundRow[] {
  switch (scope) {
    case 'documents':
      return found.documents.rows.map((row) => rows.documentFound(row, reader));
    case 'partners':
      return found.partners.rows.map((row) => rows.partnerFound(row, reader));
    case 'people':
      return found.people.rows.map((row) => rows.personFound(row, reader));
    case 'work':
      return found.work.rows.map((row) => rows.workFound(row, reader));
    case 'lines':
      return found.lines.rows.map((row) => rows.lineFound(row, reader));
    case 'messages':
      return found.messages.rows.map((row) => rows.messageFound(row, reader));
    case 'files':
      return found.files.rows.map((row) => rows.fileFound(row, reader));
  }
}

/** The best match first, then what can be done with it; acts come first if that is how it was asked. */
function everything(
  ctx: RequestContext,
  asked: Asked,
  found: Found,
  reader: rows.Reader,
  groups: Group[],
  command: boolean,
): Group[] {
  const { t } = reader;
  const best = bestMatch(asked, found, groups);
  const top = { name: 'best', label: t('Best match'), count: '', rows: best ? [best] : [] };
  const left = groups.map((group) => ({ ...group, rows: group.rows.filter((row) => row !== best) }));
  const acts = { name: 'actions', label: t('Actions'), count: '', rows: actsOf(ctx, asked, found, reader, command) };
  return [...(command ? [acts, top] : [top, acts]), ...left].filter((group) => group.rows.length);
}

/** What was named: a document by its whole number, or the first partner whose name begins with it. */
function bestMatch({ typed }: Asked, found: Found, groups: Group[]): rows.FoundRow | undefined {
  const rowsIn = (scope: Scope) => groups.find(({ name }) => name === scope)?.rows ?? [];
  const numbered = (['documents', 'work'] as const).flatMap((scope) =>
    rowsIn(scope).filter((_, i) => found[scope].rows[i]?.number?.toLowerCase() === typed.toLowerCase()),
  );
  return numbered[0] ?? rowsIn('partners').find(({ title }) => title[0]?.hit);
}

function actsOf(ctx: RequestContext, asked: Asked, found: Found, reader: rows.Reader, command: boolean) {
  const partners = found.partners.rows.slice(0, command ? FEW_PLACES : 1);
  const withPartner = partners.flatMap((partner) => [...paying(ctx, partner), ...starts(ctx, partner)]);
  // Of what can be done with a partner, a command says which; else the first acts are shown.
  const places = [
    ...(command ? placesWith(withPartner, asked.words) : withPartner),
    ...placesWith(allPlaces(ctx), asked.words),
  ];
  const once = [...new Map(places.map((place) => [place.href, place])).values()];
  return once.slice(0, command ? 2 * FEW_PLACES : FEW_PLACES).map((place) => rows.placeFound(place, reader));
}

/** The list of all documents, with its own filters: closed ones are in it, too. */
function listOf(ctx: RequestContext, { scope }: Asked, { documents }: Found, words: string[]): SearchInput['more'] {
  const beyond = documents.n > documents.rows.length;
  if (scope !== 'documents' || !beyond) return null;
  const href = `/${ctx.membership.slug}/documents?${new URLSearchParams({ q: words.join(' ') })}`;
  return { href, label: translatorOf(ctx)('All of them, with filters') };
}
