/** Runs a command of the terminal: errors are a line, and the exit code says whether all went well. */
export async function runCommand(usage: string, work: () => Promise<'done' | 'failed' | 'usage'>): Promise<void> {
  try {
    const end = await work();
    if (end === 'usage') console.error(`usage: ${usage}`);
    process.exitCode = { done: 0, failed: 1, usage: 64 }[end];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
