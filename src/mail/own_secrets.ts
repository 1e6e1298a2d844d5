/** A token as it may stand in a quoted text: broken into lines, each behind the marks of a quote. */
const token = (character: string, length: number) => `(?:${character}(?:=?\\r?\\n[> \\t]*)?){${length}}`;

const SLASH = '(?:/|%2f)';
const AT = '(?:@|%40)';
const HEX = '[0-9a-f]';

/** Links that sign in or unsubscribe; and addresses that take an answer as somebody's. */
const LINK = new RegExp(`(${SLASH}(?:in|sign-in${SLASH}link)${SLASH})${token('[\\w-]', 43)}`, 'gi');
const UNSUBSCRIBE = new RegExp(`(${SLASH}unsubscribe${SLASH})${token(HEX, 64)}`, 'gi');
const ADDRESS = new RegExp(`\\b((?:reply|bounce)(?:\\+|%2b))(?:${HEX}(?:=?\\r?\\n[> \\t]*)?){32,}(?=${AT})`, 'gi');

/**
 * A text that others will read, without the tokens of our emails: each lets its holder act as the reader of one. They
 * come along wherever somebody quotes, forwards or copies what we sent. `mark` takes their place.
 */
export const withoutOwnSecrets = (text: string, mark = '…'): string =>
  text.replace(LINK, `$1${mark}`).replace(UNSUBSCRIBE, `$1${mark}`).replace(ADDRESS, `$1${mark}`);
