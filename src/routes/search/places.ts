import { types } from '../../document_types/index.js';
import { isForSeveral, isStartable } from '../../document_types/relations.js';
import { foldedText } from '../../documents/queries/list_clauses.js';
import { isOffered, may } from '../../subjects/may.js';
import type { ListedPartner } from '../partners/partner_queries.js';
import { menuPlaces } from '../settings/modules_menu.js';
import { settingsSide } from '../settings/settings_side.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';

/** A page to go to: a list, a setting, or the page of an act, where it is looked at before anything happens. */
export interface Place {
  icon: 'next' | 'plus' | 'card';
  label: string;
  href: string;
  /** The type of the document that it begins. */
  begins?: string;
}

/** All pages of the menu and of the settings that the reader may open, and what they may begin. */
export function allPlaces(ctx: RequestContext): Place[] {
  const { actor, membership } = ctx;
  const t = translatorOf(ctx);
  const { slug } = membership;
  const pages = menuPlaces(actor, membership).map(([path, label]) => ({ href: `/${slug}${path}`, label: t(label) }));
  const settings = settingsSide(ctx, '').flatMap((group) => group.pages);
  const go = (label: string, href: string): Place => ({ icon: 'next', label, href });
  return [
    ...allActs(ctx),
    ...pages.map(({ label, href }) => go(label, href)),
    ...settings.map(({ label, href }) => go(t('Settings: {{page}}', { page: label }), href)),
  ];
}

/** What the reader may begin, whomever it is for. */
const allActs = (ctx: RequestContext): Place[] => [...starts(ctx, null), ...payments(ctx)];

/** The documents that the reader may begin; for a partner, those that it can get. */
export function starts(ctx: RequestContext, partner: ListedPartner | null): Place[] {
  const { actor, membership } = ctx;
  const t = translatorOf(ctx);
  return types
    .filter((type) => isStartable(type) && may(actor, { start: type }).answer === 'yes')
    .filter((type) => actor.side === 'staff' || membership[`is_${type.partner}`])
    .filter((type) => !partner || (partner[`is_${type.partner}`] && !isForSeveral(type) && type.startedBy === 'staff'))
    .map(({ name, label, path }) => {
      const act = t(`New ${label.toLowerCase()}`);
      return {
        ...{ icon: 'plus', begins: name },
        label: partner ? t('{{act}} for {{partner}}', { act, partner: partner.name }) : act,
        href: `/${membership.slug}/${path}/new${partner ? `?partner=${partner.id}` : ''}`,
      };
    });
}

/** Where the reader pays: a customer what is open, staff the vendors. Nothing is paid on the way there. */
function payments(ctx: RequestContext): Place[] {
  const { actor, membership } = ctx;
  const t = translatorOf(ctx);
  const { slug } = membership;
  if (isOffered(actor, 'bank')) return [{ icon: 'card', label: t('Pay vendors'), href: `/${slug}/payment-runs/new` }];
  const pays = actor.side === 'partner' && membership.is_customer && may(actor, { permits: 'paying' }).answer === 'yes';
  return pays
    ? [{ icon: 'card', label: t('Pay {{name}}', { name: membership.organization }), href: `/${slug}/pay` }]
    : [];
}

/** Where a partner is paid: among its bills. */
export function paying(ctx: RequestContext, partner: ListedPartner): Place[] {
  if (!partner.is_vendor || partner.open >= 0 || !isOffered(ctx.actor, 'bank')) return [];
  const label = translatorOf(ctx)('Pay {{name}}', { name: partner.name });
  return [{ icon: 'card', label, href: `/${ctx.membership.slug}/payment-runs/new` }];
}

/** Shorter words are no command: they begin too much. */
const SHORTEST = 3;

const wordsOf = (label: string) =>
  foldedText(label)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/**
 * What is left of some words if they are a command: they begin as an act of the reader is named in their language, and
 * those that name the act aren't looked for. Null: no command.
 */
export function objectOf(ctx: RequestContext, words: readonly string[]): string[] | null {
  const labels = allActs(ctx).map(({ label }) => wordsOf(label));
  const verbs = [...labels.map(([verb = '']) => verb), ...wordsOf(translatorOf(ctx)('Pay'))];
  const [first = ''] = words;
  const begins = (known: string[], word: string) =>
    word.length >= SHORTEST && known.some((one) => one.startsWith(word));
  if (!begins(verbs, first)) return null;
  const names = [...labels.flat(), ...verbs];
  return words.slice(1).filter((word) => !begins(names, word));
}

/** Those whose names have a word that begins with each of the words. */
export const placesWith = (places: Place[], words: readonly string[]): Place[] =>
  places.filter(({ label }) => {
    const all = wordsOf(label);
    return words.every((word) => all.some((one) => one.startsWith(word)));
  });
