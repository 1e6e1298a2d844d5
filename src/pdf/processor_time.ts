import type { Browser } from 'puppeteer';

/** Returns what tells how much processor time a browser has used so far, in ms; 0 once it can't be asked. */
export async function measureProcessor(browser: Browser): Promise<() => Promise<number>> {
  const session = await browser.target().createCDPSession();
  return async () => {
    try {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0) * 1000;
    } catch {
      return 0; // it has ended, which others notice
    }
  };
}
