import { expect, test } from 'vitest';
import { Cli, sumCli } from './cli.fixture.ts';

const FLOATS = `.globl _start
_start:
    la s0, v
    li t0, 0x3fc00000
    fmv.w.x fa0, t0
    fadd.s fa0, fa0, fa0, rne
    fcvt.bf16.s fa1, fa0, rne
    fmv.x.w t1, fa1
    sh t1, 2(s0)
    lbu t1, 3(s0)
    ulp.out t1, 0(zero)
    ulp.hint.w t2, 0(zero)
.bss
v: .word 0
`;

test('shows instructions, registers, memory and source lines as they change', async () => {
  const cli = new Cli({ 'floats.s': FLOATS });
  await cli.run('asm floats.s -o floats.elf');
  const { out, err, code } = await cli.run('run floats.elf --trace');
  expect(code).toBe(2);
  expect(err).toContain('hint-out-of-range');
  expect(out).toMatchInlineSnapshot(`
    "floats.s:3  la s0, v
            0  0x00010000  _start           auipc s0, 0x1                 s0 0x00000000 -> 0x00011000
            1  0x00010004  _start+4         mv s0, s0                     s0 0x00011000 -> 0x00011000
    floats.s:4  li t0, 0x3fc00000
            2  0x00010008  _start+8         lui t0, 0x3fc00               t0 0x00000000 -> 0x3fc00000
    floats.s:5  fmv.w.x fa0, t0
            3  0x0001000c  _start+12        fmv.w.x fa0, t0               fa0 0x00000000 -> 0x3fc00000 (fp32 1.5)
    floats.s:6  fadd.s fa0, fa0, fa0, rne
            4  0x00010010  _start+16        fadd.s fa0, fa0, fa0, rne     fa0 0x3fc00000 -> 0x40400000 (fp32 3)
    floats.s:7  fcvt.bf16.s fa1, fa0, rne
            5  0x00010014  _start+20        fcvt.bf16.s fa1, fa0, rne     fa1 0x00000000 -> 0xffff4040 (bf16 3)
    floats.s:8  fmv.x.w t1, fa1
            6  0x00010018  _start+24        fmv.x.w t1, fa1               t1 0x00000000 -> 0xffff4040
    floats.s:9  sh t1, 2(s0)
            7  0x0001001c  _start+28        sh t1, 2(s0)                  [0x00011002] 0x0000 -> 0x4040
    floats.s:10  lbu t1, 3(s0)
            8  0x00010020  _start+32        lbu t1, 3(s0)                 t1 0xffff4040 -> 0x00000040, [0x00011003] 0x40
    floats.s:11  ulp.out t1, 0(zero)
            9  0x00010024  _start+36        ulp.out t1, 0(zero)           output 0x00000040
    floats.s:12  ulp.hint.w t2, 0(zero)
           10  0x00010028  _start+40        ulp.hint.w t2, 0(zero)        trap: hint-out-of-range"
  `);
});

test('a window of cycles, with the result of the whole run', async () => {
  const cli = await sumCli();
  const { out, err, code } = await cli.run('run sum.elf --input case.json --trace --trace-from 2 --trace-to 6');
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toMatchInlineSnapshot(`
    "sum.s:8  addi t3, t3, -1
            2  0x00010008  loop             addi t3, t3, -1               t3 0x0000000a -> 0x00000009
    sum.s:9  add t1, t1, t3
            3  0x0001000c  loop+4           add t1, t1, t3                t1 0x00000005 -> 0x0000000e
    sum.s:10  bnez t3, loop
            4  0x00010010  loop+8           bnez t3, loop
    sum.s:8  addi t3, t3, -1
            5  0x00010008  loop             addi t3, t3, -1               t3 0x00000009 -> 0x00000008
      exit code      0
      cycles         41
      public output  0x00000096"
  `);
});

test('as JSON, one object a line, the same every time', async () => {
  const cli = await sumCli();
  const line = 'run sum.elf --input case.json --trace --json';
  const [first, again] = [await cli.run(line), await cli.run(line)];
  expect(again.out).toBe(first.out);
  const objects = first.out.split('\n').map((text) => JSON.parse(text));
  expect(objects).toHaveLength(42);
  expect(objects.map(({ cycle }) => cycle)).toEqual([...Array(41).keys(), undefined]);
  expect(objects[0]).toMatchInlineSnapshot(`
    {
      "advice": 0,
      "cycle": 0,
      "instruction": "ulp.pub.w t1, 0(zero)",
      "memory": [],
      "output": [],
      "pc": 65536,
      "registers": [
        {
          "after": 5,
          "before": 0,
          "name": "t1",
        },
      ],
      "source": {
        "file": "sum.s",
        "line": 5,
      },
      "symbol": "_start",
    }
  `);
  expect(objects[41]).toEqual({ exitCode: 0, cycles: 41, publicOutput: [150] });
});
