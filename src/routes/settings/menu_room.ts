// The header's bar shows as many modules as it has room for, the others stand under "More". Which fit is known before
// the page is drawn, so that nothing moves, and styles alone decide: public/css/components/modules.css.

/** The width of one character of the interface's font, in em. */
function widthOf(character: string): number {
  if (/[ijlI.,'’|]/.test(character)) return 0.255;
  if (/[ftr \-()]/.test(character)) return 0.355;
  if (/[mwMW@]/.test(character)) return 0.88;
  return /[\p{Lu}\d]/u.test(character) ? 0.68 : 0.565;
}

// All in rem, as the styles have them.
const FONT = 0.875;
const PADDING = 1.125;
const GAP = 0.125;
const ICON = 1.25;
/** The current module is bold. */
const BOLD = 0.375;
/** The bar reaches over its box by so much, so that its words stand in line. */
const MARGINS = 1.125;

const widthIn = (label: string) =>
  PADDING + GAP + FONT * label.split('').reduce((sum, character) => sum + widthOf(character), 0);

/** The styles tell every second rem apart: 5, 7, 9. */
const step = (width: number) => Math.ceil((width - 1) / 2) * 2 + 1;

/** For each label of the menu, in order: how wide the bar must be to show it, in rem. The last shows without "More". */
export function roomFor(labels: readonly string[], more: string): number[] {
  let width = BOLD - MARGINS - GAP;
  const all = labels.reduce((sum, label) => sum + widthIn(label), width);
  width += widthIn(more) + ICON;
  return labels.map((label) => {
    width += widthIn(label);
    return step(Math.min(width, all));
  });
}
