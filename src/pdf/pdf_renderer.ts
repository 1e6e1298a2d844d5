import { BrowserLost, type Printer, startPrinter } from './printer.js';

/** Turns HTML into PDF. */
export interface PdfRenderer {
  /**
   * Prints a whole HTML document on A4, or on the page that its CSS asks for. Scripts do not run and only `data:` is
   * loaded; links must be absolute. `title` goes before the document's own. Throws if it takes longer than 20
   * seconds, is longer than 20 million characters, or if the browser died twice over it.
   */
  render(html: string, options?: { readonly title?: string }): Promise<Buffer>;
  /** Ends the browser, and renderings under way with it. */
  close(): Promise<void>;
}

const atOnce = 2;
const longest = 20_000_000;
const idleTime = 60_000;

/**
 * A renderer whose browser is launched when first needed, prints two documents at once, and goes after a minute
 * without work.
 */
export function createPdfRenderer(): PdfRenderer {
  const room = new PrintRoom();
  const inTurn = makeQueue(atOnce);
  return {
    render: async (html, { title } = {}) => {
      if (html.length > longest) throw new Error(`A document of ${html.length} characters is too long to print.`);
      const print = () => room.use((printer) => printer.print(html, title));
      return inTurn(() =>
        print().catch((error: unknown) => (error instanceof BrowserLost ? print() : Promise.reject(error))),
      );
    },
    close: () => room.close(),
  };
}

/** Keeps one printer as long as there is work for it, and a minute more. */
class PrintRoom {
  private printer: Promise<Printer> | undefined;
  private rest: NodeJS.Timeout | undefined;
  private users = 0;
  private closed = false;

  async use<T>(work: (printer: Printer) => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('The PDF renderer is closed.');
    clearTimeout(this.rest);
    this.users += 1;
    try {
      this.printer ??= this.start();
      const printer = await this.printer;
      printer.hold(true);
      return await work(printer);
    } finally {
      this.users -= 1;
      if (this.users === 0) this.pause();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.dismiss();
  }

  private start(): Promise<Printer> {
    const forget = () => {
      if (this.printer === started) this.printer = undefined;
    };
    const started = startPrinter(forget);
    started.catch(forget);
    return started;
  }

  private pause(): void {
    this.rest = setTimeout(() => void this.dismiss(), idleTime).unref();
    this.printer?.then((printer) => printer.hold(false)).catch(() => undefined);
  }

  private async dismiss(): Promise<void> {
    const leaving = this.printer;
    this.printer = undefined;
    clearTimeout(this.rest);
    // One that could not start, or is gone already, needs no closing.
    await leaving?.then((printer) => printer.close()).catch(() => undefined);
  }
}

/** Runs as many works at once as given; the others wait in line. */
function makeQueue(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
