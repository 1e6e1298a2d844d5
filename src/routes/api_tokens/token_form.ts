import { z } from 'zod';
import { Invalid } from '../../errors.js';
import { type ApiToken, LIFETIMES } from '../../people/api_tokens/api_tokens.js';
import { SCOPE_AREAS, type ScopeArea, scopeOf } from '../../people/api_tokens/scopes.js';
import { readForm, required } from '../../people/form_values.js';
import type { Translate } from '../../pages/i18n.js';
import type { Field } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { modulesOf } from '../../subjects/modules.js';
import type { SettingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';

interface TokenRow {
  id: string;
  name: string;
  /** 'Invoices: read and change'. */
  scopes: string[];
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
  over: boolean;
}

interface Area {
  name: string;
  label: string;
  choices: { value: string; label: string; checked: boolean }[];
}

/** Tokens for the API. Posts name, days and scope_{area}. */
interface ApiTokensInput {
  side: SettingsSide;
  url: string;
  /** Whether this person may have any. */
  allowed: boolean;
  fresh: boolean;
  /** Just made: it is shown this once. */
  token: string | null;
  tokens: TokenRow[];
  name: string;
  areas: Area[];
  lifetime: Field;
  errors: Errors;
}

export const apiTokensView = defineView<ApiTokensInput>('settings/api_tokens');

const ACCESS = [
  ['', 'None'],
  ['read', 'Read'],
  ['write', 'Read and change'],
] as const;

/** What a person's token may be for: staff's for everything, a contact's for the modules that they have. */
function areasOf({ actor, membership }: RequestContext): { area: ScopeArea; label: string }[] {
  if (actor.side === 'staff') return [...SCOPE_AREAS];
  const own = modulesOf(membership, membership.modules).map(({ name }) => name);
  return SCOPE_AREAS.filter(({ area }) => own.some((name) => name === area));
}

const fieldOf = (area: ScopeArea) => `scope_${area}`;

/** A row of choices for each, with what was typed. */
export function areaChoices(ctx: RequestContext, typed: Readonly<Record<string, string>>): Area[] {
  const t = translatorOf(ctx);
  return areasOf(ctx).map(({ area, label }) => ({
    name: fieldOf(area),
    label: t(label),
    choices: ACCESS.map(([value, text]) => ({
      value,
      label: t(text),
      checked: (typed[fieldOf(area)] ?? '') === value,
    })),
  }));
}

export const lifetimeField = (t: Translate, typed = '90'): Field => ({
  name: 'days',
  kind: 'choice',
  label: t('Expires'),
  value: typed,
  choices: LIFETIMES.map((days) => ({ value: String(days), label: t('In {{count}} days', { count: days }) })),
});

const Typed = z.object({
  name: required(100),
  days: z.string().refine((days) => LIFETIMES.some((one) => String(one) === days), 'Choose one.'),
});

/** @throws Invalid by field */
export function readToken(ctx: RequestContext, typed: Readonly<Record<string, string>>) {
  const { name, days } = readForm(Typed, typed);
  const scopes = areasOf(ctx).flatMap(({ area }) => {
    const access = typed[fieldOf(area)];
    return access === 'read' || access === 'write' ? [scopeOf(area, access)] : [];
  });
  if (!scopes.length) throw new Invalid({ scopes: 'Choose what it is for.' });
  return { name, days: Number(days), scopes };
}

export function tokenRow({ scopes, ...row }: ApiToken, t: Translate): TokenRow {
  const named = SCOPE_AREAS.flatMap(({ area, label }) => {
    const access = ACCESS.find(([name]) => name && scopes.includes(`${area}:${name}`));
    return access ? [`${t(label)}: ${t(access[1])}`] : [];
  });
  return { ...row, scopes: named, over: row.expires_at.getTime() < Date.now() };
}
