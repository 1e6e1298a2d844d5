import { defineView } from '../../../pages/views/render.js';
import type { Badge } from '../../../pages/views/components.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { scheduleQueries, scheduleSection, type ScheduleSection } from '../schedule/schedule_section.js';
import { taskBadge } from './task_badge.js';
import { projectTasks } from './task_queries.js';

interface TasksInput {
  frame: ProjectFrame;
  tasks: { title: string; url: string; who: string; due_on: string | null; badge: Badge }[];
  schedule: ScheduleSection | null;
}

export const tasksTab = defineView<TasksInput>('projects/tasks/page');

/** A project's own page: its tasks. */
export async function showTasks(ctx: RequestContext) {
  const { res, actor, membership } = ctx;
  const queries = [projectTasks(actor, keyIn(ctx)), ...scheduleQueries(ctx)] as const;
  const { head, frame, found, i18n } = await readPage(ctx, 'tasks', ...queries);
  const schedule = scheduleSection(ctx, head, found[1], found[2]);
  const tasks = found[0].map(({ title, number, assignee, due_on, state }) => {
    const url = `/${membership.slug}/tasks/${number}`;
    return { title, url, who: assignee ?? '', due_on, badge: taskBadge(state, i18n.t) };
  });
  res.send(contextPage(ctx, tasksTab, head.name, { frame, tasks, schedule }));
}
