import type { Chip } from '../../chip.ts';
import { REGISTER } from '../../space.ts';
import { imageAir } from './air.ts';

/** Final values of the registers and image words, in the order of `imageRows`. */
export const imageChip: Chip = {
  air: imageAir,
  rows: ({ image }) => REGISTER.count + image.address.length,
  fill({ registers, image }, { cells, stride }) {
    const { finalLo, finalHi, finalClk } = imageAir.offsets;
    const write = (row: number, value: number, clk: number): void => {
      cells[row * stride + finalLo] = value & 0xffff;
      cells[row * stride + finalHi] = value >>> 16;
      cells[row * stride + finalClk] = clk;
    };
    for (let i = 0; i < REGISTER.count; i++) write(i, registers.value[i]!, registers.clk[i]!);
    for (let i = 0; i < image.address.length; i++) write(REGISTER.count + i, image.value[i]!, image.clk[i]!);
  },
};
