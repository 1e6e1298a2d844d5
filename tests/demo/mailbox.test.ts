import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import express from 'express';
import request from 'supertest';
import { demoRoutes } from '../../src/demo/mailbox/mailbox_routes.js';
import { mailboxOf, openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

const inbox = (address: string) => mailboxOf(portal, address);

test('The inbox as JSON has the shape that is promised', async () => {
  const messages = await inbox('maya@maple.example');
  const [newest] = messages;
  assert.ok(newest && messages.length > 15, `${messages.length} messages`);
  assert.deepEqual(Object.keys(newest), [
    'id',
    'from',
    'to',
    'replyTo',
    'subject',
    'date',
    'text',
    'html',
    'headers',
    'attachments',
  ]);
  const dates = messages.map(({ date }) => date);
  assert.deepEqual(dates, dates.toSorted().toReversed());

  const sent = messages
    .filter(({ subject, attachments }) => subject === '[Harbor & Pine] Invoice INV-0042' && attachments.length > 0)
    .at(-1);
  assert.ok(sent);
  assert.equal(sent.from, 'Harbor & Pine <harbor@parley.localhost>');
  assert.equal(sent.to, 'maya@maple.example');
  assert.match(sent.replyTo ?? '', /^reply\+[0-9a-f]{32}@parley\.localhost$/);
  assert.match(sent.text, /Olivia Grant sent you invoice INV-0042/);
  assert.match(sent.html ?? '', /href="http:\/\/localhost:\d+\/in\/[\w-]{43}"/);
  assert.equal(sent.headers['auto-submitted'], 'auto-generated');
  assert.deepEqual(
    sent.attachments.map(({ filename, contentType, size }) => [filename, contentType, size > 5000]),
    [['INV-0042.pdf', 'application/pdf', true]],
  );
  const age = (Date.now() - Date.parse(sent.date)) / 86_400_000;
  assert.ok(age > 18 && age < 22, `sent ${age} days ago`);

  const lenas = await inbox('lena@aurora.example');
  assert.ok(lenas.some(({ subject, text }) => subject.includes('INV-0040') && /2\.385,95\s€/.test(text)));
  assert.deepEqual(await inbox('nobody@maple.example'), []);
});

test('The mailbox shows its people, a message in a frame that can do nothing, its files and its source', async () => {
  const browser = portal.browser();
  const index = await browser.get('/mailbox').query({ to: 'Maya@maple.example' }).expect(200);
  for (const words of ['Maya Chen', 'Lena Vogt', 'Priya Nair', 'Ines Duarte', 'INV-0042'])
    assert.ok(index.text.includes(words), words);
  assert.equal(index.text.split('Priya Nair').length, 2, 'a person of two organizations has one inbox');

  const message = (await inbox('maya@maple.example')).find(({ attachments }) => attachments.length > 0);
  const url = `/mailbox/messages/${message?.id}`;
  const page = await browser.get(url).expect(200);
  assert.match(page.text, /<iframe[^>]* sandbox="/);
  const body = await browser.get(`${url}/body`).expect(200).expect('X-Frame-Options', 'SAMEORIGIN');
  const policy = String(body.headers['content-security-policy']);
  assert.match(policy, /^default-src 'none'/);
  assert.match(policy, /sandbox allow-popups/);
  assert.doesNotMatch(policy, /allow-scripts|allow-same-origin|allow-forms/);
  assert.match(body.text, /<base target="_blank">/);

  const file = await browser.get(`${url}/files/0`).expect(200).expect('Content-Type', 'application/pdf');
  assert.equal(Buffer.from(file.body).subarray(0, 5).toString(), '%PDF-');
  const source = await browser
    .get(`${url}.eml`)
    .responseType('blob')
    .expect(200)
    .expect('Content-Type', /message\/rfc822/);
  assert.match(Buffer.from(source.body).toString(), /^Message-ID: <[0-9a-f]{32}@parley\.localhost>\r$/m);
});

test('What is not there is 404, and bad forms are refused with what was typed', async () => {
  const browser = portal.browser();
  const [message] = await inbox('olivia@harbor.example');
  const url = `/mailbox/messages/${message?.id}`;
  for (const path of ['x', '00000000-0000-7000-8000-000000000000', "'; drop table people", 'x.eml', '%00', 'x/body']) {
    await browser.get(`/mailbox/messages/${path.startsWith("'") ? encodeURIComponent(path) : path}`).expect(404);
  }
  for (const at of ['999', '-1', 'x', '1e3', '__proto__']) await browser.get(`${url}/files/${at}`).expect(404);
  await browser.post('/mailbox/messages/x/reply').type('form').send({ text: 'Hello' }).expect(404);
  await browser
    .post(`${url}/reply`)
    .type('form')
    .send({ text: '  ', program: 'constructor' })
    .expect(422)
    .expect(/Write something/);
  await browser
    .post(`${url}/reply`)
    .set('Sec-Fetch-Site', 'cross-site')
    .type('form')
    .send({ text: 'Hello' })
    .expect(403);
  await browser.get('/mailbox?to=a&to=b').expect(200);
});

test('It is not there when mail leaves by a server, nor in production', async () => {
  for (const off of [{ mailbox: false }, { production: true }]) {
    const app = express().use(demoRoutes(portal.db, { ...portal.config, ...off }));
    for (const path of ['/mailbox', '/mailbox/messages.json']) await request(app).get(path).expect(404);
  }
});
