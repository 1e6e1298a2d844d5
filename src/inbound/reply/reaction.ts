import type { Line } from './line.js';

const EMOJI = /^\s*(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s){1,12}\s*$/u;
const REACTED =
  /\breact(?:ed|ion)\b|reagiert|a réagi|ha reaccionado|reaccionó|ha reagito|reageerde|heeft gereageerd|reagiu|zareagował|reagerade|reagerede|reagerte|reagoi|zareagoval|отреагировал|tepki verdi|リアクション|回应|反应/iu;
/** What Outlook writes instead of the emoji. */
const NAMES: Readonly<Record<string, string>> = {
  like: '👍',
  heart: '❤️',
  celebrate: '🎉',
  laugh: '😆',
  surprised: '😮',
  sad: '😢',
};
const NAMED = /^\s*\[(\w{3,12})\]\s/;

/**
 * The emoji, if a mail program wrote the message for a press on it: "👍 / Maya Chen reacted via Gmail", "[Like] Maya Chen
 * reacted to your message:". Null for what somebody wrote.
 */
export function reactionIn(said: readonly Line[]): string | null {
  const shown = said.filter((line) => !line.blank);
  const [first, ...more] = shown.map(({ text }) => text.slice(0, 300));
  if (first === undefined || more.length > 3) return null;
  const named = NAMES[NAMED.exec(first)?.[1]?.toLowerCase() ?? ''];
  if (named && REACTED.test(first)) return named;
  const tells = more.every((text) => REACTED.test(text) || /^\W*(?:https?:|www\.)/.test(text) || EMOJI.test(text));
  return EMOJI.test(first) && more.some((text) => REACTED.test(text)) && tells ? first.trim() : null;
}
