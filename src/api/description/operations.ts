import type { z } from 'zod';
import type { SubjectAction } from '../../document_types/index.js';
import { isForSeveral, isStartable } from '../../document_types/relations.js';
import { fill } from '../../errors.js';
import { projectInput } from '../../subjects/project/project_lifecycle.js';
import { API_KINDS, apiActions, type ApiKind } from '../api_kinds.js';
import { OF_SUBJECT } from '../conversation_api.js';
import { documentFilters, newDraftInput } from '../documents_api.js';
import { newContactInput, newPartnerInput, partnerFilters } from '../partners_api.js';
import { pageParams } from '../requests/paging.js';
import {
  actedShape,
  contactShape,
  documentShape,
  listedDocumentShape,
  listedPartnerShape,
  listOf,
  meShape,
  partnerShape,
  paymentShape,
  projectShape,
} from '../shapes.js';
import { IN_PROJECT, WORK } from '../work_api.js';

/** An address of the API, and what it takes and gives: the description and the page of the API are made from these. */
export interface Operation {
  method: 'get' | 'post';
  /** Below /api/v1, with {parameters}. */
  path: string;
  id: string;
  /** The area that it is listed under. */
  tag: string;
  summary: string;
  /** Which scope it takes; null: any. */
  scope: string | null;
  query?: z.ZodType;
  input?: z.ZodType;
  /** Files may come with it, as a form. */
  files?: boolean;
  /** What it is decided on: If-Match may be needed. */
  decides?: boolean;
  /** Null: a file. */
  output: z.ZodType | null;
  status?: 201;
}

const PARTNERS = { tag: 'Partners', scope: 'partners:read' };

const COMMON: readonly Operation[] = [
  { method: 'get', path: '/me', id: 'me', tag: 'Token', summary: 'Whose token this is', scope: null, output: meShape },
  {
    ...{ method: 'get', path: '/partners', id: 'partners_list', summary: 'List partners by name', ...PARTNERS },
    ...{ query: partnerFilters, output: listOf(listedPartnerShape) },
  },
  {
    ...{ method: 'post', path: '/partners', id: 'partners_create', summary: 'Add a partner', tag: 'Partners' },
    ...{ scope: 'partners:write', input: newPartnerInput, output: partnerShape, status: 201 },
  },
  {
    ...{ method: 'get', path: '/partners/{partner}', id: 'partners_get', summary: 'Read a partner', ...PARTNERS },
    output: partnerShape,
  },
  {
    ...{ method: 'get', path: '/partners/{partner}/contacts', id: 'contacts_list', summary: 'List its contacts' },
    ...{ ...PARTNERS, output: listOf(contactShape) },
  },
  {
    ...{ method: 'post', path: '/partners/{partner}/contacts', id: 'contacts_create', summary: 'Add a contact' },
    ...{ tag: 'Partners', scope: 'partners:write', input: newContactInput, output: contactShape, status: 201 },
  },
  {
    ...{ method: 'get', path: '/payments', id: 'payments_list', summary: 'List payments, the newest first' },
    ...{ tag: 'Payments', scope: null, query: pageParams, output: listOf(paymentShape) },
  },
  {
    ...{ method: 'get', path: '/files/{file}', id: 'files_get', summary: 'Download a file', tag: 'Files' },
    ...{ scope: null, output: null },
  },
  ...Object.entries(IN_PROJECT).map(([name, { shape }]) => ({
    ...{ method: 'get' as const, path: `/projects/{key}/${name}`, id: `projects_${name}` },
    ...{ summary: `List the ${name} of a project`, tag: 'Projects', scope: 'projects:read' },
    ...{ query: pageParams, output: listOf(shape) },
  })),
];

/** What can be asked of one kind of subject. */
function ofKind(kind: ApiKind): Operation[] {
  const { path, lifecycle } = kind;
  const name = path.replaceAll('-', '_');
  const label = lifecycle.label.toLowerCase();
  const common = { tag: lifecycle.plural, scope: `${lifecycle.module}:read` };
  const get = (rest: string, id: string, summary: string, more: Pick<Operation, 'output' | 'query'>): Operation => ({
    ...{ method: 'get', path: `/${path}${rest}`, id: `${name}_${id}`, summary, ...common, ...more },
  });
  const { list, one } = shapesOf(kind);
  return [
    ...(list ? [get('', 'list', `List ${lifecycle.plural.toLowerCase()}, the newest first`, list)] : []),
    ...created(kind, name, label),
    ...(one ? [get('/{key}', 'get', `Read one ${label}`, { output: one })] : []),
    ...Object.entries(OF_SUBJECT).map(([part, { shape }]) =>
      get(`/{key}/${part}`, part, `List its ${part}`, { output: listOf(shape) }),
    ),
    ...(kind.type ? [get('/{key}/pdf', 'pdf', 'Download its PDF', { output: null })] : []),
    ...apiActions(lifecycle).map(([action, rule]) => acted(kind, name, action, rule)),
  ];
}

function shapesOf({ type, path }: ApiKind) {
  if (type) return { list: { output: listOf(listedDocumentShape), query: documentFilters }, one: documentShape };
  const { list, one } = WORK[path] ?? {};
  return { list: list && { output: listOf(list.shape), query: pageParams }, one: one?.shape };
}

function created({ type, path, lifecycle }: ApiKind, name: string, label: string): Operation[] {
  const common = { method: 'post' as const, path: `/${path}`, id: `${name}_create`, tag: lifecycle.plural };
  const scope = `${lifecycle.module}:write`;
  if (path === 'projects')
    return [{ ...common, scope, summary: 'Begin a project', input: projectInput, output: projectShape, status: 201 }];
  if (!type || !isStartable(type)) return [];
  const input = isForSeveral(type) ? newDraftInput.omit({ partner: true }) : newDraftInput;
  return [{ ...common, scope, summary: `Draft a new ${label}`, input, output: documentShape, status: 201 }];
}

const acted = ({ path, lifecycle, type }: ApiKind, name: string, action: string, rule: SubjectAction): Operation => ({
  ...{ method: 'post', path: `/${path}/{key}/${action}`, id: `${name}_${action}`, tag: lifecycle.plural },
  ...{ summary: summaryOf(rule, lifecycle.label), scope: `${lifecycle.module}:write`, output: actedShape },
  ...{ decides: type !== null, ...(rule.asks ? { input: rule.asks, files: 'files' in rule.asks.shape } : {}) },
});

/** 'Approve', or else the sentence of its activity: 'You moved the task to …'. */
function summaryOf({ label, summary }: SubjectAction, kind: string): string {
  if (label) return label;
  const values = { actor: 'You', document: `the ${kind.toLowerCase()}`, to: 'the other side' };
  return fill(summary.replace(/\{\{(?!actor|document|to)\w+\}\}/g, '…'), values);
}

/** All of them, by their areas. */
export const OPERATIONS: readonly Operation[] = [...COMMON, ...API_KINDS.flatMap(ofKind)];
