import { z } from 'zod';
import { act } from '../../act.js';
import { type Actor, withActor } from '../../db/scope.js';
import { createRun, planRun, type WantedRun } from '../../documents/payment_runs/payment_run.js';
import { chosen as chosenId, day } from '../../input/fields.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import type { RequestContext } from '../shared/request_context.js';
import { newRunPage } from './new_run_view.js';
import { runsUrl, wantedOf } from './run_request.js';

export async function askRun(ctx: RequestContext) {
  ctx.res.send(await newRunPage(ctx, await wantedOf(ctx, ctx.req.query), null));
}

/** A bill as its box says it: see `BillItem`. What is no such text is no bill that could be found. */
const Chosen = z.string().transform((value) => {
  const [id = '', amount, discount, account_id = ''] = value.split(' ');
  return { id, amount: Number(amount), discount: Number(discount), account_id };
});

const Selected = z.object({ chosen: z.union([z.array(Chosen), Chosen.transform((one) => [one])]).catch([]) });

/** What was selected. */
function chosenIn({ req }: RequestContext): Pick<WantedRun, 'bills' | 'confirmed'> {
  const { chosen } = Selected.parse(req.body);
  const confirmed = Object.keys(submittedText(req.body)).flatMap((name) => /^confirm_(.*)$/.exec(name)?.[1] ?? []);
  return { bills: chosen.filter(({ id }) => z.uuid().safeParse(id).success), confirmed: new Set(confirmed) };
}

const Asked = z.object({ account: chosenId('Choose an account.'), pay_on: day });

export function addRun(ctx: RequestContext) {
  const chosen = chosenIn(ctx);
  const work = async ({ db, actor, req }: RequestContext) => {
    const { account: account_id, pay_on } = readForm(Asked, req.body);
    const id = await withActor(db.knex, actor, async (db) => {
      const run = await planRun(db, actor, { ...chosen, account_id, pay_on });
      // Once they are in the run, their days don't change any more.
      for (const bill of run.bills) if (bill.pay_on < pay_on) await postpone(db, actor, bill.id, pay_on);
      return createRun(db, actor, run);
    });
    return `${runsUrl(ctx)}/${id}`;
  };
  return submitOnce(ctx, work, async (errors) =>
    newRunPage(ctx, await wantedOf(ctx, ctx.req.body), {
      errors,
      bills: new Set(chosen.bills.map(({ id }) => id)),
      confirmed: chosen.confirmed,
    }),
  );
}

/** A vendor who is paid later than they were told is told the day. */
const postpone = (db: Parameters<typeof act>[0], actor: Actor, id: string, pay_on: string) =>
  act(db, actor, id, 'schedule', { pay_on });
