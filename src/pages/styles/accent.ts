type Rgb = readonly [number, number, number];

const PAPER: Rgb = [0xf4, 0xf1, 0xea];
const DARK_PAPER: Rgb = [0x2a, 0x27, 0x23];
const DEFAULT = '#1f5f4f';

/**
 * An organization's brand colour, adjusted to be readable in light and dark mode both as text and below text, at 4.5:1
 * or more (WCAG 2.2, 1.4.3). The hue stays, the lightness changes as little as needed.
 */
export function accentColours(hex: string): { light: string; dark: string } {
  const brand = parse(hex) ?? parse(DEFAULT) ?? [0, 0, 0];
  return { light: toHex(readable(brand, 0, PAPER)), dark: toHex(readable(brand, 1, DARK_PAPER)) };
}

/** How far white text stands out from a brand colour, and from what we make of it where that is too little. */
export function accentContrast(hex: string): { given: number; shown: number } {
  const on = (colour: string) => contrast(parse(colour) ?? [0, 0, 0], [255, 255, 255]);
  return { given: on(hex), shown: on(accentColours(hex).light) };
}

/** The stylesheet at `accentUrl`. Outside all layers, so that it overrides the default accent of tokens.css. */
export function accentCss(hex: string): string {
  const { light, dark } = accentColours(hex);
  const dark_mode = `:root{--accent:${dark};--on-accent:#171513}`;
  return `:root{--accent:${light};--on-accent:#fff}@media screen and (prefers-color-scheme:dark){${dark_mode}}`;
}

/** The URL of the accent's stylesheet; pages link it, since their policy forbids inline styles. */
export function accentUrl(hex: string): string {
  return `/assets/accent/${(parse(hex) ? hex : DEFAULT).replace('#', '').toLowerCase()}.css`;
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** The colour closest to the brand's that is readable on `ground`, moved towards `goal` (0 black, 1 white). */
function readable(brand: Rgb, goal: 0 | 1, ground: Rgb): Rgb {
  const [hue, saturation, lightness] = toHsl(brand);
  for (let share = 0; share <= 1; share += 0.02) {
    const colour = fromHsl(hue, saturation, lightness + (goal - lightness) * share);
    if (contrast(colour, ground) >= 4.6) return colour;
  }
  return goal === 0 ? [0, 0, 0] : [255, 255, 255];
}

/** Hue 0 to 6, saturation and lightness 0 to 1. */
function toHsl([red, green, blue]: Rgb): readonly [number, number, number] {
  const most = Math.max(red, green, blue) / 255;
  const least = Math.min(red, green, blue) / 255;
  const lightness = (most + least) / 2;
  const chroma = most - least;
  if (chroma === 0) return [0, 0, lightness];
  const saturation = chroma / (1 - Math.abs(2 * lightness - 1));
  const sector = (a: number, b: number) => (a - b) / 255 / chroma;
  if (most === red / 255) return [(sector(green, blue) + 6) % 6, saturation, lightness];
  return [most === green / 255 ? sector(blue, red) + 2 : sector(red, green) + 4, saturation, lightness];
}

function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue * 2) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

function luminance(colour: Rgb): number {
  const linear = (i: 0 | 1 | 2) => {
    const c = colour[i] / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2);
}

function parse(hex: string): Rgb | null {
  const digits = /^#?([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (!digits) return null;
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function toHex(colour: Rgb): string {
  return `#${colour.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}
