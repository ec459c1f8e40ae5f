/** Colours and marks of a terminal; plain text where there is none. */
import type { Io } from './io.ts';

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const sequence =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`;

const plain = (text: string): string => text;

export const styleOf = ({ colours }: Io): Style =>
  colours
    ? { bold: sequence(1, 22), dim: sequence(2, 22), good: sequence(32, 39), bad: sequence(31, 39) }
    : { bold: plain, dim: plain, good: plain, bad: plain };
