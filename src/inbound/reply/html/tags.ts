/** Elements without an end tag. */
export const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** Returns an element's start tag with escaped attributes. */
export function openTag(name: string, attributes: Readonly<Record<string, string>>): string {
  const all = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return `<${name}${all.join('')}>`;
}

/** Returns an image's alternative text if it is an emoji, else ''. */
export function emoji(alt: string): string {
  return /^\p{Extended_Pictographic}/u.test(alt) && alt.length < 12 ? alt : '';
}

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
