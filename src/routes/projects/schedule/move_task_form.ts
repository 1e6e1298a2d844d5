import { act } from '../../../act.js';
import { read } from '../../../db/scope.js';
import { Invalid } from '../../../errors.js';
import { submittedText } from '../../../people/form_values.js';
import { submitOnce } from '../../acts/once.js';
import type { RequestContext } from '../../shared/request_context.js';
import { taskFacts } from '../tasks/task_queries.js';
import { findProject } from '../project_page.js';
import { schedulePage } from './schedule_page.js';

/** Moves a task of the project to the dates that were typed, or that its bar was dragged to. */
export async function moveTaskForm(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const { id: project_id, key } = await findProject(ctx);
  const { task: chosen = '', starts_on, due_on, reason } = submittedText(req.body);
  const [number = '', seen] = chosen.split(' ');
  const work = async ({ db }: RequestContext) => {
    const [[task]] = await read(ctx.db.pool, actor, taskFacts(actor, number));
    if (task?.project_id !== project_id) throw new Invalid({ task: 'Choose a task of this project.' });
    const given = { starts_on: starts_on || undefined, due_on: due_on || undefined, reason: reason || undefined, seen };
    await act(db.knex, actor, task.id, 'move', given);
    return `/${membership.slug}/projects/${key}/schedule?done=saved#schedule`;
  };
  return submitOnce(ctx, work, (errors) => schedulePage(ctx, errors));
}
