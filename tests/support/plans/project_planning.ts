import { day } from '../days.js';
import type { Portal } from '../portal.js';
import type { Scene } from './correspondence.js';
import type { Place } from './pages.js';

/** The pages of a project's schedule, what is shared of it, its templates, and the lists of projects. */
export const planningPages = ({ cursor }: Pick<Place, 'cursor'>) => [
  ...['/schedule', '/schedule?scale=weeks', '/schedule?after=5'].map((page) => `/projects/MAPLE${page}`),
  ...['/projects/MAPLE/sharing', '/projects/MAPLE/sharing?after=5', '/project-templates'],
  ...['?show=closed', `?show=closed&before=${cursor}`].map((page) => `/projects${page}`),
];

/** A project is planned, shared in part, kept as a template, begun again from it, and closed. */
export async function planProjects({ portal, log, organization_id, olivia, place: { slug, customer } }: Scene) {
  const projects = `/${slug}/projects`;
  const form = { name: 'Plan', partner: customer, starts_on: day(0) };
  await olivia.post(projects, { ...form, key: 'PLAN' });
  const look: Portal['look'] = (organization, query) => {
    log.doing = '';
    return portal.look(organization, query);
  };
  const find = (table: string, where: object) =>
    look(organization_id, (db) =>
      db(table)
        .where({ organization_id, ...where })
        .first(),
    );
  const { id } = await find('projects', { key: 'PLAN' });
  const tasks = await look(organization_id, async (db) => {
    const row = { organization_id, project_id: id, starts_on: day(1), due_on: day(3) };
    const made = ['First', 'Second'].map((title, n) => ({ ...row, title, position: n + 1, number: `PLAN-${n}` }));
    return db('tasks')
      .insert(made.map((task) => ({ ...task, id: db.raw('uuidv7()') })))
      .returning('id');
  });
  const [first = '', second = ''] = tasks.map((task: { id: string }) => task.id);
  await olivia.post(`${projects}/PLAN/schedule`, { task: 'PLAN-1', starts_on: day(2), due_on: day(5), reason: 'Late' });
  await olivia.post(`${projects}/PLAN/set_baseline`);
  await olivia.post(`${projects}/PLAN/share_project`, { tasks: 'on', comments: 'on' });
  await olivia.post(`${projects}/PLAN/sharing`, { 'task[]': first, 'shown[]': second });
  const templates = `/${slug}/project-templates`;
  await olivia.post(templates, { project: id, name: 'Plan' });
  const { id: template } = await find('project_templates', { name: 'Plan' });
  await olivia.post(projects, { ...form, key: 'AGAIN', template });
  await olivia.post(`${templates}/${template}/rename`, { name: 'Plans' });
  await olivia.post(`${templates}/${template}/delete`);
  for (const act of ['close', 'reopen']) await olivia.post(`${projects}/AGAIN/${act}`);
}
