import type { PageFile } from '../../documents/queries/page.js';

/** A file as pages list it. */
export const fileView = (slug: string, { id, name, size, content_type }: PageFile) => ({
  name,
  size,
  content_type,
  url: `/${slug}/files/${id}/${encodeURIComponent(name)}`,
});
