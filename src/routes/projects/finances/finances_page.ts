import { today } from '../../../pages/days.js';
import { defineView } from '../../../pages/views/render.js';
import { isOffered } from '../../../subjects/may.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { projectDocuments } from './finances_queries.js';
import { financesView, type ProjectFinances } from './finances_view.js';

interface FinancesInput extends ProjectFinances {
  frame: ProjectFrame;
  /** Its documents take a sign-in to see. */
  sign_in_url: string | null;
}

export const financesTab = defineView<FinancesInput>('projects/finances/page');

/** A project's documents and their money. */
export async function showFinances(ctx: RequestContext) {
  const { res, actor, membership } = ctx;
  const { head, frame, found, i18n, url } = await readPage(ctx, 'finances', projectDocuments(actor, keyIn(ctx)));
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const byLink = isOffered(actor, 'everything') && actor.assurance === 'link';
  const reader = { slug: membership.slug, actor, side, day: today(actor), i18n } as const;
  const input: FinancesInput = {
    ...financesView(head, found[0], reader),
    frame,
    sign_in_url: byLink ? `/verify?return_to=${encodeURIComponent(`${url}/finances`)}` : null,
  };
  res.send(contextPage(ctx, financesTab, head.name, input));
}
