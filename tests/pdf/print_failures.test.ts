import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPdfRenderer } from '../../src/pdf/pdf_renderer.js';
import { remembering, Unprintable } from '../../src/pdf/print_failures.js';
import { openPortal } from '../support/portal.js';

test('PDF: one that takes too much of the processor ends, and is not tried again; another content is', async (t) => {
  const portal = await openPortal();
  const renderer = createPdfRenderer({ processor_ms: 1000 });
  t.after(() => Promise.all([portal.close(), renderer.close()]));
  let prints = 0;
  const counting = {
    ...renderer,
    render: (html: string) => {
      prints += 1;
      return renderer.render(html);
    },
  };
  const hostile = `<style>p { columns: 9; filter: blur(3px) }</style>${'<p>line'.repeat(150_000)}`;
  await assert.rejects(remembering(portal.knex, counting).render(hostile), Unprintable);
  assert.equal(prints, 1);
  // In another process, too.
  await assert.rejects(remembering(portal.knex, counting).render(hostile), Unprintable);
  assert.equal(prints, 1);
  const pdf = await remembering(portal.knex, counting).render('<p>A new version');
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  const failed = () => remembering(portal.knex, { ...counting, render: () => Promise.reject(new Error('no browser')) });
  await assert.rejects(failed().render('<p>another'), /no browser/);
  assert.ok(await remembering(portal.knex, counting).render('<p>another'), 'what is not its fault is not remembered');
});
