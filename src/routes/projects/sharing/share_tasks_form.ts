import { act } from '../../../act.js';
import { many, one } from '../../forms/field_values.js';
import { formInput } from '../../shared/form.js';
import type { RequestContext } from '../../shared/request_context.js';
import { submitOnce } from '../../acts/once.js';
import { findProject } from '../project_page.js';
import { sharingForm } from './sharing_page.js';

/** Shows the customer those of the tasks on the page that are checked, or all, or none of them. */
export async function shareTasksForm(ctx: RequestContext) {
  const { actor, membership } = ctx;
  const { id, key } = await findProject(ctx);
  const fields = formInput(ctx);
  const among = many(fields, 'task');
  const chosen: Record<string, string[]> = { all: among, none: [] };
  const shown = chosen[one(fields, 'which')] ?? many(fields, 'shown');
  const work = async ({ db }: RequestContext) => {
    await act(db.knex, actor, id, 'share_tasks', { among, shown });
    return `/${membership.slug}/projects/${key}/sharing?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => sharingForm(ctx, errors));
}
