/** What an error's {{placeholders}} stand for; `text` is translated, too: the label of a state. */
export type Values = Readonly<Record<string, string | number | { text: string }>>;

/** A sentence with its placeholders filled in, in English. */
export function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'object' ? value.text : String(value);
  });
}

/**
 * An error that may be shown to the person who caused it. `status` is the HTTP status, `message` the English text;
 * pages translate `sentence` and fill in the values.
 */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly sentence: string,
    readonly values: Values = {},
    options?: ErrorOptions,
  ) {
    super(fill(sentence, values), options);
  }
}

/** 404: missing, or in somebody else's organization; the two must look the same. */
export class NotFound extends HttpError {
  constructor() {
    super(404, 'There is nothing here, or it is not yours to see.');
  }
}

/** 401: not signed in, or the link has expired. */
export class NotSignedIn extends HttpError {
  constructor() {
    super(401, 'Sign in to see this page.');
  }
}

/**
 * Who can do what somebody may not: the organization's `staff`, its `owner` (or an admin), the subject's `partner`, the
 * partner's `managers`, who is not bound by a `limit`, who had no part in it yet (`others`), or, for whom it was forwarded to, the partner's other `contacts`.
 */
export type Asked = 'staff' | 'owner' | 'limit' | 'others' | 'partner' | 'managers' | 'contacts';

interface Refusal {
  /** A sign-in code would permit it. */
  code?: boolean;
  /** Whom to ask, of those who deal with the subject. */
  ask?: { whom: Asked; subject_id: string | null } | null;
}

/** 403: visible, but not permitted. */
export class NotAllowed extends HttpError {
  readonly code: boolean;
  readonly ask: NonNullable<Refusal['ask']> | null;

  constructor(message: string, { code = false, ask = null }: Refusal = {}) {
    super(403, message);
    this.code = code;
    this.ask = ask;
  }
}

/** 409: it has changed in the meantime. */
export class Conflict extends HttpError {
  constructor(sentence: string, values?: Values) {
    super(409, sentence, values);
  }
}

/** 422: invalid input. `fields` has a message for each field by name, and `fields.form` for the form as a whole. */
export class Invalid extends HttpError {
  constructor(
    readonly fields: Readonly<Record<string, string>>,
    values?: Values,
  ) {
    super(422, Object.values(fields)[0] ?? 'Something is missing.', values);
  }
}

/** 422: what a form was opened with is not what is there any more; what was typed is kept, and may be sent again. */
export class ChangedMeanwhile extends Invalid {
  constructor() {
    super({ form: 'Someone else just changed this. We kept what you typed: save again to replace their changes.' });
  }
}

/** 429: more than one person or address may do in a while. */
export class TooMany extends HttpError {
  /** `retry_after`: in so many seconds it works again. */
  constructor(readonly retry_after: number) {
    super(429, 'That was too much at once. Try again in a few minutes.');
  }
}

/** 503: what we need is away for a moment. */
export class Unavailable extends HttpError {
  readonly retry_after = 5;

  constructor(options?: ErrorOptions) {
    super(503, 'Parley is not available at the moment. Try again in a minute.', {}, options);
  }
}

/** 507: the disk is full. */
export class NoRoom extends HttpError {
  constructor(options?: ErrorOptions) {
    super(507, 'There is no room to store this. Nothing was saved. Try again later.', {}, options);
  }
}

/** 410: a file that was stored is gone. */
export class Missing extends HttpError {
  constructor(options?: ErrorOptions) {
    super(410, 'This file is no longer stored here. Ask for it to be sent again.', {}, options);
  }
}
