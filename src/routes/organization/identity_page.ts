import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { accentContrast } from '../../pages/styles/accent.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { changeIdentity, identityQuery, markOf, parseIdentity } from '../../people/identity/identity.js';
import { submitOnce } from '../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { currencyChoices, localeChoices, timeZoneChoices } from '../shared/select_options.js';

interface IdentityInput {
  side: SettingsSide;
  url: string;
  /** Where legal name and tax number are, which a code protects, and what they are. */
  legal: { url: string; text: string };
  /** The portal's address, which doesn't change. */
  slug: string;
  values: Readonly<Record<string, string>>;
  errors: Errors;
  /** The form as it was found. */
  seen: string;
  accents: { value: string; label: string; checked: boolean }[];
  /** The accent is none of those. */
  own_accent: boolean;
  accent_check: string;
  currencies: Choice[];
  locales: Choice[];
  time_zones: Choice[];
}

export const identityView = defineView<IdentityInput>('organization/identity');

const PATH = 'organization/identity';

/** Colours on which white text can be read, and which can be told apart. */
const ACCENTS = [
  ['#1f5f4f', 'Pine'],
  ['#24507a', 'Harbor blue'],
  ['#5a3d7a', 'Plum'],
  ['#8a2f3c', 'Brick'],
  ['#7a4a12', 'Oak'],
  ['#3c4148', 'Slate'],
] as const;

/** Who the organization is and how it looks. */
export const showIdentity = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

/** Changes that. */
export function saveIdentity(ctx: RequestContext) {
  const { accent = '', own_accent = '', seen = '', ...typed } = submittedText(ctx.req.body);
  const work = async ({ db, actor }: RequestContext) => {
    const identity = parseIdentity({ ...typed, accent: accent === 'own' ? own_accent : accent });
    await changeIdentity(db.knex, actor, identity, seen);
    return `${settingsUrl(ctx, PATH)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}

async function page(ctx: RequestContext, errors: Errors | null = null): Promise<string> {
  const { db, req, actor } = ctx;
  const { t } = i18nOf(actor);
  const [[identity]] = await read(db.pool, actor, identityQuery(actor));
  if (!identity) throw new NotFound();
  const { slug, legal_name, tax_number, ...kept } = identity;
  const values: Record<string, string> = errors ? submittedText(req.body) : kept;
  const accent = errors ? (values['accent'] ?? '') : kept.accent;
  const known = ACCENTS.some(([colour]) => colour === accent);
  return contextPage(ctx, identityView, t('Name and branding'), {
    ...{ side: settingsSide(ctx, PATH), url: settingsUrl(ctx, PATH), errors: errors ?? {} },
    ...{ values: { own_accent: kept.accent, ...values }, seen: markOf(identity), own_accent: !known },
    legal: {
      url: settingsUrl(ctx, 'organization/getting-paid'),
      text: [legal_name, tax_number].filter(Boolean).join(' · ') || t('None yet'),
    },
    slug,
    accents: ACCENTS.map(([value, label]) => ({ value, label: t(label), checked: value === accent })),
    accent_check: checkedAccent(ctx, accent === 'own' ? (values['own_accent'] ?? '') : accent),
    currencies: currencyChoices(actor.locale),
    locales: localeChoices(values['locale'] ?? ''),
    time_zones: timeZoneChoices(values['time_zone'] ?? ''),
  });
}

/** What was checked about the colour, in words and numbers. */
function checkedAccent({ actor }: RequestContext, accent: string): string {
  const { t, format } = i18nOf(actor);
  const { given, shown } = accentContrast(accent);
  const ratio = (value: number) => format.number(value.toFixed(1));
  return given >= 4.5
    ? t('White text on this color has a contrast of {{ratio}}:1. It needs 4.5:1.', { ratio: ratio(given) })
    : t('White text on this color has a contrast of only {{ratio}}:1, so we’ll use a darker shade ({{shown}}:1).', {
        ...{ ratio: ratio(given), shown: ratio(shown) },
      });
}
