import { z } from 'zod';
import { defineView } from '../../pages/views/render.js';
import { readForm } from '../../people/form_values.js';
import { changeMenu } from '../../people/preferences/own_settings.js';
import { once } from '../acts/once.js';
import { type ModuleGroup, moduleGroups, movedModule } from './modules_menu.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { type SettingsSide, settingsSide, settingsUrl } from './settings_side.js';

interface MenuInput {
  side: SettingsSide;
  url: string;
  /** What always stands first. */
  home: string;
  groups: ModuleGroup[];
  /** "Quotes, moved to position 4 of 7": what was just done. */
  moved: string | null;
  /** The order is their own. */
  changed: boolean;
}

export const menuView = defineView<MenuInput>('settings/menu');

export function showMenu(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const groups = moduleGroups(actor, membership, t);
  res.send(
    contextPage(ctx, menuView, t('Menu'), {
      side: settingsSide(ctx, 'menu'),
      url: settingsUrl(ctx, 'menu'),
      home: actor.side === 'staff' ? t('Today') : t('Home'),
      groups,
      moved: movedText(groups, req.query['moved'], t),
      changed: membership.menu !== null,
    }),
  );
}

function movedText(groups: ModuleGroup[], path: unknown, t: ReturnType<typeof translatorOf>): string | null {
  const group = groups.find(({ modules }) => modules.some((module) => module.path === path));
  const at = group?.modules.findIndex((module) => module.path === path) ?? -1;
  const label = group?.modules[at]?.label;
  if (!group || !label) return null;
  return t('{{name}}, moved to position {{n}} of {{all}}', { name: label, n: at + 1, all: group.modules.length });
}

const path = z.string().max(100).optional().catch(undefined);
const Move = z.object({ up: path, down: path, standard: path, module: path, position: z.coerce.number().catch(0) });

/** One step by a button, or to a place by dragging. A module that is not theirs moves nothing. */
export async function moveModule(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const { up, down, standard, module, position } = readForm(Move, req.body);
  const moved = up ?? down ?? module ?? '';
  const step = up ? -1 : down ? 1 : null;
  const menu = movedModule(actor, membership, moved, step === null ? { to: position } : { by: step });
  const work = async ({ db }: RequestContext) => {
    if (standard || menu) await changeMenu(db.knex, actor, standard ? null : menu);
    return `${settingsUrl(ctx, 'menu')}${standard || !menu ? '' : `?moved=${encodeURIComponent(moved)}`}`;
  };
  res.redirect(303, await once(ctx, work));
}
