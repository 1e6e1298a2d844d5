import type { Scene } from './correspondence.js';

/** Files are shared by both sides, replaced, removed and written about. */
export async function shareFiles({ portal, organization_id, olivia, maya, place }: Scene): Promise<void> {
  const folder = `/${place.slug}/shared-files/${place.customer}`;
  const text = (words: string) => new Blob([words]);
  const newest = async () => {
    const { series } = await portal.look(organization_id, (db) =>
      db('shared_files')
        .where({ organization_id, partner_id: place.customer, replaced_at: null, removed_at: null })
        .orderBy('id', 'desc')
        .first('series'),
    );
    return { file: String(series) };
  };
  for (const [who, name] of [
    [olivia, 'oak.txt'],
    [maya, 'plan.txt'],
  ] as const) {
    for (const words of ['First', 'Second']) await who.upload(`${folder}/share`, text(words), name);
    await who.upload(`${folder}/replace`, text('Third'), name, await newest());
    await who.post(`${folder}/comment`, { text: 'See the new one', audience: 'shared' });
    await who.post(`${folder}/remove`, await newest());
    await who.upload(`${folder}/share`, text('Fourth'), name);
  }
  await maya.post(`${folder}/view`);
  await maya.head(`${folder}/live`);
}
