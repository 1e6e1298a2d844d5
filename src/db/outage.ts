const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** The connection broke, or the server or a pooler ended it (classes 08 and 57P of PostgreSQL's error codes). */
const BROKEN = /^(57P0[12345]|08...|ECONNRESET|EPIPE)$/;
/** There is none to be had: the server is away, starting, or has no room for more of them. */
const UNREACHABLE = /^(53300|ECONNREFUSED|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What `pg` says of it without a code; knex puts the statement before it ("COMMIT; - Connection terminated …"). */
const BROKEN_WORDS = /(^| - )Connection terminated|not queryable$/;
/** What pools say that have none to give. */
const NONE_WORDS = /^timeout exceeded when trying|^Knex: Timeout acquiring/;

const says = (error: unknown, words: RegExp) => error instanceof Error && words.test(error.message);

/** Whether the connection broke, or the server ended it: what was only read can be read on another. */
export const isBrokenConnection = (error: unknown) => BROKEN.test(codeOf(error)) || says(error, BROKEN_WORDS);

/** What isn't the database doesn't answer: the same may work in a while. */
export class Away extends Error {}

/** Whether the database (or what else we need) can't be asked at the moment: the same may work in a while. */
export const isOutage = (error: unknown): boolean =>
  isBrokenConnection(error) || isUnreachable(error) || says(error, NONE_WORDS) || error instanceof Away;

/** That a file isn't there has the same code as that a socket isn't, but for what was tried. */
const isUnreachable = (error: unknown) =>
  UNREACHABLE.test(codeOf(error)) &&
  (codeOf(error) === '53300' ||
    (error instanceof Error && 'syscall' in error && /connect|getaddrinfo/.test(String(error.syscall))) ||
    error instanceof AggregateError);

/** Whether a disk is full: ours, or the database's (53100). */
export const isDiskFull = (error: unknown) => /^(53100|ENOSPC|EDQUOT)$/.test(codeOf(error));
