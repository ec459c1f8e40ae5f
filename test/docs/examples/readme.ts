import { below, defineAir, given, violations } from 'ulpvm/stark';

const square = defineAir({
  name: 'square',
  columns: { x: below(8, 'the root'), y: given('its constraint', 'the square') },
  define({ local: { x, y }, assertZero }) {
    assertZero('y is the square of x', y.minus(x.times(x)));
  },
});
console.log(violations(square, { main: [square.encode({ x: 3, y: 10 })] }));
// [ { constraint: 'y is the square of x', row: 0, value: 1 } ]
