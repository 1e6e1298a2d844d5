import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { shownAddress } from '../../input/email_address.js';
import { defineView } from '../../pages/views/render.js';
import { SECURITY_LOG_SIZE, type SecurityEvent, securityLog } from '../../people/sign_in/security_log.js';
import { admins } from '../shared/guard.js';
import { idParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';

interface SecurityLogInput {
  title: string;
  rows: { cells: (string | { at: Date } | { text: string; sub: string })[] }[];
  older: string | null;
}

export const securityLogView = defineView<SecurityLogInput>('access/security_log');

const ACTIONS: Record<SecurityEvent['action'], string> = {
  signed_in: 'Signed in',
  wrong_code: 'Wrong code',
  codes_stopped: 'Codes stopped',
  bank_details_shown: 'Bank details shown',
  bank_details_changed: 'Bank details changed',
};

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
      title,
      rows: shown.map(({ action, name, email, partner, created_at, remote_ip, user_agent }) => ({
        cells: [
          t(ACTIONS[action]),
          { at: created_at },
          { text: partner ? `${name} · ${partner}` : name, sub: shownAddress(email) },
          { text: remote_ip, sub: user_agent },
        ],
      })),
      older: last ? `/${membership.slug}/security?before=${last.id}` : null,
    }),
  );
}
