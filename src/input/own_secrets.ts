// A slash or plus as links and addresses are rewritten: percent-encoded once or twice, quoted-printable, HTML, JSON.
const SLASH = String.raw`(?:\\?/|%(?:25)?2F|=2F|&#(?:47|x2f);)`;
const PLUS = String.raw`(?:\+|%(?:25)?2B|=2B|&#(?:43|x2b);)`;
// Where mail programs break a long word: over lines, encoded words and parts of a file's name; and tags within it.
const BREAK = [
  String.raw`(?:\?=)?(?:=?[\t ]{0,3}\r?\n[>|\t \u00a0]{0,20}|[\t ]{1,4}(?==\?))(?:=\?[\w*-]{2,40}\?q\?)?`,
  String.raw`"?;\s{0,80}(?:file)?name\*\d{1,2}\*?="?`,
  String.raw`[\u00ad\u200b-\u200d\u2060\ufeff]`,
  String.raw`</?[a-z][^<>]{0,200}>`,
].join('|');
const MAYBE = `(?:${BREAK})?`;
const run = (characters: string, length: number) => `(?:[${characters}]${MAYBE}){${length - 1}}[${characters}]`;
/** A word of an address with what may break it. */
const spaced = (word: string) => word.replace(/\w/g, (letter) => letter + MAYBE);
const path = (word: string) => `${SLASH}${MAYBE}${spaced(word)}${SLASH}${MAYBE}`;

const TOKEN = run(String.raw`\w-`, 43);
const SECRETS = [
  // Magic links, and links that sign in.
  `(${path('in')}|${path('link')})(${TOKEN})(?!_{0,2}[a-z\\d-])`,
  // As a scanner writes links: slashes as underscores, and what was one by its number.
  `(_(?:in|link)_${MAYBE})((?:(?:[a-z\\d]|-2D|-5F)${MAYBE}){43})(?![a-z\\d])`,
  `(${path('unsubscribe')})(${run('0-9a-f', 64)})`,
  `(${spaced('bounce')}${PLUS}${MAYBE})(${run('0-9a-f', 56)})`,
  `(${spaced('reply')}${PLUS}${MAYBE})(${run('0-9a-f', 32)})`,
  // A Message-ID of ours: whoever knows it can answer the message.
  String.raw`(^|[^\w.+-])([0-9a-f]{32})(?=(?:@|%40|=40|&#64;)[a-z0-9])`,
  // The token alone, as in a file's name that was made from a link; not in the address of another site.
  String.raw`(^|[^\w\-/=+%&?#.:@])([\w-]{43})(?![\w\-/=+@])`,
];
const ALL = new RegExp(SECRETS.slice(0, 5).join('|'), 'gi');
const ID = new RegExp(SECRETS[5] ?? '', 'gim');
const ALONE = new RegExp(SECRETS[6] ?? '', 'gm');
/** Text without it holds none of them; with it, it may. */
const HINT = /\w[\w-]{19}|[\w-]{4}=?[\t ]{0,3}\r?\n|(?:in|link)(?:[/%_]|=2F|&#)|<wbr|[\u00ad\u200b]/i;

/** What stands for a part of a secret that is left out. */
const LEFT_OUT = '…';

type Replace = (secret: string) => string;

function replaced(text: string, by: Replace): string {
  if (!HINT.test(text)) return text;
  const replace = (pattern: RegExp, isSecret: (secret: string) => boolean) => (within: string) =>
    within.replace(pattern, (match: string, ...found: unknown[]) => {
      const [before, secret] = found.filter((group) => typeof group === 'string');
      return before !== undefined && secret !== undefined && isSecret(secret) ? `${before}${by(secret)}` : match;
    });
  // The addresses of profiles in a network begin like our links, but have no capitals.
  const links = replace(ALL, (secret) => secret.length < 43 || !/^[a-z\d-]{43}$/.test(secret));
  return [links, replace(ID, () => true), replace(ALONE, isRandom)].reduce((left, each) => each(left), text);
}

/** Characters of each kind follow one another as only chance has it. */
const isRandom = (token: string) => (token.match(/[A-Z](?![A-Z])|[a-z](?![a-z])|\d(?!\d)/g) ?? []).length > 16;

/** The code in our email with it, by its words in each language. */
const CODES = [
  /\b(\d{6}) (?:is your code for|ist Ihr Code für)/i,
  /(?:^|\n)\W{0,9}(?:Your code|Ihr Code)[\s:>]{1,9}(\d{6})\b/i,
];

/** Text without the tokens of our emails: of links that open a page as their reader, and of reply and bounce addresses. */
export const withoutTokens = (text: string): string => replaced(text, () => LEFT_OUT);

/**
 * Text without the secrets of our emails: tokens, and one-time codes. Whoever reads a conversation would get them with a
 * quote. Linear time.
 */
export const withoutSecrets = (text: string): string =>
  CODES.reduce((text, pattern) => {
    const code = pattern.exec(text)?.[1];
    return code === undefined ? text : text.replaceAll(code, LEFT_OUT);
  }, withoutTokens(text));

const PARTS = new RegExp(`${BREAK}|[\\w-]`, 'gi');

/** The same for text whose length must not change. */
export const maskSecrets = (text: string): string =>
  replaced(text, (secret) => secret.replace(PARTS, (part) => (/^[\w-]$/.test(part) ? 'x' : part)));
