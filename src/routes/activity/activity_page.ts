import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import type { Choice, Link, TimelineItem } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { feedItem } from '../home/home_view.js';
import type { Cell } from '../lists/csv_file.js';
import { exportKind, exportLinks, sendTable } from '../lists/table_file.js';
import { staff } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { idParam } from '../shared/params.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { type ActivityFilter, activityList, namesFor } from './activity_queries.js';

interface ActivityInput {
  url: string;
  /** The page as it is, which looks again by itself while it shows the newest. */
  again: string | null;
  people: Choice[];
  person: string;
  /** Whose page led here; null: everybody's. */
  partner: string | null;
  days: { label: string; items: (TimelineItem & { url: string | null })[] }[];
  older: string | null;
  exports: Link[];
}

export const activityView = defineView<ActivityInput>('activity/list');

const SIZE = 50;
/** Of a file. */
const MOST = 50_000;
const BATCH = 1000;

const Params = z.object({ person: idParam, partner: idParam, before: idParam });

/** What everybody did, for staff. */
export function activity(db: Database): Router {
  return Router().get('/:organization/activity', withContext(db)(staff, show));
}

async function show(ctx: RequestContext): Promise<void> {
  const { db, req, res, actor, membership } = ctx;
  const filter: ActivityFilter = Params.parse(req.query);
  const i18n = i18nOf(actor);
  const kind = exportKind(req);
  if (kind) {
    const heads = ['Date', 'What happened', 'More', 'Partner'].map((head) => i18n.t(head));
    return sendTable(ctx, { name: 'activity', kind, heads, rows: rowsOf(ctx, filter) });
  }
  const [found, [names]] = await read(db.pool, actor, activityList(actor, filter, SIZE), namesFor(actor, filter));
  const shown = found.slice(0, SIZE);
  const url = `/${membership.slug}/activity`;
  res.send(
    contextPage(ctx, activityView, i18n.t('Activity'), {
      url,
      again: filter.before ? null : addressOf(url, filter),
      people: [
        { value: '', label: i18n.t('Everyone') },
        ...(names?.staff ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ],
      ...{ person: filter.person ?? '', partner: names?.partner ?? null },
      days: byDay(
        shown.map((row) => feedItem(row, membership.slug, i18n)),
        ctx,
      ),
      older: found.length > SIZE ? addressOf(url, { ...filter, before: shown.at(-1)?.id ?? null }) : null,
      exports: exportLinks((format) => addressOf(url, { ...filter, before: null }, { format })),
    }),
  );
}

function addressOf(url: string, filter: ActivityFilter, more: Record<string, string> = {}): string {
  const given = Object.entries({ ...filter, ...more }).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length ? `${url}?${new URLSearchParams(given).toString()}` : url;
}

/** Under the day on which it happened, by the reader's clock. */
function byDay(items: ActivityInput['days'][number]['items'], { actor }: RequestContext): ActivityInput['days'] {
  const { format } = i18nOf({ ...actor, organization_zone: actor.time_zone });
  const days = new Map<string, ActivityInput['days'][number]['items']>();
  for (const item of items) {
    const label = format.date(format.today(new Date(item.at)));
    days.set(label, [...(days.get(label) ?? []), item]);
  }
  return [...days].map(([label, items]) => ({ label, items }));
}

/** The same as lines of a file. */
async function* rowsOf({ db, res, actor, membership }: RequestContext, filter: ActivityFilter): AsyncGenerator<Cell[]> {
  const i18n = i18nOf(actor);
  let before = filter.before;
  for (let count = 0; count < MOST && !res.destroyed; count += BATCH) {
    const [found] = await read(db.pool, actor, activityList(actor, { ...filter, before }, BATCH));
    for (const row of found.slice(0, BATCH)) {
      const { sentence, detail } = feedItem(row, membership.slug, i18n);
      yield [i18n.format.dateTime(row.created_at), sentence, detail ?? null, row.to];
    }
    before = found[BATCH - 1]?.id ?? null;
    if (found.length <= BATCH) return;
  }
}
