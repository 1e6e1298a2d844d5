import { type Printer, startPrinter } from './printer.js';
import { BrowserLost } from './sealed_page.js';

/** Turns HTML into PDF. */
export interface PdfRenderer {
  /**
   * Prints an HTML document on A4, or the page size in its CSS. Scripts don't run and only `data:` URLs are loaded;
   * links must be absolute. `title` overrides the document's own.
   * @throws Error after 20 seconds, beyond 20 million characters, or if the browser crashed twice
   */
  render(html: string, options?: { readonly title?: string }): Promise<Buffer>;
  /** Closes the browser, and aborts what it is rendering. */
  close(): Promise<void>;
}

const CONCURRENCY = 2;
const MAX_CHARACTERS = 20_000_000;
const IDLE_MS = 60_000;
const TIMEOUT_MS = 20_000;

/**
 * A renderer whose browser is launched on first use and closed after a minute without work. Prints two at a time.
 * `timeout_ms` is for tests.
 */
export function createPdfRenderer(timeout_ms = TIMEOUT_MS): PdfRenderer {
  const shared = new SharedPrinter(timeout_ms);
  const enqueue = createQueue(CONCURRENCY);
  return {
    render: async (html, { title } = {}) => {
      if (html.length > MAX_CHARACTERS)
        throw new Error(`A document of ${html.length} characters is too long to print.`);
      const print = () => shared.use((printer) => printer.print(html, title));
      return enqueue(() =>
        print().catch((error: unknown) => (error instanceof BrowserLost ? print() : Promise.reject(error))),
      );
    },
    close: () => shared.close(),
  };
}

/** Keeps one printer running while it is in use, and a minute longer. */
class SharedPrinter {
  private printer: Promise<Printer> | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private users = 0;
  private closed = false;

  constructor(private readonly timeout_ms: number) {}

  async use<T>(work: (printer: Printer) => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('The PDF renderer is closed.');
    clearTimeout(this.idleTimer);
    this.users += 1;
    try {
      this.printer ??= this.start();
      const printer = await this.printer;
      printer.keepAlive(true);
      return await work(printer);
    } finally {
      this.users -= 1;
      if (this.users === 0) this.idle();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.closePrinter();
  }

  private start(): Promise<Printer> {
    const discard = () => {
      if (this.printer === started) this.printer = undefined;
    };
    const started = startPrinter(this.timeout_ms, discard);
    started.catch(discard);
    return started;
  }

  private idle(): void {
    this.idleTimer = setTimeout(() => void this.closePrinter(), IDLE_MS).unref();
    this.printer?.then((printer) => printer.keepAlive(false)).catch(() => undefined);
  }

  private async closePrinter(): Promise<void> {
    const { printer } = this;
    this.printer = undefined;
    clearTimeout(this.idleTimer);
    // One that failed to start, or is gone, needs no closing.
    await printer?.then((running) => running.close()).catch(() => undefined);
  }
}

/** A queue that runs so many tasks at a time, in order. */
function createQueue(concurrency: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = concurrency;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
