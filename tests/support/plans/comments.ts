import type { Knex } from 'knex';
import type { Scene } from './correspondence.js';
import type { Place } from './pages.js';

/** The newest shared comment in a project that begins a thread. */
export const newestComment = async (db: Knex.Transaction, subject_id: string): Promise<string> =>
  String(
    (await db('comments').where({ subject_id, thread_id: null, audience: 'shared' }).orderBy('id', 'desc').first('id'))
      ?.id,
  );

/** The comments of a project: all and narrowed, from the middle on, one with its forms. */
export const commentPages = ({ comment }: Pick<Place, 'comment'>): string[] =>
  [
    '',
    '?show=tagged',
    '?show=files',
    ...['before', 'at', 'reply', 'reply_all', 'notify'].map((name) => `?${name}=${comment}`),
  ].map((query) => `/projects/MAPLE/comments${query}`);

/** Both sides begin threads, answer in them and pass comments on. */
export async function talkInProject({ olivia, maya, place: { slug, comment } }: Scene): Promise<void> {
  const url = `/${slug}/projects/MAPLE`;
  await olivia.post(`${url}/comment`, { text: 'Ash or oak, @Maya Chen?', title: 'Doors', audience: 'shared' });
  await olivia.post(`${url}/comment`, { text: 'A note', audience: 'internal' });
  await maya.post(`${url}/comment`, { text: 'Ash', answers: comment, reach: 'all' });
  await maya.post(`${url}/comment`, { text: 'When?', audience: 'shared' });
  await olivia.post(`${url}/comment`, { text: 'Soon', answers: comment, reach: 'reply' });
  const { person } = await readerIn(olivia, `${url}/comments?notify=${comment}`);
  if (person) await olivia.post(`${url}/notify`, { comment, readers: person });
}

async function readerIn(visitor: Scene['olivia'], page: string) {
  const html = await (await visitor.get(page)).text();
  return { person: /name="readers" value="([-\w]{36})"/.exec(html)?.[1] };
}
