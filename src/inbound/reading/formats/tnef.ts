import { decodeText } from '../repairs/charset_label.js';
import type { MimeFile } from '../mime_file.js';
import { readProperties } from './tnef_properties.js';
import type { Properties, Property } from './tnef_properties.js';
import { rtfBody } from './rtf.js';

/** The content of winmail.dat; `text` and `html` are null if missing. */
interface Tnef {
  readonly text: string | null;
  readonly html: string | null;
  readonly files: readonly MimeFile[];
}

const SIGNATURE = 0x223e9f78;
const MAX_ATTRIBUTES = 5000;
const MAX_DEPTH = 3;
// Attributes of MS-OXTNEF section 2.1.3.
const NEW_ATTACHMENT = 0x9002;
const ATTACHMENT_TITLE = 0x8010;
const ATTACHMENT_DATA = 0x800f;
const ATTACHMENT_PROPERTIES = 0x9005;
const MESSAGE_PROPERTIES = 0x9003;
const CODE_PAGE = 0x9007;
// Properties of MS-OXPROPS.
const BODY = 0x1000;
const BODY_HTML = 0x1013;
const BODY_RTF = 0x1009;
const BODY_CODE_PAGE = 0x3fde;
const LONG_NAME = 0x3707;
const SHORT_NAME = 0x3704;
const DISPLAY_NAME = 0x3001;
const MIME_TYPE = 0x370e;
const CONTENT_ID = 0x3712;
const DATA = 0x3701;

interface Attachment {
  title: string;
  data: Buffer | null;
  properties: Properties;
}

/** Whether a part is winmail.dat, in which Outlook wraps a message. */
export const isTnef = (type: string, filename: string | undefined): boolean =>
  /^application\/(?:vnd\.)?ms-tnef$/.test(type) || /^win(?:mail)?\.dat$/i.test(filename ?? '');

/** Unpacks winmail.dat (MS-OXTNEF), as far as it is complete. Returns null if it is not TNEF. Never throws. */
export function readTnef(bytes: Buffer, depth = 0): Tnef | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE || depth > MAX_DEPTH) return null;
  let [codePage, message] = ['windows-1252', new Map() as Properties];
  const attachments: Attachment[] = [];
  for (const { id, data } of attributes(bytes)) {
    const last = attachments.at(-1);
    if (id === CODE_PAGE && data.length >= 4) codePage = `cp${data.readUInt32LE(0)}`;
    else if (id === MESSAGE_PROPERTIES) message = readProperties(data);
    else if (id === NEW_ATTACHMENT) attachments.push({ title: '', data: null, properties: new Map() });
    else if (id === ATTACHMENT_TITLE && last) last.title = decodeText(untilNul(data), codePage);
    else if (id === ATTACHMENT_DATA && last) last.data = data;
    else if (id === ATTACHMENT_PROPERTIES && last) last.properties = readProperties(data);
  }
  return { ...bodyOf(message, codePage), files: attachments.flatMap((each) => filesOf(each, codePage, depth)) };
}

function* attributes(bytes: Buffer): Generator<{ id: number; data: Buffer }> {
  let at = 6;
  for (let count = 0; count < MAX_ATTRIBUTES && at + 9 <= bytes.length; count++) {
    const length = bytes.readUInt32LE(at + 5);
    yield { id: bytes.readUInt16LE(at + 1), data: bytes.subarray(at + 9, at + 9 + length) };
    at += 9 + length + 2;
  }
}

function bodyOf(message: Properties, codePage: string): { text: string | null; html: string | null } {
  const stated = message.get(BODY_CODE_PAGE)?.bytes;
  const charset = stated?.length === 4 ? `cp${stated.readUInt32LE(0)}` : codePage;
  const [text, html, rtf] = [message.get(BODY), message.get(BODY_HTML), message.get(BODY_RTF)];
  if (text || html)
    return {
      text: text ? textOf(text, charset).replace(/\r\n?/g, '\n') : null,
      html: html ? textOf(html, charset) : null,
    };
  return (rtf && rtfBody(rtf.bytes, charset)) ?? { text: null, html: null };
}

function filesOf({ title, data, properties }: Attachment, codePage: string, depth: number): MimeFile[] {
  const text = (id: number) => {
    const found = properties.get(id);
    return found && textOf(found, codePage);
  };
  const object = properties.get(DATA)?.bytes;
  // An attached message: a 16-byte interface identifier, then another TNEF stream.
  const inner = object ? readTnef(object.subarray(16), depth + 1) : null;
  if (inner) return [...bodyFiles(inner), ...inner.files];
  const content = data ?? object;
  if (!content) return [];
  const filename = text(LONG_NAME) || title || text(SHORT_NAME) || text(DISPLAY_NAME) || undefined;
  const [type, cid] = [text(MIME_TYPE) || 'application/octet-stream', text(CONTENT_ID) || undefined];
  return [{ filename, content_type: type.toLowerCase(), cid, attached: cid === undefined, content }];
}

function bodyFiles({ text, html }: Tnef): MimeFile[] {
  const file = (filename: string, content_type: string, content: string): MimeFile[] => [
    { filename, content_type, cid: undefined, attached: true, content: Buffer.from(content) },
  ];
  if (html !== null) return file('message.html', 'text/html', html);
  return text === null ? [] : file('message.txt', 'text/plain', text);
}

function textOf({ bytes, unicode }: Property, charset: string): string {
  return unicode ? (bytes.toString('utf16le').split('\0', 1)[0] ?? '') : decodeText(untilNul(bytes), charset);
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
