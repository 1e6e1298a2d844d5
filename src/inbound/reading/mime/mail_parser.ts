import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MailParser } from 'mailparser';
import type { AddressObject, AttachmentStream, EmailAddress, MessageText } from 'mailparser';
import type { Limits } from '../limits.js';
import type { MimeFile } from '../mime_file.js';
import { PartSplitter } from '../repairs/part_splitter.js';
import { rewrite } from './rewrite.js';

/** A part as mailparser read it. */
export interface ParsedPart {
  readonly contentType: string | false;
  readonly isAttachment?: boolean;
  readonly textContent?: string;
  readonly children: readonly ParsedPart[];
}

/** A file as mailparser read it. */
export interface ParsedFile extends MimeFile {
  readonly charset: string | undefined;
}

/** What mailparser makes of a message. The files are in the order of their parts. */
export interface ParsedMessage {
  readonly subject: string;
  readonly from: readonly EmailAddress[];
  readonly root: ParsedPart;
  readonly files: readonly ParsedFile[];
}

declare module 'mailparser' {
  interface MailParser {
    /** The parts as they stand in each other: the text that mailparser makes of them can't say which are alternatives. */
    readonly tree: ParsedPart;
    readonly subject?: string;
    readonly from?: AddressObject;
  }
}

// Making text of HTML, HTML of text, and links of both is ours; the limits are checked before it.
const OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepDeliveryStatus: true,
  ignoreEmbedded: true,
  maxHeadSize: Infinity,
  maxChildNodes: Infinity,
};

/** Reads a message by mailparser, repaired on the way; of its own headers only those in `header`. Throws MailRefused. */
export async function parseMail(
  raw: Buffer,
  { limits, header, hint }: { limits: Limits; header: readonly string[]; hint: string | undefined },
): Promise<ParsedMessage> {
  const parser = new MailParser(OPTIONS);
  const files: ParsedFile[] = [];
  await pipeline(
    pieces(raw),
    new PartSplitter(limits, hint),
    (chunks: PartSplitter) => rewrite(chunks, header, hint),
    parser,
    async (parts: AsyncIterable<AttachmentStream | MessageText>) => {
      for await (const part of parts) if (part.type === 'attachment') files.push(await readFile(part));
    },
  );
  return { subject: parser.subject ?? '', from: parser.from?.value ?? [], root: parser.tree, files };
}

async function readFile(part: AttachmentStream): Promise<ParsedFile> {
  const content = Buffer.concat(await (part.content as Readable).toArray());
  part.release();
  const type = part.headers.get('content-type');
  const { value, params } = typeof type === 'object' && 'params' in type ? type : { value: '', params: {} };
  return {
    filename: part.filename,
    content_type: value
      .toLowerCase()
      .replace(/[\s(].*$/s, '')
      .slice(0, 200),
    charset: params['charset'],
    cid: /<?\s*([^<>\s]{1,500})/.exec(part.cid ?? '')?.[1],
    attached: part.contentDisposition === 'attachment',
    content,
  };
}

const PIECE = 65_536;

function* pieces(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += PIECE) yield raw.subarray(at, at + PIECE);
}
