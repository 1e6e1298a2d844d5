import sharp from 'sharp';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { addVendor, harbor } from './harbor.js';
import type { Browser, Portal } from './portal.js';

let made = 0;

/** The project MAPLE of Maple Street Clinic, in which a vendor (Erik) has a task, and what its mail is sent to. */
export async function projectSite(portal: Portal) {
  const home = await harbor(portal);
  const erik = { name: 'Erik Lund', email: `erik${++made}@rival.example` };
  const { vendor, erik: erik_id } = await addVendor(portal, home, erik.email);
  const fields = { key: 'maple', name: 'Reception fit-out', partner: home.partner_id };
  const id = await addProject(portal.knex, home.staff, fields);
  const task = await addTask(portal.knex, home.staff, id, { title: 'Wiring', vendor, assignee: erik_id });
  const url = `/${home.slug}/projects/MAPLE`;
  const addressOf = async () => {
    const { key } = await portal.look(home.organization_id, (db) =>
      db('project_addresses').where({ project_id: id, ended_at: null }).first('key'),
    );
    return `maple-${key}@${portal.config.mail_domain}`;
  };
  return { ...home, id, url, task, vendor, erik: { ...erik, id: erik_id }, addressOf };
}

export type ProjectSite = Awaited<ReturnType<typeof projectSite>>;

/** Sends a form with files. */
export function sendFiles(
  agent: Browser,
  path: string,
  files: Record<string, string | Buffer>,
  fields: Record<string, string> = {},
) {
  const sending = agent.post(path).field({ seen: '', ...fields });
  for (const [name, bytes] of Object.entries(files)) void sending.attach('files', Buffer.from(bytes), name);
  return sending;
}

/** A photo of one colour, with what a camera writes into it. */
export const photo = (background: string, width = 900, height = 600): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .withExif({ IFD0: { Copyright: 'Secret place' } })
    .toBuffer();

/** The addresses of a file's download and of its page, as a page shows them; '' where it shows none. */
export async function projectFileOn(agent: Browser, page: string, name: string) {
  const { text } = await agent.get(page).expect(200);
  const [, download = ''] = new RegExp(`href="(/[^"]+/files/[^"]+/${encodeURIComponent(name)})"`).exec(text) ?? [];
  const [, details = ''] = new RegExp(`href="([^"]+)"\\s+aria-label="${name}, Version`).exec(text) ?? [];
  return { text, download, details, file: details.split('/').at(-1) ?? '' };
}
