import { DateTime } from 'luxon';
import { escapeHtml } from '../../pages/views/template.js';
import type { Person } from './inboxes.js';

/** The message that is answered. */
export interface Answered {
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  date: Date;
  text: string;
  /** The inside of its body element. */
  html: string;
}

export interface Written {
  subject: string;
  text: string;
  html: string;
  headers?: Record<string, string>;
}

type Write = (typed: string, person: Person, answered: Answered) => Written;

/**
 * How each mail program writes an answer: what was typed on top, a signature, then the message that is answered,
 * quoted in that program's way.
 */
export const programs = { gmail, outlook, apple } satisfies Record<string, Write>;

export type Program = keyof typeof programs;

interface Words {
  gmail: (date: string, who: string) => string;
  gmail_date: string;
  apple: (date: string, who: string) => string;
  apple_date: string;
  device: string;
  fields: [from: string, sent: string, to: string, subject: string];
  outlook_date: string;
  outlook_prefix: string;
}

const english: Words = {
  gmail: (date, who) => `On ${date} ${who} wrote:`,
  gmail_date: "ccc, LLL d, yyyy 'at' h:mm a",
  apple: (date, who) => `On ${date}, ${who} wrote:`,
  apple_date: "LLL d, yyyy, 'at' h:mm a",
  device: 'Sent from my iPhone',
  fields: ['From', 'Sent', 'To', 'Subject'],
  outlook_date: 'cccc, LLLL d, yyyy h:mm a',
  outlook_prefix: 'Re: ',
};

const german: Words = {
  gmail: (date, who) => `Am ${date} schrieb ${who}:`,
  gmail_date: "ccc., d. LLL yyyy 'um' HH:mm 'Uhr'",
  apple: (date, who) => `Am ${date} schrieb ${who}:`,
  apple_date: "dd.MM.yyyy 'um' HH:mm",
  device: 'Von meinem iPhone gesendet',
  fields: ['Von', 'Gesendet', 'An', 'Betreff'],
  outlook_date: 'cccc, d. LLLL yyyy HH:mm',
  outlook_prefix: 'AW: ',
};

const wordsOf = ({ locale }: Person) => (locale.startsWith('de') ? german : english);
const dated = (date: Date, format: string, { locale, time_zone }: Person) =>
  DateTime.fromJSDate(date, { zone: time_zone }).setLocale(locale).toFormat(format);
const addressed = ({ name, address }: Answered['from']) => `${name} <${address}>`.trim();
const signed = ({ name, title, company }: Person) =>
  [name, [title, company].filter(Boolean).join(', ')].filter(Boolean);
const bare = (subject: string) => subject.replace(/^((re|aw|antw)\s*:\s*)+/i, '');
const quoted = (text: string) => text.replace(/^/gm, '> ').replace(/^> >/gm, '>>').replace(/^> $/gm, '>');
const spaced = (line: string) => escapeHtml(line).replace(/^ | (?= )/g, '&nbsp;');

function gmail(typed: string, person: Person, answered: Answered): Written {
  const words = wordsOf(person);
  const said = words.gmail(dated(answered.date, words.gmail_date, person), addressed(answered.from));
  const [name = '', ...rest] = signed(person);
  const signature = `<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr"><b>${escapeHtml(name)}</b>${rest.map(inDiv).join('')}</div></div>`;
  const [first = '', ...more] = typed.split('\n');
  return {
    subject: `Re: ${bare(answered.subject)}`,
    text: `${wrapped(typed)}\n\n-- \n${signed(person).join('\n')}\n\n\n${wrapped(said)}\n\n${quoted(answered.text)}\n`,
    html:
      `<div dir="ltr">${spaced(first)}${more.map(inDiv).join('')}<div><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br>${signature}</div><br>` +
      `<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">${escapeHtml(said)}<br></div>` +
      `<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">${answered.html}</blockquote></div>`,
  };
}

function outlook(typed: string, person: Person, answered: Answered): Written {
  const words = wordsOf(person);
  const values = [
    addressed(answered.from),
    dated(answered.date, words.outlook_date, person),
    addressed(answered.to),
    answered.subject,
  ];
  const fields = words.fields.map((field, at) => [field, values[at] ?? ''] as const);
  const line = (text: string) =>
    `<div class="elementToProof" style="font-family: Aptos, Calibri, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);">${spaced(text) || '<br>'}</div>`;
  const header = fields.map(([field, value]) => `<b>${field}:</b> ${escapeHtml(value)}`).join('<br>');
  return {
    subject: `${words.outlook_prefix}${bare(answered.subject)}`,
    text: `${typed}\n\n${signed(person).join('\n')}\n\n${'_'.repeat(32)}\n${fields.map(([field, value]) => `${field}: ${value}`).join('\n')}\n\n${answered.text}\n`,
    html:
      `<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style></head><body dir="ltr">` +
      `${typed.split('\n').map(line).join('')}${line('')}<div class="elementToProof" id="Signature">${signed(person)
        .map((text) => `<p>${escapeHtml(text)}</p>`)
        .join('')}</div>` +
      `<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">` +
      `${header}</font><div>&nbsp;</div></div>${answered.html}</body></html>`,
  };
}

function apple(typed: string, person: Person, answered: Answered): Written {
  const words = wordsOf(person);
  const said = words.apple(dated(answered.date, words.apple_date, person), addressed(answered.from));
  return {
    subject: `Re: ${bare(answered.subject)}`,
    text: `${typed}\n\n${words.device}\n\n${quoted(`${said}\n\n\ufeff${answered.text}`)}\n`,
    html:
      `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">${typed.split('\n').map(spaced).join('<br>')}<br id="lineBreakAtBeginningOfSignature">` +
      `<div dir="ltr">${words.device}</div><div dir="ltr"><br><blockquote type="cite">${escapeHtml(said)}<br><br></blockquote></div>` +
      `<blockquote type="cite"><div dir="ltr">\ufeff${answered.html}</div></blockquote></body></html>`,
    headers: { 'X-Mailer': 'iPhone Mail (22F76)' },
  };
}

const inDiv = (line: string) => `<div>${spaced(line) || '<br>'}</div>`;

/** Lines of at most 76 characters where words allow it, as Gmail breaks its plain text. */
const wrapped = (text: string) => text.replace(/(?![^\n]{1,76}$)([^\n]{1,76})[ ](?=[^\n])/gm, '$1\n');
