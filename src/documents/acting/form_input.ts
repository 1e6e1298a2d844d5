import Big from 'big.js';
import type { Attachments } from '../../conversation/comments.js';
import { type Action, type Question, typeNamed } from '../../document_types/index.js';
import { isId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { isDay, isEmail, multiLine, oneLine } from '../../pages/valid_input.js';
import { parseDecimal, toMinor } from '../content/decimals.js';
import { type Draft, parseDraft } from '../drafts/parse_draft.js';

/** Checked answers: text, days and ids as strings, amounts in minor units. Nothing is kept for what was left empty. */
export type Answers = Record<string, string | number>;

export interface ParsedInput {
  answers: Answers;
  draft?: Draft;
}

interface Terms {
  locale: string;
  currency: string;
  /** The document's type. */
  type: string;
}

/** Each kind of question: what was typed -> its value, or the sentence that says what is wrong. */
const READ: Record<string, (typed: string, terms: Terms) => string | number | { wrong: string }> = {
  text: (typed) => (typed.length > 200 ? { wrong: 'Use at most 200 characters.' } : typed),
  'long text': (typed) => (typed.length > 50_000 ? { wrong: 'Use at most 50,000 characters.' } : typed),
  email: (typed) => (isEmail(typed) ? typed.toLowerCase() : { wrong: 'This is not an email address.' }),
  date: (typed) => (isDay(typed) ? typed : { wrong: 'Give a date.' }),
  id: (typed) => (isId(typed) ? typed : { wrong: 'This is not known here.' }),
  money: (typed, { locale, currency }) => {
    const decimal = parseDecimal(typed, locale);
    const minor = decimal === null ? 0 : toMinor(Big(decimal), currency);
    return minor > 0 && Number.isSafeInteger(minor) ? minor : { wrong: 'Give an amount above zero.' };
  },
};

/**
 * Reads what an action asks out of a form's fields; other fields are ignored.
 * @throws Invalid with a message for each field that is missing or can't be used.
 */
export function parseFormInput(
  action: Action,
  input: Record<string, unknown>,
  terms: Terms,
  { files }: Pick<Attachments, 'files'> = {},
): ParsedInput {
  const wrong: Record<string, string> = {};
  const answered: ParsedInput = { answers: {} };
  for (const [name, question] of Object.entries(action.asks ?? {})) {
    if (question === 'document') {
      const { draft, errors } = parseDraft(input, terms.locale, terms.currency, typeNamed(terms.type));
      Object.assign(wrong, errors);
      if (draft) answered.draft = draft;
    } else if (question === 'file') {
      if (!files?.length) wrong[name] = 'Choose a file.';
    } else readOne(name, question, input[name], terms, answered.answers, wrong);
  }
  if (Object.keys(wrong).length) throw new Invalid(wrong);
  return answered;
}

function readOne(
  name: string,
  question: Question,
  given: unknown,
  terms: Terms,
  answers: Answers,
  wrong: Record<string, string>,
) {
  const kind = question.replace('?', '');
  const text = typeof given === 'string' || typeof given === 'number' ? String(given) : '';
  const typed = kind === 'long text' ? multiLine(text) : oneLine(text);
  if (!typed) {
    if (!question.endsWith('?')) wrong[name] = 'Fill this in.';
    return;
  }
  const value = READ[kind]?.(typed, terms);
  if (typeof value === 'object') wrong[name] = value.wrong;
  else if (value !== undefined) answers[name] = value;
}
