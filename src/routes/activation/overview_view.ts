import type { Actor, QueryRows } from '../../db/scope.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import { typeNamed } from '../../document_types/index.js';
import { overdue } from '../../document_types/shared/dates.js';
import type { Badge } from '../../pages/views/components.js';
import { today } from '../../pages/days.js';
import type { Translate } from '../../pages/i18n.js';
import type { Membership } from '../../people/identify.js';
import { granters } from '../../people/invitations/who_grants.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { modulesOf } from '../../subjects/modules.js';
import { project } from '../../subjects/project/project_lifecycle.js';
import { i18nOf } from '../shared/layout.js';
import { firstName } from './invitation_pages.js';
import { MOST_COUNTED, type OverviewQueries } from './overview_queries.js';
import type { MissingModule, ModuleRow } from './activation_views.js';

interface Overview {
  set_by: string;
  asks: string;
  modules: ModuleRow[];
  missing: MissingModule[];
}

/** The modules of a contact with real numbers, and those that they may not use, with whom to ask. */
export function overviewOf(results: QueryRows<OverviewQueries>, actor: Actor, membership: Membership): Overview {
  const [[taken], [settings], found, asked, counts, projects, awaited, owed] = results;
  const { t, format } = i18nOf(actor);
  const all = modulesOf(membership, settings?.modules ?? null);
  const mayUse = (name: string) => !membership.modules || membership.modules.includes(name);
  const numbers = countsOf(counts, projects.length);
  const names = granters(found).map(({ name }) => firstName(name));
  const day = today(actor);
  return {
    set_by: firstName(taken?.inviter ?? membership.organization),
    asks: format.either(names),
    modules: all
      .filter(({ name }) => mayUse(name))
      .map(({ name, label, describes }) => {
        const waiting = awaited.filter((row) => moduleOf(row) === name).length;
        const late = owed.filter((row) => moduleOf(row) === name && overdue(row, day)).length;
        const n = numbers.get(name) ?? 0;
        const badge = badgeOf(waiting, late, t);
        const count = n > MOST_COUNTED ? `${MOST_COUNTED}+` : String(n);
        return { label: t(label), describes: t(describes), badge, count: badge ? null : count };
      }),
    missing: all
      .filter(({ name }) => !mayUse(name))
      .map(({ name, label }) => ({
        label: t(label),
        action: `/${membership.slug}/modules/${name}/ask`,
        asked: asked.some(({ module }) => module === name),
      })),
  };
}

const moduleOf = (row: ListedDocument) => typeNamed(row.type).module;

function badgeOf(waiting: number, late: number, t: Translate): Badge | null {
  if (late) return { tone: 'late', label: t('{{count}} overdue', { count: late }), boxed: false };
  return waiting ? { tone: 'waiting', label: t('{{count}} to answer', { count: waiting }), boxed: false } : null;
}

/** How many subjects there are in each module. */
function countsOf(counts: { type: string; n: number }[], projects: number): Map<string, number> {
  const numbers = new Map<string, number>([[project.module, projects]]);
  for (const { type, n } of counts) {
    const { module } = lifecycleOf(type);
    numbers.set(module, (numbers.get(module) ?? 0) + n);
  }
  return numbers;
}
