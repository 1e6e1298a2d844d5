/**
 * The events that a reader need not hear of by email: nothing is owed, asked or promised by them. All else is what
 * the mail is for.
 */
const OPTIONAL: ReadonlySet<string> = new Set(['comment', 'view', 'bounce', 'complain', 'undelivered']);

/**
 * Whether the reader can do without an event's email: such mail can be stopped in one click, and stops by itself once
 * some came back.
 */
export const isOptional = (action: string) => OPTIONAL.has(action);
