import type { Mark } from '../line.js';

type Attributes = Readonly<Record<string, string>>;

// Containers of a quoted message, whose lines are all quoted. `data-parley` is around the body of our own mail: such
// attributes outlive the renaming of classes and ids.
const QUOTED = /^(?:(?:ydp\w{4,12})?yahoo_quoted\w{0,20}|zmail_extra|tutanota_quote|hcl_quote|OutlookMessageHeader)$/i;
// What stands before a quoted message; the rest may be marked as a quote, or not.
const ATTRIBUTION =
  /^(?:gmail_quote|gmail_quote_container|gmail_attr|moz-cite-prefix|moz-email-headers-table|protonmail_quote|reply-intro|messageReplySection|missive_quote|airmail_on|tutanota_quote_attribution|mailbox_signature_quote)$/i;
// From here on everything is the quoted message.
const REST =
  /^(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|stopSpelling|OLK_SRC_BODY_SECTION|zwchr|ms-outlook-mobile-reference|x_divRplyFwdMsg|x_appendonsend)$/i;
// Clients name what they put below a message in many ways, and all say what it is.
const SIGNATURE = /^(?!mailbox_signature_quote$)\S{0,40}signature\S{0,30}$/i;

/**
 * What a client's class, id or style says of an element's lines; null for most. `inQuote`: it stands in a container
 * of a quote.
 */
export function blockMark(name: string, attributes: Attributes, inQuote: boolean): Mark | null {
  const names = namesOf(attributes);
  if (names.some((each) => REST.test(each)) || isOutlookRule(name, attributes)) return 'rest';
  if (names.some((each) => SIGNATURE.test(each)) || attributes['data-smartmail'] === 'gmail_signature')
    return 'signature';
  if (names.includes('moz-forward-container')) return 'forward';
  if (name !== 'blockquote') return names.some((each) => ATTRIBUTION.test(each)) ? 'attribution' : null;
  if (inQuote) return null;
  // Gmail gives its class also to what its toolbar indents; a quoted message stands in a container that has it, too.
  if (names.includes('gmail_quote')) return 'citation';
  return 'type' in attributes || names.some((each) => /quote/i.test(each)) ? null : 'unnamed';
}

/** Whether an element's lines stand in a quote. A blockquote without a border is how clients indent. */
export function isQuote(name: string, attributes: Attributes): boolean {
  if ('data-parley' in attributes) return true;
  if (name === 'blockquote')
    return !/border(?:-left)?:\s*(?:none|0)/i.test(attributes['style'] ?? '') || 'type' in attributes;
  return namesOf(attributes).some((each) => QUOTED.test(each));
}

/** Whether an element is not shown: preheaders and the like. */
export function isHidden(attributes: Attributes): boolean {
  return /display:\s*none|mso-hide:\s*all/i.test(attributes['style'] ?? '') || 'hidden' in attributes;
}

/** Whether a paragraph has no space around it: Outlook makes one of each line. */
export function isTight(attributes: Attributes): boolean {
  const style = attributes['style'] ?? '';
  return attributes['class'] === 'MsoNormal'
    ? !/margin-bottom:\s*1/i.test(style)
    : /margin:\s*0(?:px|pt|cm|in)?\s*(?:;|$)/i.test(style);
}

// Outlook for Windows draws a line above the header block of the message that is answered.
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
