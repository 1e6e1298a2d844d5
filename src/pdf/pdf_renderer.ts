import { CannotPrint, type Printer, type PrintLimits, startPrinter } from './printer.js';
import { BrowserLost, PageCrashed } from './sealed_page.js';

/** Turns HTML into PDF. */
export interface PdfRenderer {
  /**
   * Prints an HTML document on A4, or the page size in its CSS. Scripts don't run and only `data:` URLs are loaded;
   * links must be absolute. `title` overrides the document's own.
   * @throws CannotPrint beyond the limits or 20 million characters, or if the page crashed twice; BrowserLost
   */
  render(html: string, options?: { readonly title?: string }): Promise<Buffer>;
  /** Closes the browser, and aborts what it is rendering. */
  close(): Promise<void>;
}

const CONCURRENCY = 2;
const MAX_CHARACTERS = 20_000_000;
const IDLE_MS = 60_000;
const LIMITS: PrintLimits = { processor_ms: 10_000, total_ms: 60_000 };
const DAY = 24 * 60;

/**
 * A renderer that prints two at a time, each in a browser of its own: so it is known who used the processor, and one
 * that is killed takes no other along. Browsers are launched on first use and closed after a minute without work.
 * `limits` are for tests.
 */
export function createPdfRenderer(limits: Partial<PrintLimits> = {}): PdfRenderer {
  const printers = Array.from({ length: CONCURRENCY }, () => new SharedPrinter({ ...LIMITS, ...limits }));
  const enqueue = createQueue(printers);
  return {
    render: async (html, { title } = {}) => {
      if (html.length > MAX_CHARACTERS)
        throw new CannotPrint(`A document of ${html.length} characters is too long to print.`, DAY);
      return enqueue(async (shared) => {
        const print = () => shared.use((printer) => printer.print(html, title));
        return print().catch((error: unknown) => {
          if (error instanceof BrowserLost) return print().catch(asCannotPrint);
          throw error;
        });
      });
    },
    close: async () => {
      await Promise.all(printers.map((shared) => shared.close()));
    },
  };
}

/** Pages that crash one after the other do so for the document; a browser may have been killed for the memory. */
function asCannotPrint(error: unknown): never {
  throw error instanceof PageCrashed ? new CannotPrint(error.message, 1) : error;
}

/** Keeps one printer running while it is in use, and a minute longer. */
class SharedPrinter {
  private printer: Promise<Printer> | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private users = 0;
  private closed = false;

  constructor(private readonly limits: PrintLimits) {}

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
    const started = startPrinter(this.limits, discard);
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

/** A queue that gives each task, in order, one of these for itself; the one that was free last, which is running. */
function createQueue<Slot>(slots: Slot[]): <T>(task: (slot: Slot) => Promise<T>) => Promise<T> {
  const waiting: ((slot: Slot) => void)[] = [];
  const free = [...slots].toReversed();
  return async (task) => {
    const slot = free.pop() ?? (await new Promise<Slot>((resolve) => waiting.push(resolve)));
    try {
      return await task(slot);
    } finally {
      const next = waiting.shift();
      if (next) next(slot);
      else free.push(slot);
    }
  };
}
