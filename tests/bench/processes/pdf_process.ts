import { createPdfRenderer } from '../../../src/pdf/pdf_renderer.js';
import { launchBrowser } from '../../../src/pdf/browser.js';
import { inTurns } from '../figure.js';
import { treeTime } from '../processor_time.js';
import { answerParent } from './child.js';

/** So many documents, printed by Parley and by the browser alone. */
export interface Printing {
  html: string;
  turns: number;
  /** In each turn. */
  documents: number;
}

/** The time and the processor time of a document in ms, the browser's included, for each turn. */
export interface Printed {
  ours: { ms: number; processor_ms: number };
  bare: { ms: number; processor_ms: number };
}

const printer = createPdfRenderer();
const browser = await launchBrowser({ offline: true });
const page = await browser.newPage();
await page.setJavaScriptEnabled(false);

const bare = async (html: string) => {
  await page.setContent(html);
  await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true, tagged: true });
};

async function timed(documents: number, print: () => Promise<unknown>) {
  const [start, before] = [performance.now(), treeTime(process.pid)];
  for (let i = 0; i < documents; i++) await print();
  const ms = (performance.now() - start) / documents;
  return { ms, processor_ms: (treeTime(process.pid) - before) / documents };
}

answerParent(null, async ({ html, turns, documents }: Printing): Promise<Printed[]> => {
  const kinds = [() => printer.render(html), () => bare(html)] as const;
  for (const print of kinds) await timed(3, print);
  return inTurns(
    turns,
    () => timed(documents, kinds[0]),
    () => timed(documents, kinds[1]),
  );
});
process.on('disconnect', () => {
  void Promise.all([printer.close(), browser.close()]).finally(() => process.exit());
});
