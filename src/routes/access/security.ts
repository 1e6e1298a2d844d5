import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { deviceName } from '../../input/device_name.js';
import { shownAddress } from '../../input/email_address.js';
import type { Translate } from '../../pages/i18n.js';
import { defineView } from '../../pages/views/render.js';
import { SECURITY_LOG_SIZE, type SecurityEvent, securityLog } from '../../people/sign_in/security_log.js';
import { type SettingsSide, settingsSide } from '../settings/settings_side.js';
import { admins } from '../shared/guard.js';
import { idParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';

interface SecurityLogInput {
  side: SettingsSide;
  title: string;
  rows: { cells: (string | { at: Date } | { text: string; sub: string })[] }[];
  older: string | null;
}

export const securityLogView = defineView<SecurityLogInput>('access/security_log');

const ACTIONS: Record<SecurityEvent['action'], string> = {
  signed_in: 'Signed in',
  wrong_code: 'Wrong code',
  codes_stopped: 'Codes stopped',
  wrong_password: 'Wrong password',
  passwords_stopped: 'Passwords stopped',
  wrong_second_step: 'Wrong authenticator code',
  second_steps_stopped: 'Authenticator codes stopped',
  recovery_code_used: 'Recovery code used',
  new_device: 'New device',
  password_set: 'Password set',
  password_removed: 'Password removed',
  passkey_added: 'Passkey added',
  passkey_removed: 'Passkey removed',
  passkey_renamed: 'Passkey renamed',
  totp_on: 'Authenticator app on',
  totp_off: 'Authenticator app off',
  recovery_codes_made: 'New recovery codes',
  provider_refused: 'Provider refused',
  signed_out: 'Signed out',
  device_signed_out: 'Device signed out',
  signed_out_everywhere: 'Signed out everywhere else',
  bank_details_shown: 'Bank details shown',
  bank_details_changed: 'Bank details changed',
  payment_keys_changed: 'Keys for online payment changed',
  webhook_changed: 'Webhook changed',
  webhook_secret_shown: 'Secret of a webhook shown',
  api_token_made: 'API token made',
  api_token_revoked: 'API token revoked',
};

/** How somebody signed in. Of what was added or removed the name is shown, as its owner gave it. */
const WAYS: Record<string, string> = {
  code: 'Emailed code',
  link: 'Emailed link',
  invitation: 'Invitation',
  password: 'Password',
  passkey: 'Passkey',
  totp: 'Authenticator app',
  recovery: 'Recovery code',
};

const detailIn = (t: Translate, { action, detail }: SecurityEvent): string =>
  action === 'signed_in'
    ? detail
        .split('+')
        .map((way) => (WAYS[way] ? t(WAYS[way]) : way))
        .join(' + ')
    : detail;

/** Who signed in, and where codes were guessed. For the owner and the admins. */
export function securityLogPage(db: Database): Router {
  return Router().get('/:organization/security', withContext(db)(admins, show));
}

async function show(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const [events] = await read(db.pool, actor, securityLog(actor, idParam.parse(req.query['before'])));
  const shown = events.slice(0, SECURITY_LOG_SIZE);
  const last = events.length > shown.length ? shown.at(-1) : undefined;
  const title = t('Security log');
  res.send(
    contextPage(ctx, securityLogView, title, {
      side: settingsSide(ctx, '/security'),
      title,
      rows: shown.map((event) => ({
        cells: [
          { text: t(ACTIONS[event.action]), sub: detailIn(t, event) },
          { at: event.created_at },
          { text: event.partner ? `${event.name} · ${event.partner}` : event.name, sub: shownAddress(event.email) },
          { text: event.remote_ip, sub: deviceName(event.user_agent, t) ?? event.user_agent },
        ],
      })),
      older: last ? `/${membership.slug}/security?before=${last.id}` : null,
    }),
  );
}
