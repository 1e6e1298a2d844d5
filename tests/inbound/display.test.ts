import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer';
import { displayHtml, displayText } from '../../src/inbound/reading/display/display.js';
import { previewMail } from '../../src/inbound/reading/worker/read_mail.js';
import { launchBrowser } from '../../src/pdf/browser.js';
import { until } from '../support/until.js';
import { VECTORS } from '../support/vectors.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const body = (html: string, images?: Map<string, Buffer>) =>
  /<body>([^]*)<\/body>/
    .exec(displayHtml(html, images).html)?.[1]
    ?.replaceAll(' target="_blank" rel="noopener noreferrer"', '');

let browser: Browser;
before(async () => {
  browser = await launchBrowser({ offline: true });
});
after(async () => {
  await browser.close();
});

describe('a message as staff see it', () => {
  it('runs nothing and asks nobody for anything, even where its own policy is taken away', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    await page.exposeFunction('report', (what: string) => asked.push(what));
    await page.evaluateOnNewDocument(
      `for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.report('ran');`,
    );
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (!/^(?:data|about):/.test(request.url())) asked.push(request.url());
      void request.continue();
    });
    await page.goto('about:blank');
    await page.setContent('<img src="https://x.example/a" onerror="alert(1)"><p>As it is, it would.');
    await until('what would happen', async () => asked.includes('ran'));
    assert.deepEqual(asked.splice(0), ['https://x.example/a', 'ran']);
    for (const vector of VECTORS) {
      const { html } = displayHtml(vector);
      await page.setContent(html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
      const left = await page.evaluate(
        `[...document.querySelectorAll('*')].flatMap((e) => [...e.attributes].filter((a) => /^on/i.test(a.name) || /^\\s*(?:javascript|vbscript|data:text)/i.test(a.value) || (e.tagName === 'A' && a.name === 'href' && !/^(?:https?|mailto|tel):/.test(e.href))).map((a) => e.tagName + ' ' + a.name)).concat([...document.querySelectorAll('body :is(script, style, iframe, object, embed, form, input, button, meta, link, base, svg, math, video, audio, template, noscript, textarea, select)')].map((e) => e.tagName))`,
      );
      assert.deepEqual([asked.splice(0), left], [[], []], `${vector}\n became ${html.slice(html.indexOf('<body>'))}`);
    }
    await page.close();
  });

  it('can’t leave its place or cover anything', () => {
    for (const style of [
      'position:fixed;top:0',
      'margin:-900px',
      'background:url(//x.example)',
      'z-index:9',
      'transform:scale(9)',
      'float:left',
      'width:calc(100vw)',
      'background-image:url(//x.example)',
      'content:"x"',
      'behavior:url(x)',
      'animation:x 1s',
      'opacity:0',
      'width:expression(alert(1))',
      'color:r\\65 d',
    ]) {
      assert.equal(body(`<p style="${style}">Hi</p>`), '<p>Hi</p>', style);
    }
    assert.equal(
      body('<p style="color:#c00;font-size:14px;position:absolute">Hi</p>'),
      '<p style="color:#c00;font-size:14px">Hi</p>',
    );
  });

  it('shows images that came with it, and a box for those elsewhere', () => {
    const shown = displayHtml(
      '<img src="cid:a@x"><img src="cid:none"><img src="https://x.example/a.png" alt="Oak"><img src="//t.example/p" width=1><table background="http://x.example/b"></table>',
      new Map([['a@x', PNG]]),
    );
    assert.equal(shown.blocked_images, 3);
    assert.match(
      shown.html,
      /<img src="data:image\/png;base64,iVBOR[^"]+"><span class="not-loaded"><\/span><span class="not-loaded">Oak<\/span><span><\/span>/,
    );
    assert.equal(
      body('<img src="cid:a">', new Map([['a', Buffer.from('<svg onload=alert(1)>')]])),
      '<span class="not-loaded"></span>',
    );
  });

  it('says where a link leads unless the link says so itself', () => {
    assert.equal(
      body('<a href="https://bank.example/login">bank.example</a>'),
      '<a href="https://bank.example/login">bank.example</a>',
    );
    assert.equal(
      body('<a href="https://evil.example/">https://bank.example/</a>'),
      '<a href="https://evil.example/">https://bank.example/</a> <bdi class="host" dir="ltr">(evil.example)</bdi>',
    );
    assert.equal(
      body('<a href="https://bank.example@evil.example/">Log in</a>'),
      '<a href="https://bank.example@evil.example/">Log in</a> <bdi class="host" dir="ltr">(evil.example)</bdi>',
    );
    assert.match(body('<a href="https://evil.example">evil.example.bank.example</a>') ?? '', /\(evil\.example\)/);
    assert.match(body('<a href="https://bаnk.example">bаnk.example</a>') ?? '', /\(xn--bnk-6cd\.example\)/);
    assert.match(body('<a href="mailto:pay@evil.example">Pay</a>') ?? '', /\(pay@evil\.example\)/);
    assert.equal(
      body('<a href="jav&#9;ascript:alert(1)">x</a><a href="//x.example">y</a><a href="ftp://x.example">z</a>'),
      '<a>x</a><a>y</a><a>z</a>',
    );
  });

  it('has a bound for links', () => {
    const links = displayHtml('<a href="https://x.example/">x</a>'.repeat(6000)).html.match(/ href=/g)?.length;
    assert.equal(links, 5000);
  });

  it('shows a message without HTML as it was written', async () => {
    assert.match(displayText('a <b>\n c').html, /<pre>a &lt;b&gt;\n c<\/pre>/);
    const preview = await previewMail(
      Buffer.from(
        'From: =?utf-8?q?M=C3=A4rz?= <m@x.example>\r\nTo: a@x.example\r\nSubject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n\r\nHello <script>\r\n',
      ),
    );
    assert.match(preview.html, /Hello &lt;script&gt;/);
    assert.deepEqual(preview.headers, [
      { name: 'From', value: 'März <m@x.example>' },
      { name: 'To', value: 'a@x.example' },
      { name: 'Subject', value: 'Grüße' },
    ]);
    await assert.rejects(previewMail(Buffer.from('no header')), { message: /no header section/ });
  });
});
