/** An error whose message may be shown to the person who caused it. `status` is the HTTP status. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
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

/** 403: visible, but not permitted. `code`: a sign-in code would permit it. */
export class NotAllowed extends HttpError {
  constructor(
    message: string,
    readonly code = false,
  ) {
    super(403, message);
  }
}

/** 409: it has changed in the meantime. */
export class Conflict extends HttpError {
  constructor(message: string) {
    super(409, message);
  }
}

/** 422: invalid input. `fields` has a message for each field by name, and `fields.form` for the form as a whole. */
export class Invalid extends HttpError {
  constructor(readonly fields: Readonly<Record<string, string>>) {
    super(422, Object.values(fields)[0] ?? 'Something is missing.');
  }
}
