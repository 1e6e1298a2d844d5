import { DateTime } from 'luxon';
import { languageOf } from '../../pages/languages.js';
import { escapeHtml } from '../../pages/views/template.js';
import type { Person } from './inboxes.js';

/** The message that is being answered. */
interface Answered {
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  date: Date;
  text: string;
  /** The content of its body element. */
  html: string;
}

interface Composed {
  subject: string;
  text: string;
  html: string;
  headers?: Record<string, string>;
}

type Compose = (typed: string, person: Person, answered: Answered) => Composed;

/**
 * How each mail client composes a reply: the typed text, a signature, and the quoted message, each in its own format.
 */
export const programs = { gmail, outlook, apple } satisfies Record<string, Compose>;

export type Program = keyof typeof programs;

interface Phrases {
  gmail: (date: string, who: string) => string;
  gmail_date: string;
  apple: (date: string, who: string) => string;
  apple_date: string;
  device: string;
  fields: [from: string, sent: string, to: string, subject: string];
  outlook_date: string;
  outlook_prefix: string;
}

const ENGLISH: Phrases = {
  gmail: (date, who) => `On ${date} ${who} wrote:`,
  gmail_date: "ccc, LLL d, yyyy 'at' h:mm a",
  apple: (date, who) => `On ${date}, ${who} wrote:`,
  apple_date: "LLL d, yyyy, 'at' h:mm a",
  device: 'Sent from my iPhone',
  fields: ['From', 'Sent', 'To', 'Subject'],
  outlook_date: 'cccc, LLLL d, yyyy h:mm a',
  outlook_prefix: 'Re: ',
};

const GERMAN: Phrases = {
  gmail: (date, who) => `Am ${date} schrieb ${who}:`,
  gmail_date: "ccc., d. LLL yyyy 'um' HH:mm 'Uhr'",
  apple: (date, who) => `Am ${date} schrieb ${who}:`,
  apple_date: "dd.MM.yyyy 'um' HH:mm",
  device: 'Von meinem iPhone gesendet',
  fields: ['Von', 'Gesendet', 'An', 'Betreff'],
  outlook_date: 'cccc, d. LLLL yyyy HH:mm',
  outlook_prefix: 'AW: ',
};

const FRENCH: Phrases = {
  gmail: (date, who) => `Le ${date}, ${who} a écrit :`,
  gmail_date: "ccc d LLL yyyy 'à' HH:mm",
  apple: (date, who) => `Le ${date}, ${who} a écrit :`,
  apple_date: "d LLL yyyy 'à' HH:mm",
  device: 'Envoyé de mon iPhone',
  fields: ['De', 'Envoyé', 'À', 'Objet'],
  outlook_date: 'cccc d LLLL yyyy HH:mm',
  outlook_prefix: 'RE: ',
};

const SPANISH: Phrases = {
  gmail: (date, who) => `El ${date}, ${who.replace(/<(.+)>$/, '(<$1>)')} escribió:`,
  gmail_date: "ccc, d LLL yyyy 'a las' H:mm",
  apple: (date, who) => `El ${date}, ${who} escribió:`,
  apple_date: "d LLL yyyy, 'a las' H:mm",
  device: 'Enviado desde mi iPhone',
  fields: ['De', 'Enviado', 'Para', 'Asunto'],
  outlook_date: "cccc, d 'de' LLLL 'de' yyyy H:mm",
  outlook_prefix: 'RE: ',
};

const PHRASES: Record<string, Phrases> = { en: ENGLISH, de: GERMAN, fr: FRENCH, es: SPANISH };

const phrasesOf = ({ locale }: Person) => PHRASES[languageOf(locale)] ?? ENGLISH;
const formatDate = (date: Date, format: string, { locale, time_zone }: Person) =>
  DateTime.fromJSDate(date, { zone: time_zone }).setLocale(locale).toFormat(format);
const mailbox = ({ name, address }: Answered['from']) => `${name} <${address}>`.trim();
const signatureOf = ({ name, title, company }: Person) =>
  [name, [title, company].filter(Boolean).join(', ')].filter(Boolean);
const withoutPrefix = (subject: string) => subject.replace(/^((re|aw|antw)\s*:\s*)+/i, '');
const quote = (text: string) => text.replace(/^/gm, '> ').replace(/^> >/gm, '>>').replace(/^> $/gm, '>');
const toHtml = (line: string) => escapeHtml(line).replace(/^ | (?= )/g, '&nbsp;');
const div = (line: string) => `<div>${toHtml(line) || '<br>'}</div>`;

/** Wraps at 76 characters where there are spaces, as Gmail does in plain text. */
const wrap = (text: string) => text.replace(/(?![^\n]{1,76}$)([^\n]{1,76})[ ](?=[^\n])/gm, '$1\n');

function gmail(typed: string, person: Person, answered: Answered): Composed {
  const phrases = phrasesOf(person);
  const date = formatDate(answered.date, phrases.gmail_date, person);
  const attribution = phrases.gmail(date, mailbox(answered.from));
  const signature = signatureOf(person).join('\n');
  return {
    subject: `Re: ${withoutPrefix(answered.subject)}`,
    text: `${wrap(typed)}\n\n-- \n${signature}\n\n\n${wrap(attribution)}\n\n${quote(answered.text)}\n`,
    html: [
      gmailBody(typed, person),
      '<div class="gmail_quote gmail_quote_container">',
      `<div dir="ltr" class="gmail_attr">${escapeHtml(attribution)}<br></div>`,
      '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;',
      `border-left:1px solid rgb(204,204,204);padding-left:1ex">${answered.html}</blockquote></div>`,
    ].join(''),
  };
}

function gmailBody(typed: string, person: Person): string {
  const [first = '', ...more] = typed.split('\n');
  const [name = '', ...rest] = signatureOf(person);
  return [
    `<div dir="ltr">${toHtml(first)}${more.map(div).join('')}`,
    '<div><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br>',
    '<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">',
    `<div dir="ltr"><b>${escapeHtml(name)}</b>${rest.map(div).join('')}</div></div></div><br>`,
  ].join('');
}

function outlook(typed: string, person: Person, answered: Answered): Composed {
  const { fields, outlook_date, outlook_prefix } = phrasesOf(person);
  const date = formatDate(answered.date, outlook_date, person);
  const values = [mailbox(answered.from), date, mailbox(answered.to), answered.subject];
  const header = fields.map((field, at) => [field, values[at] ?? ''] as const);
  const signature = signatureOf(person);
  const quoted = `${header.map(([field, value]) => `${field}: ${value}`).join('\n')}\n\n${answered.text}`;
  return {
    subject: `${outlook_prefix}${withoutPrefix(answered.subject)}`,
    text: `${typed}\n\n${signature.join('\n')}\n\n${'_'.repeat(32)}\n${quoted}\n`,
    html: [
      '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
      '<style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style></head><body dir="ltr">',
      `${typed.split('\n').map(outlookLine).join('')}${outlookLine('')}<div class="elementToProof" id="Signature">`,
      `${signature.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}</div><div id="appendonsend"></div>`,
      '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">',
      '<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">',
      header.map(([field, value]) => `<b>${field}:</b> ${escapeHtml(value)}`).join('<br>'),
      `</font><div>&nbsp;</div></div>${answered.html}</body></html>`,
    ].join(''),
  };
}

const OUTLOOK_STYLE = 'font-family: Aptos, Calibri, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);';

const outlookLine = (text: string) =>
  `<div class="elementToProof" style="${OUTLOOK_STYLE}">${toHtml(text) || '<br>'}</div>`;

function apple(typed: string, person: Person, answered: Answered): Composed {
  const { device, apple_date, apple: attribute } = phrasesOf(person);
  const attribution = attribute(formatDate(answered.date, apple_date, person), mailbox(answered.from));
  return {
    subject: `Re: ${withoutPrefix(answered.subject)}`,
    text: `${typed}\n\n${device}\n\n${quote(`${attribution}\n\n\ufeff${answered.text}`)}\n`,
    html: [
      '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">',
      `${typed.split('\n').map(toHtml).join('<br>')}<br id="lineBreakAtBeginningOfSignature">`,
      `<div dir="ltr">${device}</div><div dir="ltr"><br>`,
      `<blockquote type="cite">${escapeHtml(attribution)}<br><br></blockquote></div>`,
      `<blockquote type="cite"><div dir="ltr">\ufeff${answered.html}</div></blockquote></body></html>`,
    ].join(''),
    headers: { 'X-Mailer': 'iPhone Mail (22F76)' },
  };
}
