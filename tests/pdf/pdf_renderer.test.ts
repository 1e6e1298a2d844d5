import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { launchBrowser } from '../../src/pdf/browser.js';
import { createPdfRenderer } from '../../src/pdf/pdf_renderer.js';
import { openSealedPage } from '../../src/pdf/sealed_page.js';
import { type Process, processes } from '../support/processes.js';
import { until } from '../support/until.js';

test('PDF: text, title and page, and nothing about this machine', async (t) => {
  const renderer = createPdfRenderer();
  t.after(() => renderer.close());
  const html = page('<p>Invoice INV-0042, Müller &amp; Söhne: 1 234,50 €</p><a href="https://pay.example/x">Pay</a>');
  const pdf = await renderer.render(html, { title: 'Invoice INV-0042' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.match(textOf(pdf), /Invoice INV-0042, Müller & Söhne: 1 234,50 €/);
  const raw = pdf.toString('latin1');
  assert.match(raw, /\/Title \(Invoice INV-0042\)/);
  assert.match(raw, /\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  assert.match(raw, /\/StructTreeRoot/);
  for (const secret of [
    tmpdir(),
    fileURLToPath(new URL('../..', import.meta.url)),
    hostname(),
    'document.invalid',
    'Linux',
    'about:blank',
  ])
    assert.ok(!raw.includes(secret), secret);

  const [small, again] = await Promise.all([
    renderer.render(page('<style>@page{size:A5}</style>x')),
    renderer.render(html),
  ]);
  assert.match(small.toString('latin1'), /\/MediaBox \[0 0 4(19|20)[.\d]* 59[456][.\d]*\]/);
  assert.equal(textOf(again), textOf(pdf));
  await assert.rejects(renderer.render('x'.repeat(20_000_001)), /too long/);
  await renderer.close();
  await assert.rejects(renderer.render(html), /closed/);
});

test('PDF: no request leaves, no file is read, no script runs', async (t) => {
  const { port, hits } = await listen(t);
  const renderer = createPdfRenderer();
  t.after(() => renderer.close());
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0']) {
    const text = textOf(await renderer.render(hostilePage(`http://${host}:${port}`, `ws://${host}:${port}`)));
    assert.match(text, /still here/);
    assert.doesNotMatch(text, /RAN|FETCHED|root:/);
  }
  assert.deepEqual(hits, []);
});

test('PDF: the page alone keeps requests in, and so does the browser alone', async (t) => {
  const { port, hits } = await listen(t);
  const hostile = hostilePage(`http://127.0.0.1:${port}`, `ws://127.0.0.1:${port}`);
  const [online, offline] = await Promise.all([launchBrowser(), launchBrowser({ offline: true })]);
  t.after(() => Promise.all([online.close(), offline.close()]));
  const sealed = await openSealedPage(online);
  assert.match(textOf(await sealed.print(hostile, undefined)), /still here/);
  const open = await offline.newPage();
  // Its address can't be found, which ends the page.
  await open.setContent(hostile, { timeout: 2000 }).catch(() => undefined);
  await open.goto(`http://127.0.0.1:${port}/`).catch(() => undefined);
  assert.deepEqual(hits, []);
});

test('PDF: a document leaves nothing to the next one on its page', async (t) => {
  const renderer = createPdfRenderer();
  const browser = await launchBrowser({ offline: true });
  t.after(() => Promise.all([renderer.close(), browser.close()]));
  const html = page('<style>p { color: red }</style><p>clean</p>');
  const first = await renderer.render(html);
  await renderer.render(
    page(`<base href="http://a.example"><meta Http-Equiv="Content-Security-Policy" content="style-src 'none'">
      <meta http-equiv="content-language" content="tlh"><title>another</title><style>@page { size: A5 }</style>`),
  );
  const second = await renderer.render(html);
  assert.deepEqual(withoutDates(second), withoutDates(first));

  const sealed = await openSealedPage(browser);
  await sealed.print(html, undefined);
  assert.ok(sealed.isReusable());
  await sealed.print(page('<meta HTTP-EQUIV=refresh content=1>'), undefined);
  assert.ok(!sealed.isReusable());
});

test('PDF: a page is closed before it has grown large', async (t) => {
  const browser = await launchBrowser({ offline: true });
  t.after(() => browser.close());
  const sealed = await openSealedPage(browser);
  let prints = 0;
  for (; sealed.isReusable() && prints < 100; prints++) await sealed.print('<p>x', undefined);
  assert.ok(prints > 1 && prints < 100, `${prints} prints`);
});

test('PDF: one that hangs ends, and the others are printed', { skip: process.platform !== 'linux' }, async (t) => {
  const renderer = createPdfRenderer({ total_ms: 3000 });
  t.after(() => renderer.close());
  await renderer.render(page('warm'));
  const browser = await newestBrowser();
  // The browser, too, or it might start a renderer for this print.
  const stopped = [browser, ...(await renderersOf(browser))];
  t.after(() => stopped.forEach(resume));
  for (const { pid } of stopped) process.kill(pid, 'SIGSTOP');
  const hanging = assert.rejects(renderer.render(page('hangs')), /longer than 3 seconds/);
  await renderersOf(browser); // a moment, so that its time ends first
  const others = [1, 2, 3].map((number) => renderer.render(page(`number ${number}`)));
  await hanging;
  for (const [index, pdf] of (await Promise.all(others)).entries())
    assert.match(textOf(pdf), new RegExp(`number ${index + 1}`));
});

test('PDF: a killed browser and a crashed page are tried again', { skip: process.platform !== 'linux' }, async (t) => {
  const renderer = createPdfRenderer();
  t.after(() => renderer.close());
  await renderer.render(page('warm'));
  const long = page('<p>line</p>'.repeat(3000) + '<p>the end</p>');

  const printing = renderer.render(long);
  const browser = await newestBrowser();
  process.kill(browser.pid, 'SIGKILL');
  assert.match(textOf(await printing), /the end/);

  const second = await newestBrowser();
  assert.notEqual(second.pid, browser.pid);
  const both = Promise.all([renderer.render(long), renderer.render(long)]);
  const crashed = await until('a renderer', async () => {
    const found = await renderersOf(second);
    return found.length > 0 && found;
  });
  for (const { pid } of crashed) process.kill(pid, 'SIGKILL');
  for (const pdf of await both) assert.match(textOf(pdf), /the end/);
  process.kill(second.pid, 0);
});

/** One of an earlier test may still be ending. */
async function newestBrowser(): Promise<Process> {
  const ours = await processes((it) => it.parent === process.pid && it.command.includes('--user-agent=Parley'));
  const newest = ours.toSorted((one, other) => one.pid - other.pid).at(-1);
  assert.ok(newest);
  return newest;
}

const renderersOf = (browser: Process) =>
  processes((it) => it.group === browser.pid && it.command.includes('--type=renderer'));

/** A stopped process sees only then that its browser is gone. */
function resume({ pid }: Process): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}

/** A server that notes what it is asked. */
async function listen(t: TestContext): Promise<{ port: number; hits: (string | undefined)[] }> {
  const hits: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url);
    response.end('<p>FETCHED</p>');
  });
  server.on('upgrade', (request, socket) => {
    hits.push(request.url);
    socket.destroy();
  });
  server.listen(0);
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { port: address.port, hits };
}

const withoutDates = (pdf: Buffer) => pdf.toString('latin1').replace(/\/(Creation|Mod)Date \([^)]*\)/g, '');

/** One font, so that the PDF has one table of characters. */
function page(body: string): string {
  return `<!doctype html><html><head><style>* { font: 12px monospace }</style></head><body>${body}</body></html>`;
}

function hostilePage(web: string, socket: string): string {
  return page(`
    <meta http-equiv="refresh" content="0;url=${web}/refresh"><base href="${web}/base/">
    <link rel="stylesheet" href="${web}/css"><link rel="preconnect" href="${web}"><link rel="prefetch" href="${web}/prefetch"><link rel="icon" href="${web}/icon">
    <style>@import '${web}/import'; @font-face { font-family: f; src: url(${web}/font) } p { font-family: f, monospace; background: url(${web}/background) }</style>
    <img src="${web}/image" srcset="${web}/srcset 2x"><img src="relative"><img src="ftp://127.0.0.1/x"><img src="file:///etc/hostname">
    <iframe src="file:///etc/passwd"></iframe><iframe src="${web}/frame"></iframe><iframe srcdoc="<script>document.write('RAN')</script><img src='${web}/srcdoc'>"></iframe>
    <iframe src="data:text/html,<script>document.write('RAN');fetch('${web}/data')</script>"></iframe>
    <object data="${web}/object"></object><object data="file:///etc/passwd"></object><embed src="file:///etc/passwd"><embed src="${web}/embed">
    <video src="${web}/video" poster="${web}/poster" autoplay></video><audio src="${web}/audio" autoplay></audio>
    <svg><image href="${web}/svg"/><use href="${web}/use#x"/><script>document.body.textContent = 'RAN'</script></svg>
    <script src="${web}/script"></script><script type="module" src="${web}/module"></script>
    <script>document.body.append('RAN'); new WebSocket('${socket}/socket'); fetch('${web}/fetch')</script>
    <img src="data:," onerror="document.body.append('RAN')"><body onload="document.body.append('RAN')"><details open ontoggle="document.body.append('RAN')"></details>
    <p>still here</p>`);
}

/**
 * The text of a PDF that Chromium made with one font: its strings are glyph numbers, and a table says which
 * characters they are.
 */
function textOf(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/stream\r?\n(.*?)\r?\nendstream/gs)].map((match) =>
    inflated(match[1] ?? ''),
  );
  const characters = new Map<number, string>();
  for (const table of streams.filter((stream) => stream.includes('beginbfchar') || stream.includes('beginbfrange')))
    readTable(table, characters);
  const strings = streams
    .filter((stream) => /T[jJ]/.test(stream))
    .flatMap((stream) => [...stream.matchAll(/<([0-9A-Fa-f]+)>/g)].map((match) => match[1] ?? ''));
  return strings
    .map((hex) => (hex.match(/.{4}/g) ?? []).map((glyph) => characters.get(Number.parseInt(glyph, 16)) ?? '').join(''))
    .join('');
}

function readTable(table: string, characters: Map<number, string>): void {
  const number = (hex: string | undefined) => Number.parseInt(hex ?? '', 16);
  for (const [block] of table.matchAll(/beginbfchar.*?endbfchar/gs)) {
    for (const [, glyph, character] of block.matchAll(/<(\w+)> <(\w+)>/g))
      characters.set(number(glyph), String.fromCodePoint(number(character)));
  }
  for (const [block] of table.matchAll(/beginbfrange.*?endbfrange/gs)) {
    for (const [, first, last, character] of block.matchAll(/<(\w+)> <(\w+)> <(\w+)>/g)) {
      for (let glyph = number(first); glyph <= number(last); glyph++) {
        characters.set(glyph, String.fromCodePoint(number(character) + glyph - number(first)));
      }
    }
  }
}

function inflated(stream: string): string {
  try {
    return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
  } catch {
    return '';
  }
}
