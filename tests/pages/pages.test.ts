import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { eventMessage } from '../../src/mail/messages/compose.js';
import { accentColours, accentCss, accentUrl, contrast } from '../../src/pages/styles/accent.js';
import { asset, findAsset, pdfCss } from '../../src/pages/assets.js';
import { formatFor } from '../../src/pages/format.js';
import { translatorFor } from '../../src/pages/i18n.js';
import { linkParts } from '../../src/pages/links.js';
import { renderEmail } from '../../src/pages/views/render.js';
import { withWholeNumbers } from '../../src/pages/views/whole_numbers.js';

/** As it is sent. */
const sizeOf = ({ type, body }: { type: string; body: Buffer }) =>
  type.startsWith('font/') ? body.length : brotliCompressSync(body).length;

const english = formatFor({ locale: 'en-US', time_zone: 'America/New_York' });

const german = formatFor({ locale: 'de-DE', time_zone: 'Europe/Berlin' });

const now = new Date('2026-11-22T03:30:00Z');

describe('formats', () => {
  it('writes money with the decimals of its currency, in the order of the language', () => {
    const written = [
      english.money(1095120, 'USD'),
      english.money(1200, 'JPY'),
      english.amount(1250, 'KWD'),
      german.money(1095120, 'EUR'),
    ];
    assert.deepEqual(written, ['$10,951.20', '¥1,200', '1.250', '10.951,20\u00a0€']);
  });

  it('keeps a number with hyphens in one line, wherever it is text on a page', () => {
    const whole = (number: string) => `<span class="nowrap">${number}</span>`;
    const page = (number: (text: string) => string) =>
      `<title>INV-0042</title><a href="/INV-0042" title="by 2026-12-23">Pay ${number('INV-0042')}</a>,
      by ${number('2026-12-23')} on form ${number('W-9')}, or (207) ${number('555-0168')}; one-2 and A-one stay.
      <option value="CO-0004">CO-0004</option><textarea>CO-0004</textarea>
      <svg><text x="1">CO-0004<tspan>INV-0042</tspan></text></svg>`;
    assert.equal(withWholeNumbers(page((number) => number)), page(whole));
  });

  it('writes the first of a month as French does', () => {
    const french = formatFor({ locale: 'fr-FR', time_zone: 'Europe/Paris' });
    const first = '2026-12-01';
    assert.deepEqual(
      [french.date(first), french.weekday(first), french.shortDate(first), french.date('2026-12-11')],
      ['1er décembre 2026', 'mardi 1er décembre', '1er déc. 2026', '11 décembre 2026'],
    );
  });

  it('keeps all decimals of a price and a rate', () => {
    assert.deepEqual(
      [english.price('0.0125', 'USD'), english.price('145', 'USD'), english.percent('8.25')],
      ['0.0125', '145.00', '8.25%'],
    );
  });

  it('writes dates as a person would, by the reader’s own calendar', () => {
    assert.equal(english.today(now), '2026-11-21');
    assert.deepEqual(
      [english.when('2026-11-30', now).text, german.when('2026-11-30', now).text],
      ['in 9 days', 'in 8 Tagen'],
    );
    assert.deepEqual(english.when('2026-12-30', now), {
      text: 'December 30, 2026',
      title: 'December 30, 2026',
      iso: '2026-12-30',
    });
    assert.equal(english.when(new Date('2026-11-22T03:18:00Z'), now).text, '12 minutes ago');
  });

  it('never fails on what someone typed as a language, a zone, a currency or a date', () => {
    const odd = formatFor({ locale: 'no such language', time_zone: 'Mars/Olympus' });
    assert.equal(odd.money(100, 'USD'), '$1.00');
    assert.equal(odd.date('soon'), 'soon');
    assert.match(odd.money(100, 'moon'), /1\.00/);
  });
});

describe('the accent', () => {
  const channels = (hex: string) => {
    const at = (start: number) => Number.parseInt(hex.slice(start, start + 2), 16);
    return [at(1), at(3), at(5)] as const;
  };

  it('is readable on paper, at night and as a button, whatever colour was chosen', () => {
    for (let colour = 0; colour < 0x1000000; colour += 0x6543) {
      const { light, dark } = accentColours(`#${colour.toString(16).padStart(6, '0')}`);
      const against = [
        contrast(channels(light), [0xf4, 0xf1, 0xea]),
        contrast(channels(light), [255, 255, 255]),
        contrast(channels(dark), [0x2a, 0x27, 0x23]),
      ];
      assert.ok(Math.min(...against) >= 4.5, `#${colour.toString(16)} becomes ${light} and ${dark}`);
    }
  });

  it('leaves a readable colour as it is, and takes nothing but a colour', () => {
    assert.equal(accentColours('#1f5f4f').light, '#1f5f4f');
    assert.doesNotMatch(accentCss('red;}body{display:none'), /display/);
    assert.match(accentUrl('</style>'), /^\/assets\/accent\/[0-9a-f]{6}\.css$/);
  });
});

describe('words', () => {
  it('fills in names as they are, even where they look like commands', () => {
    assert.equal(translatorFor('en')('Pay {{name}}', { name: '$t(Sign in) {{x}} <b>' }), 'Pay $t(Sign in) {{x}} <b>');
    assert.equal(translatorFor('de-AT')('Pay {{name}}', { name: 'Ada' }), 'Ada bezahlen');
    assert.equal(translatorFor('../../package')('Sign in'), 'Sign in');
    assert.equal(translatorFor('fr-CA')('Sign in'), 'Se connecter');
  });

  it('says a number in the plural of each language', () => {
    const files = (locale: string, count: number) => translatorFor(locale)('{{count}} files attached', { count });
    assert.deepEqual(
      ['en-US', 'de-DE', 'fr-FR', 'es-ES'].map((locale) => files(locale, 1)),
      ['1 file attached', '1 Datei angehängt', '1 fichier joint', '1 archivo adjunto'],
    );
    // French has no plural for nothing, and a third form for millions, as Spanish has.
    assert.deepEqual(
      [0, 2, 1_000_000].map((count) => files('fr-FR', count)),
      ['0 fichier joint', '2 fichiers joints', '1000000 fichiers joints'],
    );
  });

  it('draws together what French and Spanish draw together, whatever name follows', () => {
    const french = translatorFor('fr-FR');
    const paid = (document: string) =>
      french('{{actor}} removed {{name}} from {{document}}', { actor: 'Tom', name: 'Ada', document });
    assert.equal(paid('le devis EST-1'), 'Tom a retiré Ada du devis EST-1');
    assert.equal(paid('l’offre PRO-1'), 'Tom a retiré Ada de l’offre PRO-1');
    assert.equal(french('A test from {{organization}}', { organization: 'Atelier Lumière' }), 'Test d’Atelier Lumière');
    assert.equal(french('A test from {{organization}}', { organization: 'IBM' }), 'Test de IBM');
    assert.equal(french('This link was sent to {{name}}', { name: 'le Duc' }), 'Ce lien a été envoyé au Duc');
    assert.equal(
      translatorFor('es-ES')('A reminder of {{document}}', { document: 'el presupuesto EST-1' }),
      'Recordatorio del presupuesto EST-1',
    );
  });

  it('makes links of web addresses alone', () => {
    const found = linkParts('See https://a.example/x. Or javascript:alert(1), <http://b.example>').filter(
      ({ href }) => href,
    );
    assert.deepEqual(
      found.map(({ href }) => href),
      ['https://a.example/x', 'http://b.example'],
    );
  });
});

describe('files for pages', () => {
  it('are found under the hash of their content only', () => {
    const url = asset('css/app.css').slice('/assets/'.length);
    assert.equal(findAsset(url)?.type, 'text/css; charset=utf-8');
    for (const path of ['0/css/app.css', 'css/app.css', `${url}/../../../package.json`, 'accent/zzz.css', ''])
      assert.equal(findAsset(path), null);
  });

  it('weigh less than 100 kB on a first visit', () => {
    const names = [
      'css/app.css',
      'js/htmx.js',
      'js/page.js',
      'js/live.js',
      'js/lines.js',
      'img/icons.svg',
      'fonts/inter-latin.woff2',
      'fonts/serif-latin.woff2',
    ];
    const sizes = names
      .map((name) => findAsset(asset(name).slice('/assets/'.length)))
      .map((file) => (file ? sizeOf(file) : Infinity));
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 80_000);
  });

  it('stand inside a PDF’s page, which may load nothing', () => {
    assert.doesNotMatch(pdfCss(), /url\('(?!data:)/);
  });
});

describe('emails', () => {
  const it_is = {
    headline: 'Olivia <sent> you invoice INV-0042',
    subtitle: null,
    button: { label: 'View', url: 'https://p.example/in/abc' },
    message: { author: 'Olivia', text: 'One.\n\nTwo & three.\n<% said %> {{two}}' },
  };
  const received = {
    ...it_is,
    earlier: [],
    files: [],
    reply_line: null,
    document_label: 'invoice INV-0042',
    why: 'You get this because you follow it.',
    stop: null,
  };
  const organization = { name: 'Harbor & Pine', accent: '#ffe600' };
  const email = () => renderEmail(eventMessage, { locale: 'en-US', time_zone: 'UTC', organization }, received);

  it('carry their styles in the elements, escape what people wrote, and load nothing', () => {
    const { html } = email();
    assert.match(html, /Olivia &lt;sent&gt; you/);
    assert.match(html, /data-parley="message"/);
    assert.match(html, /<h1 class="headline" style="[^"]*26px[^"]*">/);
    assert.match(html, /<style>\s*@media[\s\S]*prefers-color-scheme: dark/);
    assert.match(html, /&lt;% said %&gt; {{two}}/);
    assert.doesNotMatch(html, /<img|<link|<script|url\(/);
    assert.doesNotMatch(html, /bgcolor="#ffe600"/);
  });

  it('read well as plain text, with the link on a line of its own', () => {
    const { text } = email();
    assert.match(text, /^Olivia <sent> you invoice INV-0042\n/);
    assert.match(text, /\nhttps:\/\/p\.example\/in\/abc\n/);
    assert.match(text, /\n {2}Two & three\.\n/);
    assert.doesNotMatch(text, /\n{3}/);
  });
});
