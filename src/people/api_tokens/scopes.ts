import type { Module } from '../../document_types/shared/lifecycle.js';
import { kindsOf, MODULES } from '../../subjects/modules.js';

/** What a token may be for: the modules of the portal, and the organization's partners and their contacts. */
export type ScopeArea = Module | 'partners';
export type Access = 'read' | 'write';

interface ScopeRule {
  area: ScopeArea;
  label: string;
}

export const SCOPE_AREAS: readonly ScopeRule[] = [
  { area: 'partners', label: 'Partners and contacts' },
  ...MODULES.map(({ name, label }) => ({ area: name, label })),
];

/** As it is stored: 'invoices:write'. */
export const scopeOf = (area: ScopeArea, access: Access): string => `${area}:${access}`;

/** All scopes that there are. */
export const SCOPES: readonly string[] = SCOPE_AREAS.flatMap(({ area }) => [
  scopeOf(area, 'read'),
  scopeOf(area, 'write'),
]);

/** Whether scopes allow something. Who may write may read. */
export const allows = (scopes: readonly string[], area: ScopeArea, access: Access): boolean =>
  scopes.includes(scopeOf(area, 'write')) || (access === 'read' && scopes.includes(scopeOf(area, 'read')));

/** The kinds of subject that these scopes let be read. */
export const readableKinds = (scopes: readonly string[]): string[] =>
  kindsOf(SCOPE_AREAS.map(({ area }) => area).filter((area) => allows(scopes, area, 'read'))) ?? [];
