// What joins letters and picks the look of a character; it belongs there, and nowhere else.
const JOINER = String.raw`\u200c\u200d`;
const SELECTOR = String.raw`\ufe00-\ufe0f\u{e0100}-\u{e01ef}`;
const JOINED = String.raw`\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}`;

const IGNORABLE = new RegExp(`(?![${JOINER}${SELECTOR}])\\p{Default_Ignorable_Code_Point}`, 'gu');
const STRAY = new RegExp(
  `(?<![${JOINED}${SELECTOR}])[${JOINER}]|[${JOINER}](?![${JOINED}])|(?<![\\p{L}\\p{N}\\p{S}\\p{P}\\p{M}])[${SELECTOR}]`,
  'gu',
);

/** Text without characters that show nothing: zero-width ones, fillers, marks of direction (UAX #44, UTR #36). */
export const withoutInvisible = (text: string): string => text.replace(IGNORABLE, '').replace(STRAY, '');

/** Whether anything of it can be seen: not only spaces, combining marks, or characters that nobody has defined. */
export const isVisible = (text: string): boolean =>
  /(?![\u2800\u{1d159}])[\p{L}\p{N}\p{P}\p{S}]/u.test(text.replace(IGNORABLE, ''));
