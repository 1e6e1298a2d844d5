import { Socket } from 'node:net';
import type { Browser } from 'puppeteer';
import { launchBrowser } from './browser.js';
import { measureProcessor } from './processor_time.js';
import { BrowserLost, openSealedPage, PageCrashed, type SealedPage } from './sealed_page.js';

/** What one print may take: of the processor, and in all, which is more on a machine that is busy with other things. */
export interface PrintLimits {
  readonly processor_ms: number;
  readonly total_ms: number;
}

/** It can't be printed, and would take as much again. */
export class CannotPrint extends Error {
  /** `minutes`: for how long it is not worth another try. */
  constructor(
    message: string,
    readonly minutes: number,
  ) {
    super(message);
  }
}

/** A running browser that prints, and reuses its pages. */
export interface Printer {
  /** Prints one HTML document. @throws BrowserLost, or CannotPrint, which kills the browser */
  print(html: string, title: string | undefined): Promise<Buffer>;
  /** Whether the browser keeps this process alive. */
  keepAlive(alive: boolean): void;
  close(): Promise<void>;
}

/** Launches a browser. `whenGone` is called once it can no longer be used. */
export async function startPrinter(limits: PrintLimits, whenGone: () => void): Promise<Printer> {
  const browser = await launchBrowser({ offline: true });
  const idle: SealedPage[] = [];
  const processor = await measureProcessor(browser);
  browser.once('disconnected', whenGone);
  return {
    print: (html, title) =>
      withLimits(browser, processor, limits, () => print(browser, idle, html, title)).catch((error: unknown) => {
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
  if (browser.connected && !(error instanceof CannotPrint))
    return error instanceof BrowserLost ? error : new PageCrashed('The page could not be printed.', { cause: error });
  whenGone();
  browser.process()?.kill('SIGKILL');
  if (error instanceof CannotPrint) return error;
  return new BrowserLost('The browser ended while it printed.', { cause: error });
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

const CHECK_MS = 500;
const DAY = 24 * 60;

/** Rejects when the browser ends or a limit is reached, since the work itself might never return. */
async function withLimits<T>(
  browser: Browser,
  processor: () => Promise<number>,
  { processor_ms, total_ms }: PrintLimits,
  work: () => Promise<T>,
): Promise<T> {
  const before = processor();
  let cleanUp = () => {};
  const ended = new Promise<never>((_, reject) => {
    const onEnd = () => reject(new BrowserLost('The browser ended while it printed.'));
    const onTimeout = () => reject(new CannotPrint(`The PDF took longer than ${total_ms / 1000} seconds.`, 10));
    const onCheck = async () => {
      if ((await processor()) - (await before) > processor_ms)
        reject(new CannotPrint(`The PDF took more than ${processor_ms / 1000} seconds of the processor.`, DAY));
    };
    const timer = setTimeout(onTimeout, total_ms);
    const check = setInterval(() => void onCheck(), CHECK_MS);
    browser.once('disconnected', onEnd);
    cleanUp = () => {
      clearTimeout(timer);
      clearInterval(check);
      browser.off('disconnected', onEnd);
    };
  });
  try {
    return await Promise.race([work(), ended]);
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
