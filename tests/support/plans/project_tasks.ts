import { day } from '../days.js';
import type { Scene } from './correspondence.js';

/** Everything that is done to the tasks of a project, by staff and by its customer. */
export async function workOnTasks({
  portal,
  log,
  organization_id,
  olivia,
  maya,
  place: { slug },
}: Scene): Promise<void> {
  const project = `/${slug}/projects/IDA-2`;
  const titled = (title: string) => ({ title, kind: 'task' });
  await olivia.post(`${project}/tasks`, { title: 'Phase', kind: 'phase' });
  for (const title of ['First', 'Second', 'Third']) await olivia.post(`${project}/tasks`, titled(title));
  log.doing = '';
  const person = await portal.look(organization_id, (db) =>
    db('people').where({ email: 'maya@maple.example' }).first('id'),
  );
  const numbers: string[] = await portal.look(organization_id, (db) =>
    db('tasks').where({ organization_id }).orderBy('id', 'desc').limit(3).pluck('number'),
  );
  const [third, second, first] = numbers.map((number) => `/${slug}/tasks/${number}`);
  const ids: string[] = await portal.look(organization_id, (db) => db('tasks').whereIn('number', numbers).pluck('id'));
  const dated = { shown: 'on', due_on: day(-2), starts_on: day(-3) };
  await olivia.post(`${project}/tasks/new`, { ...titled('Fourth'), ...dated });
  for (const path of ['/tasks/new', '', '?show=open', '?show=yours', '?show=dropped'])
    await olivia.get(`${project}${path}`);
  await maya.get(project);
  await olivia.get(`${first}/edit`);
  await olivia.post(`${first}/change`, {
    ...titled('First'),
    ...dated,
    assignee: String(person?.id),
    estimate_minutes: '2',
  });
  await olivia.post(`${second}/change`, { ...titled('Second'), shown: 'on', 'after[]': ids.at(0) ?? '' });
  await olivia.post(`${first}/move`, { due_on: day(-1), reason: 'Rain' });
  for (const to of ['up', 'down', 'in', 'out']) await olivia.post(`${third}/place`, { to });
  await maya.get(String(first));
  await maya.post(`${first}/view`);
  await maya.post(`${first}/comment`, { text: 'Soon' });
  await maya.post(`${first}/start`);
  for (const answer of ['accept_date', 'keep_date']) {
    await maya.post(`${first}/propose_date`, { due_on: day(3), reason: 'Snow' });
    await olivia.post(`${first}/${answer}`);
  }
  await olivia.post(`${first}/move`, { due_on: day(4), reason: 'Hail' });
  await maya.post(`${first}/confirm_date`);
  for (const name of ['finish', 'undo', 'finish', 'reopen']) await maya.post(`${first}/${name}`);
  await olivia.post(`${third}/drop`);
  await olivia.post(`${first}/change`, { ...titled('First'), ...dated, due_on: day(-1), assignee: '' });
  await olivia.head(`${first}/live`);
}
