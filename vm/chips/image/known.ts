import type { KnownRows } from '../../chip.ts';
import type { Program } from '../../executor/program.ts';
import { REGISTER, SPACE } from '../../space.ts';
import { imageAir } from './air.ts';

/** The registers, all zero, by address; then the image words in ascending order. */
export function imageRows({ image }: Program): KnownRows {
  const rows = REGISTER.count + image.address.length;
  const columns = imageAir.known.map(() => new Uint32Array(rows));
  const [isReal, space, address, lo, hi] = columns as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  isReal.fill(1);
  for (let i = 0; i < REGISTER.count; i++) {
    space[i] = SPACE.register;
    address[i] = i;
  }
  image.address.forEach((word, i) => {
    const row = REGISTER.count + i;
    space[row] = SPACE.ram;
    address[row] = word;
    lo[row] = image.value[i]! & 0xffff;
    hi[row] = image.value[i]! >>> 16;
  });
  return { rows, columns };
}
