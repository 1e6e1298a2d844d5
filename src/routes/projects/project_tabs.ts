import type { Actor } from '../../db/scope.js';
import type { ProjectHead, Showable } from '../../projects/project_head.js';

/** A page of a project: its path below the project's, and who has it. */
interface ProjectTab {
  name: string;
  path: string;
  label: string;
  /** What its customer must be shown; null: it is for staff alone. */
  shown: Showable | null;
  /** Vendors with work in the project have it, with their part of it. */
  vendor?: boolean;
  /** For who has that tab, it is a page within. */
  within?: string;
}

/** In their order. The first is the project's own page. */
const TABS = [
  { name: 'tasks', path: '', label: 'Tasks', shown: 'tasks', vendor: true },
  { name: 'calendar', path: '/calendar', label: 'Calendar', shown: 'calendar', vendor: true },
  { name: 'time', path: '/time', label: 'Time', shown: 'time', vendor: true },
  { name: 'budget', path: '/budget', label: 'Budget', shown: null },
  { name: 'finances', path: '/finances', label: 'Finances', shown: 'finances', vendor: true },
  { name: 'details', path: '/details', label: 'Details', shown: 'details' },
  { name: 'comments', path: '/comments', label: 'Comments', shown: 'comments' },
  { name: 'log', path: '/log', label: 'Daily log', shown: 'comments', vendor: true, within: 'comments' },
] as const satisfies readonly ProjectTab[];

export type TabName = (typeof TABS)[number]['name'];

/** The tabs of a project that its reader has. */
export const tabsFor = (actor: Pick<Actor, 'side' | 'partner_id'>, head: ProjectHead): ProjectTab[] =>
  (TABS as readonly ProjectTab[]).filter(({ shown, vendor }) => {
    if (actor.side === 'staff') return true;
    return actor.partner_id === head.partner_id ? shown !== null && head.shown.includes(shown) : vendor === true;
  });

/** Those that stand in the row of tabs, and which of them a page is of. */
export function rowOfTabs(tabs: readonly ProjectTab[], current: TabName): (ProjectTab & { current: boolean })[] {
  const has = (name: string | undefined) => tabs.some((tab) => tab.name === name);
  const within = tabs.find(({ name }) => name === current)?.within;
  const shown = within && has(within) ? within : current;
  return tabs.filter((tab) => !has(tab.within)).map((tab) => ({ ...tab, current: tab.name === shown }));
}
