import type { Actor } from '../../db/scope.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { isForSeveral } from '../../document_types/relations.js';
import type { Translate } from '../../pages/i18n.js';
import type { Membership } from '../../people/identify.js';
import { isModuleMissing, isOffered } from '../../subjects/may.js';
import { project } from '../../subjects/project/project_lifecycle.js';
import { sharedFolder } from '../../subjects/shared_folder_lifecycle.js';
import { subscription } from '../../subjects/subscription/subscription_lifecycle.js';

/** A page of the header's menu: its address below the organization's, its name, and at the desk its group. */
export type Place = [path: string, label: string, group?: string];

/** The header's menu in its reader's order, within each group. At the desk, Today always comes first. */
export function menuPlaces(actor: Actor, membership: Membership): Place[] {
  const desk = isOffered(actor, 'desk');
  const places = desk ? deskPlaces(actor) : portalPlaces(actor, membership);
  const { menu } = membership;
  if (!menu) return places;
  const groups = [...new Set(places.map(([, , group]) => group))];
  const rank = ([path]: Place) => (menu.includes(path) ? menu.indexOf(path) : menu.length);
  return groups.flatMap((group) =>
    places.filter(([, , of]) => of === group).toSorted((one, other) => rank(one) - rank(other)),
  );
}

function portalPlaces(actor: Actor, membership: Membership): Place[] {
  const lists = listedTypes(actor, membership).map(({ path, plural }): Place => [`/${path}`, plural]);
  const works = membership.is_customer || membership.has_work;
  const projects: Place[] = works && !isModuleMissing(actor, project.name) ? [['/projects', 'Projects']] : [];
  const payments: Place[] = payableTypes(actor, membership).length ? [['/payments', 'Payments']] : [];
  const recurs = membership.has_subscriptions && !isModuleMissing(actor, subscription.name);
  const subscriptions: Place[] = recurs ? [['/subscriptions', 'Subscriptions']] : [];
  const files: Place[] =
    actor.guest || isModuleMissing(actor, sharedFolder.name) ? [] : [[`/${sharedFolder.path}`, 'Files']];
  return [...projects, ...lists, ...subscriptions, ...payments, ...files, ['/documents', 'All documents']];
}

const SETTINGS = '/settings/members';

function deskPlaces(actor: Actor): Place[] {
  const lists = types.map(({ path, plural, partner }): Place => [
    `/${path}`,
    plural,
    partner === 'customer' ? 'Sales' : 'Purchasing',
  ]);
  const bank: Place[] = isOffered(actor, 'bank')
    ? [
        ['/bank', 'Bank statements', 'The rest'],
        ['/payment-runs', 'Payment runs', 'The rest'],
        ['/accounting', 'Accounting', 'The rest'],
      ]
    : [];
  return [
    ['/desk', 'Today'],
    ...lists.filter(([, , group]) => group === 'Sales'),
    ['/subscriptions', 'Subscriptions', 'Sales'],
    ...lists.filter(([, , group]) => group !== 'Sales'),
    ['/payments', 'Payments', 'The rest'],
    ['/projects', 'Projects', 'The rest'],
    ['/documents', 'All documents', 'The rest'],
    ['/partners', 'Partners', 'The rest'],
    ['/items', 'Catalog', 'The rest'],
    ['/activity', 'Activity', 'The rest'],
    ['/mail-room', 'Mail room', 'The rest'],
    ...bank,
    [SETTINGS, 'Settings', 'The rest'],
  ];
}

/** Whether the page at this address, below the organization's, belongs to one of the menu. */
export function isCurrent(path: string, address: string): boolean {
  if (path === SETTINGS) return /^\/(?:settings|security|delivery|desk\/defaults)(?:\/|$)/.test(address);
  // A single document's address begins like that of the list of all documents.
  const leads = path !== '/documents' && path !== '/desk' && address.startsWith(`${path}/`);
  return address === path || leads;
}

/** The types of what a reader may see: staff all, a customer or vendor those that reach them. */
export const reachableTypes = (actor: Actor, membership: Membership): DocumentType[] =>
  isOffered(actor, 'desk') ? types : types.filter((type) => !isForSeveral(type) && membership[`is_${type.partner}`]);

/** The types that a reader has lists of: those in modules that they may use. */
export const listedTypes = (actor: Actor, membership: Membership): DocumentType[] =>
  reachableTypes(actor, membership).filter((type) => !isModuleMissing(actor, type.name));

/** Of those, the types that payments are made for. */
export const payableTypes = (actor: Actor, membership: Membership): DocumentType[] =>
  listedTypes(actor, membership).filter(({ owes }) => owes === 'receivable' || owes === 'payable');

/** The modules of one group of the menu, which can be put in another order. */
export interface ModuleGroup {
  label: string;
  modules: { path: string; label: string }[];
}

export function moduleGroups(actor: Actor, membership: Membership, t: Translate): ModuleGroup[] {
  const places = menuPlaces(actor, membership).filter(isMovable);
  return [...new Set(places.map(([, , group = '']) => group))].map((group) => ({
    label: group && t(group),
    modules: places.filter(([, , of = '']) => of === group).map(([path, label]) => ({ path, label: t(label) })),
  }));
}

const isMovable = ([path]: Place) => path !== '/desk';

/** The whole menu after one of its modules moved within its group; null if there is no such module. */
export function movedModule(
  actor: Actor,
  membership: Membership,
  path: string,
  move: { by: 1 | -1 } | { to: number },
): string[] | null {
  const places = menuPlaces(actor, membership).filter(isMovable);
  const place = places.find((one) => one[0] === path);
  if (!place) return null;
  const group = places.filter(([, , of]) => of === place[2]).map(([one]) => one);
  const at = group.indexOf(path);
  group.splice(at, 1);
  const to = 'by' in move ? at + move.by : Math.trunc(move.to);
  group.splice(Math.min(Math.max(0, to), group.length), 0, path);
  // The others stay where they are.
  return places.map(([one, , of]) => (of === place[2] ? (group.shift() ?? one) : one));
}
