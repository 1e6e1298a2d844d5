import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { textOf } from '../support/forms.js';
import { copyProject } from '../support/new_type/scratch.js';
import type { Tour } from '../support/new_type/tour.js';

// A new type of document is one file and a line in the index: a copy of the project gets one, is compiled, and shows
// what people see of it.
let seen: Tour;
let remove: () => Promise<void>;

before(async () => {
  const project = await copyProject();
  ({ remove } = project);
  await project.addType('new_type/delivery_note', 'deliveryNote');
  await project.compile();
  seen = await tourOf(project.folder, 'delivery_note');
});

after(() => remove?.());

async function tourOf(folder: string, type: string): Promise<Tour> {
  const child = fork(join(folder, 'build/tests/support/new_type/tour.js'), [type], { execArgv: [], silent: true });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  let tour: Tour | undefined;
  child.once('message', (message) => (tour = message as Tour));
  const [code] = (await once(child, 'close')) as [number | null];
  if (!tour || code) throw new Error(`The tour ended early (${code}).\n${errors}`);
  return tour;
}

test('the desk’s menu, the portal’s menu and docs/lifecycles.md have it', () => {
  for (const page of [seen.desk, seen.portal])
    assert.match(page, /href="\/harbor1\/delivery-notes"[^>]*>\s*Delivery notes/);
  assert.match(seen.lifecycles, /## Delivery note \(`DN`\)[^#]* sent --> received: confirm_receipt/);
});

test('it has a list with a tab, and a form that asks for no prices', () => {
  assert.match(textOf(seen.list), /Delivery notes On the way All Nothing here yet .* New delivery note/);
  assert.match(textOf(seen.form), /New delivery note .* For Maple Street Clinic/);
  assert.match(seen.form, /name="line_description\[\]"/);
  assert.doesNotMatch(seen.form, /name="line_price\[\]"/);
});

test('one is previewed and sent; staff and, by the link of the email, the customer see it', () => {
  assert.match(textOf(seen.preview), /Delivery note Draft Walnut desk For Maple Street Clinic/);
  assert.equal(seen.number, 'DN-0001');
  for (const page of [seen.staff_page, seen.customer_page])
    assert.match(textOf(page), /Delivery note DN-0001 · Walnut desk On the way/);
  assert.match(textOf(seen.staff_page), /Waiting for confirmation of receipt by .* Void/);
  assert.match(textOf(seen.customer_page), /Please confirm receipt by .* Refuse delivery .* Confirm receipt/);
});

test('the email has its subject, its text, its button and its PDF', () => {
  const { subject, text, html, files } = seen.email;
  assert.equal(subject, '[Harbor & Pine] Delivery note DN-0001');
  assert.match(
    text,
    /^Olivia Grant sent you delivery note DN-0001\nWalnut desk · delivery .*\n\nConfirm receipt:\nhttp/,
  );
  assert.match(html, /<a [^>]*href="http[^"]*\/in\/[^"]+"[^>]*>\s*Confirm receipt\s*</);
  assert.deepEqual(files, ['DN-0001.pdf']);
  assert.equal(seen.pdf.type, 'application/pdf');
  assert.match(seen.pdf.start, /^%PDF-.*\/Title \(DN-0001\)/s);
});

test('lists, the search, the portal’s first page and its project have it', () => {
  assert.match(textOf(seen.portal_list), /DN-0001 Walnut desk On the way/);
  assert.match(textOf(seen.found), /DN-0001 Walnut desk On the way Delivery note Maple Street Clinic/);
  assert.doesNotMatch(seen.not_found, /DN-0001/);
  assert.match(textOf(seen.portal), /Delivery note DN-0001 Walnut desk · Please confirm receipt/);
  assert.match(textOf(seen.project), /Orders Delivery note DN-0001 Walnut desk/, 'in the group that the type names');
});

test('the customer confirms receipt, once, and staff are notified; nobody else can', () => {
  assert.match(textOf(seen.received_page), /Walnut desk Received .* Maya Chen confirmed receipt of this delivery note/);
  assert.equal(seen.confirmed.subject, '[Harbor & Pine] Delivery note DN-0001');
  assert.match(seen.confirmed.text, /^Maya Chen confirmed receipt of delivery note DN-0001/);
  assert.deepEqual([seen.again, seen.forged], [409, 403]);
});

test('the customer refuses one, and staff void one, each with a reason', () => {
  assert.match(textOf(seen.refused_page), /DN-0002 · Reception Refused .* Maya Chen refused .* It is damaged/);
  assert.match(textOf(seen.void_page), /DN-0003 · Reception Void .* Olivia Grant voided .* Sent twice/);
});
