/** "INV-0042", "2026-12-23", "W-9" */
const NUMBER = /\b[A-Z\d]{1,8}(?:-[A-Z\d]{1,8}){0,2}-\d{1,8}\b/g;

/** Elements that hold text alone; those of a drawing, too. */
const TEXT_ONLY = /^(?:title|textarea|option|script|style|text|tspan)\b/;

/** Browsers break lines after a hyphen: in HTML's text, every number with one stays whole. Emails have no classes. */
export const withWholeNumbers = (html: string, style = 'class="nowrap"'): string =>
  html.replace(NUMBER, (number, at: number) => (isText(html, at) ? `<span ${style}>${number}</span>` : number));

/** Whether it stands between tags. */
function isText(html: string, at: number): boolean {
  const tag = html.lastIndexOf('<', at);
  return html.lastIndexOf('>', at) > tag && !TEXT_ONLY.test(html.slice(tag + 1, tag + 10));
}
