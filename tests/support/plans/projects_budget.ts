import type { Scene } from './correspondence.js';

/** A budget is made, changed, imported and made into documents. */
export async function budgets({ portal, log, organization_id, olivia, place }: Scene): Promise<void> {
  const project = `/${place.slug}/projects/MAPLE`;
  const newest = (table: string) => {
    log.doing = '';
    return portal.look(organization_id, async (db) => {
      const found: { id: string } | undefined = await db(table)
        .where({ organization_id })
        .orderBy('id', 'desc')
        .first('id');
      return found?.id ?? '';
    });
  };
  await olivia.post(`${project}/add_budget_group`, { name: 'Joinery' });
  const group = await newest('budget_groups');
  await olivia.post(`${project}/rename_budget_group`, { group, name: 'Wood' });
  await olivia.post(`${project}/add_item`, { group, name: 'Desk', unit_cost: '10', vendor: place.vendor });
  await olivia.post(`${project}/add_item`, { group, name: 'Lamp', unit_cost: '10' });
  const item = await newest('budget_items');
  await olivia.post(`${project}/change_item`, { item, group, name: 'Light', unit_cost: '12' });
  await olivia.post(`${project}/move_item`, { item, direction: 'up' });
  await olivia.post(`${project}/budget/import`, { sheet: 'Group\tItem\tCost\nWood\tShelf\t7', confirm: 'on' });
  await olivia.post(`${project}/budget/make`, { type: 'estimate', all_of: group });
  await olivia.post(`${project}/remove_item`, { item });
  await olivia.post(`${project}/undo_budget`, { activity: await newest('activities') });
  await olivia.post(`${project}/add_budget_group`, { name: 'Empty' });
  await olivia.post(`${project}/remove_budget_group`, { group: await newest('budget_groups') });
  await olivia.post(`${project}/place_line`, await unplaced(portal, organization_id, await newest('budget_items')));
  const pages = ['', '?new=1&all=on', '?over=1', '?open=all', `?edit=${item}`, '/export', '/import'];
  for (const page of pages) await olivia.get(`${project}/budget${page}`);
  await olivia.get(`${project}/finances`);
}

/** A line of a document of the project that is in no item, with the item to place it in. */
const unplaced = (portal: Scene['portal'], organization_id: string, to: string) =>
  portal.look(organization_id, async (db) => {
    const found: { document: string; line: string } | undefined = await db('lines as l')
      .join('documents as d', (on) => on.on('d.organization_id', 'l.organization_id').on('d.id', 'l.document_id'))
      .join('projects as j', (on) => on.on('j.organization_id', 'd.organization_id').on('j.id', 'd.project_id'))
      .where({ 'j.organization_id': organization_id, 'j.key': 'MAPLE' })
      .first('l.document_id as document', 'l.id as line');
    return { document: found?.document ?? '', line: found?.line ?? '', to };
  });
