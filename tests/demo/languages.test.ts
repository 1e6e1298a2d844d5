import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../src/config.js';
import { codeInMailbox, mailboxOf, openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

type Agent = ReturnType<Portal['browser']>;

async function signedIn(email: string): Promise<Agent> {
  const agent = portal.browser();
  const code = await codeInMailbox(portal, email);
  await agent.post('/sign-in').type('form').send({ email }).expect(303);
  const typed = { code: await code() };
  await agent.post('/sign-in/code').type('form').send(typed).expect(303);
  return agent;
}

/** Whatever a page says: its texts and what is read aloud of it. */
const textsOf = (html: string): string[] =>
  [
    ...html.replace(/<(script|style)\b[^]*?<\/\1>/g, '').matchAll(/>([^<>]+)</g),
    ...html.matchAll(/ (?:aria-label|title|placeholder)="([^"]+)"/g),
  ].map(([, text = '']) => text.replace(/\s+/g, ' ').replaceAll('&#39;', '’').trim());

const linksOf = (html: string): string[] =>
  [...html.matchAll(/ href="(\/harbor[^"#?]*)"/g)]
    .map(([, path = '']) => path)
    .filter((path) => !/\/(?:pdf|files|payments)|\.\w+$/.test(path));

/** What stands in English on the pages that somebody comes to by two clicks: "/harbor/invoices: Overdue". */
async function englishFor(agent: Agent, start: string, language: string): Promise<string[]> {
  const file = readFileSync(join(root, `views/words/${language}.json`), 'utf8');
  const words = new Map(Object.entries(JSON.parse(file) as Record<string, string>));
  const shared = new Set(words.values());
  const found: string[] = [];
  const seen = new Set([start]);
  for (const path of seen) {
    const { text, type, status } = await agent.get(path);
    if (type !== 'text/html') continue;
    assert.ok(status < 400, `${path}: ${status}`);
    assert.match(text, new RegExp(`<html[^>]* lang="${language}`), path);
    const english = textsOf(text).filter((said) => words.has(said) && !shared.has(said));
    found.push(...english.map((said) => `${path}: ${said}`));
    for (const link of linksOf(text)) if (seen.size < 40) seen.add(link);
  }
  assert.ok(seen.size > 8, `only ${seen.size} pages`);
  return found;
}

test('partners read all of their pages in their language', async () => {
  const people = { de: 'lena@aurora.example', fr: 'camille@lumiere.example', es: 'iker@maderas.example' };
  for (const [language, email] of Object.entries(people))
    assert.deepEqual(await englishFor(await signedIn(email), '/harbor', language), []);
});

test('so do staff', async () => {
  const { id } = await portal.knex('organizations').where({ slug: 'harbor' }).first('id');
  const olivia = await signedIn('olivia@harbor.example');
  for (const locale of ['de-DE', 'fr-FR', 'es-ES']) {
    await portal.look(id, (db) => db('people').where({ email: 'olivia@harbor.example' }).update({ locale }));
    assert.deepEqual(await englishFor(olivia, '/harbor/desk', locale.slice(0, 2)), []);
  }
});

test('an email is in its reader’s language, from its subject to its small print', async () => {
  const told = async (address: string, subject: string) => {
    const mails = (await mailboxOf(portal, address)).filter((mail) => mail.subject === subject);
    return mails.map(({ text }) => text).join('\n');
  };
  const french = await told('camille@lumiere.example', '[Harbor & Pine] Devis EST-0033');
  assert.match(french, /^Olivia Grant vous a envoyé le devis EST-0033$/m);
  assert.match(french, /^Voir et accepter\u00a0:$[^]*^Répondez à cet e-mail pour écrire à Olivia Grant\.$/m);
  const spanish = await told('iker@maderas.example', '[Harbor & Pine] Pedido de compra PO-0022');
  assert.match(spanish, /^Tom Reyes le ha enviado el pedido de compra PO-0022$/m);
  assert.match(spanish, /^Ver pedido de compra:$[^]*^Responda a este correo para escribir a Tom Reyes\.$/m);
});
