const WHY: Record<string, string> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'may not be used by this account',
};

/** What to say, in a line that names the setting, when a port can't be had. */
export function describePortError(setting: string, port: number, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = WHY[code];
  return why
    ? new Error(`${setting}: ${port} ${why}.`)
    : new Error(`HOST: ${error instanceof Error ? error.message : String(error)}`);
}
