import { defineView } from '../../../pages/views/render.js';
import type { Errors } from '../../shared/form.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { type ProjectFrame, readPage } from '../project_page.js';
import { scheduleQueries, scheduleSection, type ScheduleSection } from './schedule_section.js';

interface ScheduleInput {
  frame: ProjectFrame;
  /** Null while there are no tasks. */
  schedule: ScheduleSection | null;
}

export const scheduleView = defineView<ScheduleInput>('projects/schedule/page');

/** A project's schedule, on a page of its own. */
export const showSchedule = async (ctx: RequestContext) => ctx.res.send(await schedulePage(ctx));

/** `errors`: of the form that moves a task. */
export async function schedulePage(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { head, frame, found } = await readPage(ctx, 'tasks', ...scheduleQueries(ctx));
  const section = scheduleSection(ctx, head, ...found);
  const schedule = section?.move ? { ...section, move: { ...section.move, errors } } : section;
  return contextPage(ctx, scheduleView, head.name, { frame, schedule });
}
