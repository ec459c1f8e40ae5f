/** Numbers as people read them. */

/** 1536 -> "1.50 KiB". */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(2)} ${units[unit]}`;
}

/** 1234567 -> "1,234,567". */
export const countText = (count: number): string => Math.round(count).toLocaleString('en-US');

/** 950 -> "950 ms", 12345 -> "12.3 s". */
export const durationText = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

export const hexText = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

/** 0x and 8 digits: an address or a word. */
export const wordText = (word: number): string => `0x${word.toString(16).padStart(8, '0')}`;

/** A probability: "0.53", "1.2e-3". */
export const probabilityText = (p: number): string => (p >= 0.01 ? p.toFixed(2) : p.toExponential(1));

/** 0.02 -> "2 %". */
export const percentText = (fraction: number): string => `${Number((100 * fraction).toPrecision(3))} %`;
