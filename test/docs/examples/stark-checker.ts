import { bit, defineAir, given, violations } from 'ulpvm/stark';

const cube = (isConstrained: boolean) =>
  defineAir({
    name: 'cube',
    columns: { isReal: bit('1 on an answer'), x: given('free', 'x'), y: given('its constraint', 'x^3') },
    define({ local: { x, y }, assertZero }) {
      if (isConstrained) assertZero('y is the cube of x', y.minus(x.times(x).times(x)));
    },
  });

// The claim 2^3 = 9: one constraint stands against it, and without that one nothing does.
for (const air of [cube(true), cube(false)]) {
  console.log(violations(air, { main: [air.encode({ isReal: 1, x: 2, y: 9 })] }));
}
