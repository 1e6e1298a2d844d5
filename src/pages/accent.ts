type Rgb = readonly [number, number, number];

const paper: Rgb = [0xf4, 0xf1, 0xea];
const night: Rgb = [0x2a, 0x27, 0x23];
const black: Rgb = [0, 0, 0];
const white: Rgb = [0xff, 0xff, 0xff];
const fallback = '#1f5f4f';

/**
 * The organization's colour made readable: as text on paper and under white text in light mode, as text on dark paper and under dark
 * text in dark mode, each at 4.5:1 or more (WCAG 2.2, 1.4.3). Hue is kept, lightness is moved as little as needed.
 */
export function accentColours(hex: string): { light: string; dark: string } {
  const brand = parse(hex) ?? parse(fallback) ?? black;
  return { light: toHex(towards(black, brand, paper)), dark: toHex(towards(white, brand, night)) };
}

/** The stylesheet behind `accentUrl`. It stands outside all layers and so wins over the default accent of tokens.css. */
export function accentCss(hex: string): string {
  const { light, dark } = accentColours(hex);
  return `:root{--accent:${light};--on-accent:#fff}@media screen and (prefers-color-scheme:dark){:root{--accent:${dark};--on-accent:#171513}}`;
}

/** Where a page links the accent: the policy allows no inline styles. */
export function accentUrl(hex: string): string {
  return `/assets/accent/${(parse(hex) ? hex : fallback).replace('#', '').toLowerCase()}.css`;
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function towards(end: Rgb, colour: Rgb, ground: Rgb): Rgb {
  for (let share = 0; share <= 1; share += 0.02) {
    const mixed = mix(colour, end, share);
    if (contrast(mixed, ground) >= 4.6) return mixed;
  }
  return end;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [channel(0), channel(1), channel(2)];
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
