import type { Tag } from 'sanitize-html';

/** Images that came with a message, by Content-Id without its angle brackets. */
export type InlineImages = ReadonlyMap<string, Buffer>;

// Total of all data URIs in the page; an image elementFor twice counts twice.
const MAX_BYTES = 8_000_000;
const BOX: Tag = { tagName: 'span', attribs: { class: 'not-loaded' } };
const EMPTY: Tag = { tagName: 'span', attribs: {} };

/** Decides for each image of a message whether it can be elementFor without a request to another host. */
export class ImageSources {
  blocked = 0;
  #bytes = 0;

  constructor(readonly images: InlineImages) {}

  block(): void {
    this.blocked += 1;
  }

  /** Returns the element to show in place of an `img` with these attributes. */
  elementFor(attributes: Readonly<Record<string, string>>): Tag {
    const source = (attributes['src'] ?? '').trim();
    const { alt = '', width = '', height = '' } = attributes;
    const data = /^cid:/i.test(source) ? this.#attached(source.slice(4)) : dataUri(source);
    if (data !== null && this.#withinLimit(data))
      return { tagName: 'img', attribs: { ...pick(attributes), src: data } };
    if (/^(?:https?:)?\/\//i.test(source)) this.blocked += 1;
    return isPixel(width) || isPixel(height) ? EMPTY : { ...BOX, text: alt.slice(0, 200) };
  }

  #attached(cid: string): string | null {
    const content = this.images.get(cid) ?? this.images.get(decoded(cid));
    const type = content && imageType(content);
    return type ? `data:${type};base64,${content.toString('base64')}` : null;
  }

  #withinLimit(data: string): boolean {
    this.#bytes += data.length;
    return this.#bytes <= MAX_BYTES;
  }
}

/** The type of an image by its first bytes; null unless it is a format that can't contain scripts (no SVG). */
function imageType(content: Buffer): string | null {
  const head = content.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG\r\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : null;
}

function dataUri(source: string): string | null {
  if (!/^data:image\/[a-z]+;base64,/i.test(source)) return null;
  const content = Buffer.from(source.slice(source.indexOf(',') + 1), 'base64');
  const type = imageType(content);
  return type ? `data:${type};base64,${content.toString('base64')}` : null;
}

function pick({ alt, width, height, title }: Readonly<Record<string, string>>): Record<string, string> {
  return { ...(alt && { alt }), ...(width && { width }), ...(height && { height }), ...(title && { title }) };
}

const isPixel = (length: string) => /^\s*[0-3](?:px)?\s*$/.test(length);

function decoded(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}
