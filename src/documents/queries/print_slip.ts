import { linkTop } from '../../pdf/link_position.js';

/** The first print's only link: at the top of the slip. It leads nowhere (RFC 6761). */
export const SLIP_MARK = 'https://slip.invalid/';

/**
 * Prints a document whose slip ends its last page. How much of that is left is known once it is printed: so it is
 * printed a second time, with the slip's box as high as that. `page`: the HTML for a height in points.
 */
export async function printWithSlip(
  render: (html: string) => Promise<Buffer>,
  page: (height: number | null) => string,
): Promise<Buffer> {
  const first = await render(page(null));
  const height = await linkTop(first, SLIP_MARK);
  return height === null ? first : render(page(height));
}
