import type { Knex } from 'knex';
import { setActor, systemActor, withActor } from '../../../src/db/scope.js';
import { newId } from '../../../src/db/ids.js';
import { act } from '../../../src/act.js';
import { draftInvoice, type Harbor } from '../../support/harbor.js';

const LINES = [
  'Reception desk, oak, oiled',
  'Wall panels',
  'Acoustic ceiling',
  'Floor, linoleum',
  'Glass partition',
  'Lighting track',
  'Paint',
  'Waiting bench',
  'Delivery',
  'Site work',
];

const WORDS = [
  'Could the desk be delivered in the second week? The painters need the first one for the ceiling.',
  'Yes, we can move the desk to the 14th. The wall panels come on the 9th as planned.',
  'Thank you. Does the price of the partition include the door? We would like it to open to the left.',
  'It does. I have noted the side. The drawing is at https://harbor.example/drawings/12, page 3.',
];

/**
 * A sent invoice with ten lines, and twelve comments and twenty activities besides those of its making. Returns its
 * number.
 */
export async function richInvoice(knex: Knex, home: Harbor): Promise<{ id: string; number: string }> {
  const id = await draftInvoice({ knex }, home, {
    title: 'Reception fit-out',
    terms: 'Payment within 14 days. Goods remain ours until paid.',
    note: 'Thank you for your trust.',
    recipients: [home.maya.id, home.noah.id],
    lines: LINES.map((description, i) => ({
      description,
      quantity: `${i + 1}.5`,
      unit: 'pc',
      unit_price: `${120 + i * 35}.40`,
      discount_percent: i % 4 ? '0' : '5',
      tax_rate: '8',
    })),
  });
  const { number } = await act(knex, home.staff, id, 'send');
  await withActor(knex, systemActor(home.organization_id), (db) => history(db, home, id));
  return { id, number: String(number) };
}

async function history(db: Knex.Transaction, home: Harbor, subject_id: string): Promise<void> {
  const { organization_id, partner_id } = home;
  await setActor(db, systemActor(organization_id));
  for (let i = 0; i < 20; i++) {
    const person = [home.maya, home.olivia, home.noah][i % 3] ?? home.maya;
    const happened = {
      organization_id,
      subject_id,
      partner_id,
      person_id: person.id,
      side: i % 3 === 1 ? 'staff' : 'partner',
      version: 1,
    };
    const activity_id = newId();
    await db('activities').insert({
      ...happened,
      id: activity_id,
      action: i < 12 ? 'comment' : 'forward',
      details: JSON.stringify({ name: 'Ada Lind' }),
    });
    if (i < 12)
      await db('comments').insert({
        organization_id,
        id: newId(),
        subject_id,
        activity_id,
        person_id: person.id,
        audience: 'shared',
        body: WORDS[i % 4],
      });
  }
}
