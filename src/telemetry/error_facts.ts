/** What is logged of an error. */
interface ErrorFacts {
  type: string;
  message: string;
  stack?: string;
  code?: string;
  constraint?: string;
  causes?: ErrorFacts[];
}

/** So many errors in one, and so many causes behind another. */
const MOST = 5;

/** Numbers as long as a code or an account's: an error may quote what was typed. */
const DIGITS = /\d{6,}/g;

/**
 * What may be logged of an error: what went wrong and where, and nothing else that it carries. PostgreSQL's carry the
 * row, those of the mail server and the payment provider what was sent to them.
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).replace(DIGITS, '…') };
  const inner = [...(error instanceof AggregateError ? error.errors.slice(0, MOST) : []), error.cause].filter(Boolean);
  return {
    type: error.constructor.name,
    message: error.message.replace(DIGITS, '…'),
    ...(error.stack ? { stack: error.stack.replace(DIGITS, '…') } : {}),
    ...named(error, 'code'),
    ...named(error, 'constraint'),
    ...(inner.length && depth < MOST ? { causes: inner.map((one) => errorFacts(one, depth + 1)) } : {}),
  };
}

const named = (error: Error, name: 'code' | 'constraint') => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? { [name]: value } : {};
};
