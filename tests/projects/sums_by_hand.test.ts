import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import type { Actor } from '../../src/db/scope.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { post, textOf } from '../support/forms.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { approved, at, fitOut, logTime } from '../support/time.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

// Whole numbers alone, so that nothing here reckons as the code does.

/** A decimal as a whole number of its sixth decimals. */
const millionths = (decimal: string): bigint => {
  const [whole = '0', rest = ''] = decimal.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(rest.padEnd(6, '0'));
};

/** Rounded, halves up; of what is not below zero. */
const divided = (value: bigint, by: bigint): bigint => (2n * value + by) / (2n * by);

const tens = (digits: number) => 10n ** BigInt(digits);

/** Quantity × unit in minor units. */
const amountOf = (quantity: string, unit: bigint, digits: number): bigint =>
  divided(millionths(quantity) * unit * tens(digits), tens(12));

/** A unit's cost with its markup, with as many decimals as the currency or the cost has. */
function marked(cost: string, markup: string, digits: number): bigint {
  const decimals = Math.max(digits, (cost.split('.')[1] ?? '').length);
  const exact = millionths(cost) * (100_000_000n + millionths(markup));
  return divided(exact, tens(8 + 6 - decimals)) * tens(6 - decimals);
}

/** As the page writes it, in English. */
function written(minor: bigint, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  return digits ? `${whole}.${text.slice(-digits)}` : whole;
}

const ROWS = [
  ['Cabinets', '5', '541.30', '50'],
  ['Panels', '12.3456', '96.67', '33.3333'],
  ['Screws', '3333.3333', '0.005', '12.5'],
  ['Stone', '99999.9999', '12345.678901', '7.7777'],
  ['Own work', '44', '50', '0'],
  ['Half a cent', '1', '0.125', '100'],
] as const;

for (const [currency, digits] of [
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
] as const)
  test(`a budget in ${currency}: cost, markup and price by row, their sums on the page, as CSV, and what is billed`, async () => {
    const home = await harbor(portal);
    const { knex } = portal;
    const name = `Clinic in ${currency}`;
    const partner = await addPartner(knex, home.staff, { ...home.customer, name, email: '', currency });
    const person = { name: 'Iris Vale', email: `iris-${home.slug}@vale.example` };
    const iris = await newContact(knex, home.staff, partner, person);
    await addProject(knex, home.staff, { key: 'SUMS', name: 'Sums', partner });
    const olivia = await portal.signIn(home.olivia.email);
    const url = `/${home.slug}/projects/SUMS/budget`;
    const sheet = ['Item\tQuantity\tUnit cost\tMarkup', ...ROWS.map((row) => row.join('\t'))].join('\n');
    const expected = ROWS.map(([, quantity, cost, markup]) => {
      const price = marked(cost, markup, digits);
      return { cost: amountOf(quantity, millionths(cost), digits), price: amountOf(quantity, price, digits) };
    });
    const sum = (of: 'cost' | 'price') => expected.reduce((total, row) => total + row[of], 0n);
    const preview = textOf((await olivia.post(`${url}/import`).field({ sheet }).expect(200)).text);
    await olivia.post(`${url}/import`).field({ sheet, confirm: 'on' }).expect(303);
    const page = textOf((await olivia.get(url).expect(200)).text);
    for (const minor of [sum('cost'), sum('price'), ...expected.flatMap(({ cost, price }) => [cost, price])]) {
      assert.ok(page.includes(written(minor, digits)), `${written(minor, digits)} on the page`);
      assert.ok(preview.includes(written(minor, digits)), `${written(minor, digits)} in the preview`);
    }
    const csv = (await olivia.get(`${url}/export`).expect(200)).text.split('\r\n').slice(1, 1 + ROWS.length);
    for (const [n, { cost, price }] of expected.entries()) {
      const plain = (minor: bigint) =>
        digits
          ? written(minor, digits)
              .replaceAll(',', '')
              .replace(/\.?0+$/, '')
          : String(minor);
      assert.match(csv[n] ?? '', new RegExp(`,${plain(cost)},${plain(price)},`));
    }
    // The customer gets prices alone, whose sum is that of the budget.
    const location = await post(olivia, `${url}/make`, { type: 'invoice', all: 'on' });
    const id = String(/documents\/([0-9a-f-]{36})/.exec(location)?.[1]);
    const [total, recipients] = await portal.look(home.organization_id, async (db) => [
      (await db('documents').where({ id }).first('total')).total,
      await db('participants').where({ subject_id: id, person_id: iris }),
    ]);
    assert.equal(BigInt(total), sum('price'));
    assert.equal(recipients.length, 1);
    const { number } = await act(knex, home.staff, id, 'send');
    const seen = textOf(
      (await (await portal.signIn(person.email)).get(`/${home.slug}/documents/${number}`).expect(200)).text,
    );
    assert.ok(seen.includes(written(sum('price'), digits)));
    for (const { cost, price } of expected)
      if (cost !== price && cost > 99_999n) assert.ok(!seen.includes(written(cost, digits)));
  });

test('progress is weighted by estimate; time adds up by person, task and week on the page, as CSV and for the customer', async () => {
  const home = await harbor(portal);
  const { project, desk, panels, tom } = await fitOut(portal, home);
  const { knex } = portal;
  // With the vendor's, three of ten hours; one of five and one without an estimate, which counts as one hour.
  const five = await addTask(knex, home.staff, project, { title: 'Handles', estimate_minutes: 300 });
  await addTask(knex, home.staff, project, { title: 'Cleaning' });
  for (const done of [desk, five]) await act(knex, home.staff, done, 'finish');
  const olivia = await portal.signIn(home.olivia.email);
  // (600 + 300) of (3 × 600 + 300 + 60), rounded down.
  const percent = Math.floor((900 / 2160) * 100);
  assert.match(
    textOf((await olivia.get(`/${home.slug}/projects`).expect(200)).text),
    new RegExp(`${percent}\\s?% done`),
  );
  const spent: [Actor, string, number, number][] = [
    [tom, desk, 0, 95],
    [tom, desk, 6, 61],
    [tom, panels, 3, 7],
    [home.staff, desk, 0, 125],
    // The week before.
    [home.staff, panels, -1, 1439],
  ];
  for (const [actor, work, n, minutes] of spent) await logTime(portal, actor, project, work, at(n), minutes);
  await approved(portal, home, tom, project);
  const clock = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  const of = (fits: (one: (typeof spent)[number]) => boolean) =>
    clock(spent.filter(fits).reduce((sum, [, , , minutes]) => sum + minutes, 0));
  const report = `/${home.slug}/projects/MAPLE/time/report`;
  const by = async (what: string) => textOf((await olivia.get(`${report}?by=${what}`).expect(200)).text);
  const total = of(() => true);
  const people = await by('person');
  assert.match(people, new RegExp(`Tom Reyes ${of(([who]) => who === tom)} ${clock(163)}`));
  assert.match(people, new RegExp(`Olivia Grant ${of(([who]) => who !== tom)} 0:00`));
  assert.match(people, new RegExp(`Total ${total} ${clock(163)}`));
  const tasks = await by('task');
  assert.match(tasks, new RegExp(`Reception desk ${of(([, work]) => work === desk)} ${clock(156)}`));
  assert.match(tasks, new RegExp(`Acoustic panels ${of(([, work]) => work === panels)} ${clock(7)}`));
  const weeks = await by('week');
  assert.match(weeks, new RegExp(` ${of(([, , n]) => n >= 0)} ${clock(163)} .+ ${of(([, , n]) => n < 0)} 0:00`));
  const csv = (await olivia.get(`${report}.csv`).expect(200)).text.trim().split('\r\n').slice(1);
  const hours = csv.map((line) => Number(line.split(',').at(-2)));
  const exact = spent.reduce((sum, [, , , minutes]) => sum + Math.round((minutes * 10_000) / 60), 0);
  assert.equal(
    hours.reduce((sum, one) => sum + Math.round(one * 10_000), 0),
    exact,
  );
  await act(knex, home.staff, project, 'set_time', { time_shown: 'hours' });
  const maya = await portal.signIn(home.maya.email);
  const seen = textOf((await maya.get(`/${home.slug}/projects/MAPLE/time`).expect(200)).text);
  assert.match(seen, new RegExp(`${clock(163)} hours since`));
  assert.doesNotMatch(seen, new RegExp(`${clock(125)}|${clock(1439)}|${total}`));
});
