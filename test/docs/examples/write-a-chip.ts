import { assemble, readElf, renderAll } from 'ulpvm/asm';
import { checkExecution, explainFinding, type Machine, proveProgram, ulpMachine, verifyProgram } from 'ulpvm/machine';
import { defineAir, FAST } from 'ulpvm/stark';
import * as vm from 'ulpvm/vm';

// 1. What it is: `pack` of Zbkb, the low halfword of rs1 below that of rs2.
const spec: vm.InstructionSpec = {
  mnemonic: 'pack',
  op: 250,
  format: 'R',
  opcode: 0x33,
  funct3: 4,
  funct7: 4,
  syntax: 'rd, rs1, rs2',
  summary: 'rd = low halfword of rs1, then that of rs2',
};

// 2. What it computes, on words.
const pack = (a: number, b: number): number => ((a & 0xffff) | (b << 16)) >>> 0;

// 3. What is proven.
const air = defineAir({
  name: 'pack',
  columns: vm.operandColumns,
  define(builder) {
    const { local } = builder;
    vm.operands(builder, local, { op: spec.op, result: { lo: local.rs1Lo, hi: local.rs2Lo } });
  },
});

// 4. How it is decoded, executed and written into the trace.
const decode = ({ rd, rs1, rs2 }: vm.Fields) => ({
  op: spec.op,
  rd: vm.xTarget(rd),
  rs1: vm.xAddress(rs1),
  rs2: vm.xAddress(rs2),
});
const machineWith = (compute: (a: number, b: number) => number): Machine =>
  ulpMachine([
    {
      name: 'pack',
      chips: [vm.operandChip(air, () => {})],
      instructions: [vm.operandInstruction('pack', spec, decode, compute)],
    },
  ]);

const text = `
    .globl _start
_start:
    li   t0, 0x11112222
    li   t1, 0x33334444
    pack t2, t0, t1
    ulp.out t2, 0(zero)
    li   a0, 0
    li   a7, 93
    ecall
`;
function start(machine: Machine) {
  const { elf, diagnostics } = assemble({ path: 'pack.s', text }, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  const program = vm.loadProgram(readElf(elf), machine.instructions);
  const result = vm.run(program, {}, { record: machine.recorded });
  if (result.kind === 'trapped') throw new Error(result.trap.detail);
  return { program, findings: checkExecution(machine, program, result.execution!) };
}

// A machine that computes something else than the chip states is caught, with the source line.
const wrong = start(machineWith((a, b) => pack(b, a)));
console.log(wrong.findings.slice(0, 2).map(explainFinding));

const machine = machineWith(pack);
const { program, findings } = start(machine);
console.log(findings);
const proven = await proveProgram(machine, program, {}, { parameters: FAST });
if (proven.ok) {
  const { publicOutput, exitCode, proof } = proven;
  const verdict = verifyProgram(machine, program, { publicInput: new Uint32Array(0), publicOutput, exitCode }, proof);
  console.log(publicOutput[0]!.toString(16), verdict);
}
