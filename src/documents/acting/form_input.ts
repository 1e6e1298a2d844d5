import Big from 'big.js';
import type { Attachments } from '../../conversation/comments.js';
import { type Action, type Question, typeNamed } from '../../document_types/index.js';
import { isId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { isDay, isEmail, multiLine, oneLine } from '../../pages/valid_input.js';
import { parseDecimal, toMinor } from '../content/decimals.js';
import { type Draft, parseDraft } from '../drafts/parse_draft.js';

/** Validated input: text, days and ids as strings, amounts in minor units; without what was left empty. */
export type Answers = Record<string, string | number>;

interface ParsedInput {
  answers: Answers;
  draft?: Draft;
}

interface InputContext {
  locale: string;
  currency: string;
  /** The document's type. */
  type: string;
}

/** The parser of each kind of question: returns the value, or what is wrong with it. */
const PARSERS: Record<string, (typed: string, context: InputContext) => string | number | { wrong: string }> = {
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

/** Parses what an action asks for from a form's fields; ignores other fields. @throws Invalid by field. */
export function parseFormInput(
  action: Action,
  input: Record<string, unknown>,
  context: InputContext,
  { files }: Pick<Attachments, 'files'> = {},
): ParsedInput {
  const errors: Record<string, string> = {};
  const parsed: ParsedInput = { answers: {} };
  for (const [name, question] of Object.entries(action.asks ?? {})) {
    if (question === 'document') {
      const result = parseDraft(input, context.locale, context.currency, typeNamed(context.type));
      Object.assign(errors, result.errors);
      if (result.draft) parsed.draft = result.draft;
    } else if (question === 'file') {
      if (!files?.length) errors[name] = 'Choose a file.';
    } else parseAnswer(name, question, input[name], context, parsed.answers, errors);
  }
  if (Object.keys(errors).length) throw new Invalid(errors);
  return parsed;
}

function parseAnswer(
  name: string,
  question: Question,
  given: unknown,
  context: InputContext,
  answers: Answers,
  errors: Record<string, string>,
) {
  const kind = question.replace('?', '');
  const text = typeof given === 'string' || typeof given === 'number' ? String(given) : '';
  const typed = kind === 'long text' ? multiLine(text) : oneLine(text);
  if (!typed) {
    if (!question.endsWith('?')) errors[name] = 'Fill this in.';
    return;
  }
  const value = PARSERS[kind]?.(typed, context);
  if (typeof value === 'object') errors[name] = value.wrong;
  else if (value !== undefined) answers[name] = value;
}
