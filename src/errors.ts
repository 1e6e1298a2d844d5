/**
 * Thrown anywhere, shown once: an error whose words may be shown to the person who caused it. `status` is the HTTP
 * status.
 */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** 404: missing, or another's. The two must not be told apart. */
export class NotFound extends HttpError {
  constructor() {
    super(404, 'There is nothing here, or it is not yours to see.');
  }
}

/** 401: nobody is signed in, or the link has expired. */
export class NotSignedIn extends HttpError {
  constructor() {
    super(401, 'Sign in to see this page.');
  }
}

/** 403: seen, but not this person's move; `code` says that a code from their mailbox would do. */
export class NotAllowed extends HttpError {
  constructor(
    message: string,
    readonly code = false,
  ) {
    super(403, message);
  }
}

/** 409: too late; the thing has changed since. */
export class Conflict extends HttpError {
  constructor(message: string) {
    super(409, message);
  }
}

/**
 * 422: what was typed can't be used. `fields` holds a message for each field by its name; `fields.form` for the
 * whole.
 */
export class Invalid extends HttpError {
  constructor(readonly fields: Readonly<Record<string, string>>) {
    super(422, Object.values(fields)[0] ?? 'Something is missing.');
  }
}
