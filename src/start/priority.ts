import { constants, setPriority } from 'node:os';

/** A process that serves no pages leaves the processor to those that do. */
export function yieldToPages(roles: readonly string[]): void {
  if (!roles.includes('web')) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
}
