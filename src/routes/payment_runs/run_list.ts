import { read } from '../../db/scope.js';
import type { Badge } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { type ListedRun, runList, RUNS_SHOWN } from './run_queries.js';
import { runName, runsUrl } from './run_request.js';
import { runBadge } from './run_view.js';

interface RunListInput {
  title: string;
  new_url: string;
  runs: { href: string; name: string; day: string; account: string; amount: string; bills: string; badge: Badge }[];
  next: string | null;
}

export const runListView = defineView<RunListInput>('payment_runs/list');

export async function listRuns(ctx: RequestContext) {
  const { db, req, actor } = ctx;
  const { t } = i18nOf(actor);
  const { before } = req.query;
  const after = typeof before === 'string' && /^\d{1,9}$/.test(before) ? Number(before) : null;
  const [found] = await read(db.pool, actor, runList(actor, after));
  const runs = found.slice(0, RUNS_SHOWN);
  const title = t('Payment runs');
  const last = found.length > RUNS_SHOWN ? runs.at(-1) : undefined;
  ctx.res.send(
    contextPage(ctx, runListView, title, {
      title,
      new_url: `${runsUrl(ctx)}/new`,
      runs: runs.map((run) => runItem(ctx, run)),
      next: last ? `${runsUrl(ctx)}?before=${last.number}` : null,
    }),
  );
}

function runItem(ctx: RequestContext, run: ListedRun) {
  const { t, format } = i18nOf(ctx.actor);
  const { id, bank_name: account, amount, currency, bills: count, state, pay_on } = run;
  return {
    href: `${runsUrl(ctx)}/${id}`,
    name: runName(run),
    day: format.date(pay_on),
    account,
    amount: format.money(amount, currency),
    bills: t('{{count}} bills', { count }),
    badge: runBadge(state, t),
  };
}
