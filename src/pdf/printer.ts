import { Socket } from 'node:net';
import type { Browser } from 'puppeteer';
import { launchBrowser } from './browser.js';
import { BrowserLost, openSealedPage, type SealedPage } from './sealed_page.js';

/** It took too long, and would again. */
class PrintTimeout extends Error {}

/** A running browser that prints, and reuses its pages. */
export interface Printer {
  /** Prints one HTML document. @throws BrowserLost, or PrintTimeout, which kills the browser */
  print(html: string, title: string | undefined): Promise<Buffer>;
  /** Whether the browser keeps this process alive. */
  keepAlive(alive: boolean): void;
  close(): Promise<void>;
}

/** Launches a browser. `whenGone` is called once it can no longer be used. */
export async function startPrinter(timeout_ms: number, whenGone: () => void): Promise<Printer> {
  const browser = await launchBrowser({ offline: true });
  const idle: SealedPage[] = [];
  browser.once('disconnected', whenGone);
  return {
    print: (html, title) =>
      withTimeout(browser, timeout_ms, print(browser, idle, html, title)).catch((error: unknown) => {
        throw printError(browser, error, whenGone);
      }),
    keepAlive: (alive) => keepAlive(browser, alive),
    close: async () => {
      // Otherwise this process could end before the browser has cleaned up.
      keepAlive(browser, true);
      await browser.close();
    },
  };
}

/** Kills a browser that hangs or has crashed. After a page's crash, which may show as any error, the others go on. */
function printError(browser: Browser, error: unknown, whenGone: () => void): Error {
  const lost = (message: string) => new BrowserLost(message, { cause: error });
  if (browser.connected && !(error instanceof PrintTimeout))
    return error instanceof BrowserLost ? error : lost('The page could not be printed.');
  whenGone();
  browser.process()?.kill('SIGKILL');
  return error instanceof PrintTimeout ? error : lost('The browser ended while it printed.');
}

async function print(browser: Browser, idle: SealedPage[], html: string, title: string | undefined): Promise<Buffer> {
  const page = idle.pop() ?? (await openSealedPage(browser));
  let reusable = false;
  try {
    const pdf = await page.print(html, title);
    reusable = page.isReusable();
    return pdf;
  } finally {
    if (reusable) idle.push(page);
    else void page.close().catch(() => undefined);
  }
}

/** Rejects when the browser ends or time is up, since the work itself might never return. */
async function withTimeout<T>(browser: Browser, timeout_ms: number, work: Promise<T>): Promise<T> {
  let cleanUp = () => {};
  const ended = new Promise<never>((_, reject) => {
    const onEnd = () => reject(new BrowserLost('The browser ended while it printed.'));
    const onTimeout = () => reject(new PrintTimeout(`The PDF took longer than ${timeout_ms / 1000} seconds.`));
    const timer = setTimeout(onTimeout, timeout_ms);
    browser.once('disconnected', onEnd);
    cleanUp = () => {
      clearTimeout(timer);
      browser.off('disconnected', onEnd);
    };
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    cleanUp();
  }
}

function keepAlive(browser: Browser, alive: boolean): void {
  const child = browser.process();
  const pipes = child?.stdio.flatMap((stream) => (stream instanceof Socket ? [stream] : [])) ?? [];
  for (const handle of [child, ...pipes]) {
    if (alive) handle?.ref();
    else handle?.unref();
  }
}
