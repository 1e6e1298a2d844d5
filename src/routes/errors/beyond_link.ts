import type { Request } from 'express';
import type pg from 'pg';
import { read } from '../../db/scope.js';
import { NotAllowed } from '../../errors.js';
import { actorOf } from '../../people/identify.js';
import { SUBJECT_PATHS, subjectAt } from '../../subjects/find_subject.js';
import { may } from '../../subjects/may.js';
import { identityOf } from '../shared/guard.js';

const PAGE = new RegExp(`^/([^/]+)/(${SUBJECT_PATHS.join('|')})/([^/]+)(?:/(?:pay|answer|pdf|versions/\\d+))?$`);

/**
 * What somebody who came by a link is told of another document of theirs: they see it once they prove their mailbox.
 * Null if they don't, or if their link does open it: then it stays not found.
 */
export async function beyondLink(pool: pg.Pool, req: Request): Promise<NotAllowed | null> {
  const identity = identityOf(req);
  const [, slug, page = '', key = ''] = PAGE.exec(decodeURI(req.path)) ?? [];
  if (!slug || identity.assurance !== 'link' || !['GET', 'HEAD'].includes(req.method)) return null;
  for (const membership of identity.memberships.filter((one) => one.slug === slug)) {
    const actor = actorOf({ ...identity, assurance: 'verified' }, membership);
    const [[subject]] = actor ? await read(pool, actor, subjectAt(actor, page, key)) : [[]];
    if (!actor || !subject || identity.subject_ids.includes(subject.id)) continue;
    const verdict = may({ ...actor, assurance: 'link' }, 'everything');
    if (verdict.answer === 'code') return new NotAllowed(verdict.reason, { code: true });
  }
  return null;
}
