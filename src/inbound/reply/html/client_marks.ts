import type { Mark } from '../line.js';

type Attributes = Readonly<Record<string, string>>;

// Containers in which every line is quoted. Our own emails are recognized by `data-parley` instead: clients rename
// classes and ids, but not such attributes.
const QUOTED = /^(?:(?:ydp\w{4,12})?yahoo_quoted\w{0,20}|zmail_extra|tutanota_quote|hcl_quote|OutlookMessageHeader)$/i;
// Precedes a quoted message, which may or may not be marked as a quote itself.
const ATTRIBUTION = new RegExp(
  '^(?:' +
    [
      'gmail_quote|gmail_quote_container|gmail_attr|moz-cite-prefix|moz-email-headers-table',
      'protonmail_quote|reply-intro|messageReplySection|missive_quote|airmail_on',
      'tutanota_quote_attribution|mailbox_signature_quote',
    ].join('|') +
    ')$',
  'i',
);
// Everything from here on is the quoted message.
const REST = new RegExp(
  '^(?:' +
    [
      'divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|stopSpelling',
      'OLK_SRC_BODY_SECTION|zwchr|ms-outlook-mobile-reference|x_divRplyFwdMsg|x_appendonsend',
    ].join('|') +
    ')$',
  'i',
);
// Clients use many names for signatures, but all contain this word.
const SIGNATURE = /^(?!mailbox_signature_quote$)\S{0,40}signature\S{0,30}$/i;

/** Returns the mark of an element's lines by the client's class, id or style. `inQuote`: inside a quote container. */
export function blockMark(name: string, attributes: Attributes, inQuote: boolean): Mark | null {
  const names = namesOf(attributes);
  if (names.some((each) => REST.test(each)) || isOutlookRule(name, attributes)) return 'rest';
  if (names.some((each) => SIGNATURE.test(each)) || attributes['data-smartmail'] === 'gmail_signature')
    return 'signature';
  if (names.includes('moz-forward-container')) return 'forward';
  if (name !== 'blockquote') return names.some((each) => ATTRIBUTION.test(each)) ? 'attribution' : null;
  if (inQuote) return null;
  // Gmail also uses this class for indented text; a real quote is inside another container with the class.
  if (names.includes('gmail_quote')) return 'citation';
  return 'type' in attributes || names.some((each) => /quote/i.test(each)) ? null : 'unnamed';
}

/** Whether an element's lines are quoted. A blockquote without a border is only indentation. */
export function isQuote(name: string, attributes: Attributes): boolean {
  if ('data-parley' in attributes) return true;
  if (name === 'blockquote')
    return !/border(?:-left)?:\s*(?:none|0)/i.test(attributes['style'] ?? '') || 'type' in attributes;
  return namesOf(attributes).some((each) => QUOTED.test(each));
}

/** Whether an element is hidden, such as a preheader. */
export function isHidden(attributes: Attributes): boolean {
  return /display:\s*none|mso-hide:\s*all/i.test(attributes['style'] ?? '') || 'hidden' in attributes;
}

/** Whether a paragraph has no margins: Outlook makes each line a paragraph. */
export function isTight(attributes: Attributes): boolean {
  const style = attributes['style'] ?? '';
  return attributes['class'] === 'MsoNormal'
    ? !/margin-bottom:\s*1/i.test(style)
    : /margin:\s*0(?:px|pt|cm|in)?\s*(?:;|$)/i.test(style);
}

// Outlook for Windows draws a line above the header block of the quoted message.
function isOutlookRule(name: string, attributes: Attributes): boolean {
  const style = attributes['style'] ?? '';
  return (
    name === 'div' &&
    /border:\s*none/i.test(style) &&
    /border-top:\s*solid\s+#?\w+\s+1(?:\.0)?pt/i.test(style) &&
    /padding:\s*3(?:\.0)?pt/i.test(style)
  );
}

function namesOf(attributes: Attributes): string[] {
  const names = `${attributes['class'] ?? ''} ${attributes['id'] ?? ''} ${attributes['name'] ?? ''}`;
  return names.length > 1000 ? [] : names.split(/\s+/).filter((each) => each !== '');
}
