/** The whole machine on one page: every chip, fixed table and instruction. A new one is a folder and a line here. */

import { alignTable } from '../precompiles/align/air.ts';
import { amxFmaChip } from '../precompiles/amx-fma/trace.ts';
import { resultTable } from '../precompiles/bf16-dot/result-table.ts';
import { bf16DotChip } from '../precompiles/bf16-dot/trace.ts';
import { bf16DotAmpereChip } from '../precompiles/bf16-dot-ampere/trace.ts';
import { bf16DotAmxChip } from '../precompiles/bf16-dot-amx/trace.ts';
import { bf16DotAmxSlowChip } from '../precompiles/bf16-dot-amx-slow/trace.ts';
import { bf16DotAmxTileChip } from '../precompiles/bf16-dot-amx-tile/trace.ts';
import { bf16DotAmxTileSlowChip } from '../precompiles/bf16-dot-amx-tile-slow/trace.ts';
import { BF16_DOT_INSTRUCTIONS } from '../precompiles/bf16-dot-call/execute.ts';
import { bf16DotCallChip } from '../precompiles/bf16-dot-call/trace.ts';
import { bf16DotFmaChip } from '../precompiles/bf16-dot-fma/trace.ts';
import { bf16DotFmaSlowChip } from '../precompiles/bf16-dot-fma-slow/trace.ts';
import { specialTable } from '../precompiles/bf16-dot-special/table.ts';
import { bf16DotSpecialChip } from '../precompiles/bf16-dot-special/trace.ts';
import { bf16DotTileChip } from '../precompiles/bf16-dot-tile/trace.ts';
import { BF16_MOVE_INSTRUCTIONS } from '../precompiles/bf16-move/execute.ts';
import { bf16MoveChip } from '../precompiles/bf16-move/trace.ts';
import { bf16NormalPairsChip } from '../precompiles/bf16-normal-pairs/trace.ts';
import { bf16PairsChip } from '../precompiles/bf16-pairs/trace.ts';
import { BF16_ROUND_INSTRUCTIONS } from '../precompiles/bf16-round/execute.ts';
import { bf16RoundChip } from '../precompiles/bf16-round/trace.ts';
import { BF16_ROUND_STOCHASTIC_INSTRUCTIONS } from '../precompiles/bf16-round-stochastic/execute.ts';
import { bf16RoundStochasticChip } from '../precompiles/bf16-round-stochastic/trace.ts';
import { BF16_TABLE_INSTRUCTIONS } from '../precompiles/bf16-table/execute.ts';
import { bf16FunctionTables } from '../precompiles/bf16-table/table.ts';
import { bf16TableChips } from '../precompiles/bf16-table/trace.ts';
import { BF16_WIDEN_INSTRUCTIONS } from '../precompiles/bf16-widen/execute.ts';
import { bf16WidenChip } from '../precompiles/bf16-widen/trace.ts';
import { fp32AddChip } from '../precompiles/fp32-add/trace.ts';
import { FP32_ADD_INSTRUCTIONS } from '../precompiles/fp32-add-call/execute.ts';
import { fp32AddCallChip } from '../precompiles/fp32-add-call/trace.ts';
import { fp32AddSpecialChip } from '../precompiles/fp32-add-special/trace.ts';
import { FP32_CLASS_INSTRUCTIONS } from '../precompiles/fp32-class/execute.ts';
import { fp32ClassChip } from '../precompiles/fp32-class/trace.ts';
import { FP32_COMPARE_INSTRUCTIONS } from '../precompiles/fp32-compare/execute.ts';
import { fp32CompareChip } from '../precompiles/fp32-compare/trace.ts';
import { fp32DecodeTable } from '../precompiles/fp32-decode/air.ts';
import { fp32DivChip } from '../precompiles/fp32-div/trace.ts';
import { FP32_DIV_INSTRUCTIONS } from '../precompiles/fp32-div-call/execute.ts';
import { fp32DivCallChip } from '../precompiles/fp32-div-call/trace.ts';
import { exp2Tables, expTables } from '../precompiles/fp32-exp/argument-tables.ts';
import { fp32ExpChip } from '../precompiles/fp32-exp/trace.ts';
import { fp32ExpSpecialChip } from '../precompiles/fp32-exp-special/trace.ts';
import { fp32Exp2Chip } from '../precompiles/fp32-exp2/trace.ts';
import { headLogTable, stepLogTable } from '../precompiles/fp32-exponential/log-tables.ts';
import { fp32ExponentialChip } from '../precompiles/fp32-exponential/trace.ts';
import { fp32FmaChip } from '../precompiles/fp32-fma/trace.ts';
import { FP32_FMA_INSTRUCTIONS } from '../precompiles/fp32-fma-call/execute.ts';
import { fp32FmaCallChip } from '../precompiles/fp32-fma-call/trace.ts';
import { FP32_FUNCTION_INSTRUCTIONS } from '../precompiles/fp32-function-call/execute.ts';
import { fp32FunctionCallChip } from '../precompiles/fp32-function-call/trace.ts';
import { fp32FunctionSpecialChip } from '../precompiles/fp32-function-special/trace.ts';
import { ln2Table } from '../precompiles/fp32-log/table.ts';
import { fp32LogChip } from '../precompiles/fp32-log/trace.ts';
import { fp32MaxChip } from '../precompiles/fp32-max/trace.ts';
import { fp32MulChip } from '../precompiles/fp32-mul/trace.ts';
import { FP32_MUL_INSTRUCTIONS } from '../precompiles/fp32-mul-call/execute.ts';
import { fp32MulCallChip } from '../precompiles/fp32-mul-call/trace.ts';
import { fp32NormaliseChip } from '../precompiles/fp32-normalise/trace.ts';
import { fp32ReduceCallChip } from '../precompiles/fp32-reduce/call/trace.ts';
import { FP32_REDUCE_INSTRUCTIONS } from '../precompiles/fp32-reduce/execute.ts';
import { foldChips } from '../precompiles/fp32-reduce/fold/trace.ts';
import { fp32TreeNodeChip } from '../precompiles/fp32-reduce/node/trace.ts';
import { fp32TreeChip } from '../precompiles/fp32-reduce/tree/trace.ts';
import { wordsChip } from '../precompiles/fp32-reduce/words/trace.ts';
import { powerTable, roundingTable, tailTable } from '../precompiles/fp32-round/tables.ts';
import { fp32RoundChip } from '../precompiles/fp32-round/trace.ts';
import { fp32RsqrtChip } from '../precompiles/fp32-rsqrt/trace.ts';
import { FP32_SIGN_INSTRUCTIONS } from '../precompiles/fp32-sign/execute.ts';
import { fp32SignChip } from '../precompiles/fp32-sign/trace.ts';
import { specialCaseTable } from '../precompiles/fp32-special/table.ts';
import { fp32SpecialChip } from '../precompiles/fp32-special/trace.ts';
import { fp32SqrtChip } from '../precompiles/fp32-sqrt/trace.ts';
import { FP32_SQRT_INSTRUCTIONS } from '../precompiles/fp32-sqrt-call/execute.ts';
import { fp32SqrtCallChip } from '../precompiles/fp32-sqrt-call/trace.ts';
import { fp32TanhChip } from '../precompiles/fp32-tanh/trace.ts';
import { tanhWindowTable } from '../precompiles/fp32-tanh/windows.ts';
import { tanhCaseTable } from '../precompiles/fp32-tanh-special/cases.ts';
import { fp32TanhSpecialChip } from '../precompiles/fp32-tanh-special/trace.ts';
import { FP32_TO_INT_INSTRUCTIONS } from '../precompiles/fp32-to-int/execute.ts';
import { fp32ToIntChip } from '../precompiles/fp32-to-int/trace.ts';
import { INT_TO_FP32_INSTRUCTIONS } from '../precompiles/int-to-fp32/execute.ts';
import { intToFp32Chip } from '../precompiles/int-to-fp32/trace.ts';
import { merkleCallChip } from '../precompiles/merkle/call/trace.ts';
import { MERKLE_INSTRUCTIONS } from '../precompiles/merkle/execute.ts';
import { merkleChip } from '../precompiles/merkle/trace.ts';
import { nearestEvenTable } from '../precompiles/nearest-even/air.ts';
import { PHILOX_INSTRUCTIONS } from '../precompiles/philox/execute.ts';
import { philoxChip } from '../precompiles/philox/trace.ts';
import { sha256CallChip } from '../precompiles/sha256/call/trace.ts';
import { SHA256_INSTRUCTIONS } from '../precompiles/sha256/execute.ts';
import { sha256RoundsChip } from '../precompiles/sha256/rounds/trace.ts';
import { sha256ScheduleChip } from '../precompiles/sha256/schedule/trace.ts';
import { spongeCallChip } from '../precompiles/sponge/call/trace.ts';
import { SPONGE_INSTRUCTIONS } from '../precompiles/sponge/execute.ts';
import { spongeChip } from '../precompiles/sponge/trace.ts';
import { ADD_INSTRUCTIONS } from '../vm/chips/add/execute.ts';
import { addChip } from '../vm/chips/add/trace.ts';
import { ASSERT_INSTRUCTIONS } from '../vm/chips/assert/execute.ts';
import { assertChip } from '../vm/chips/assert/trace.ts';
import { bf16DecodeTable } from '../vm/chips/bf16-decode/air.ts';
import { BITWISE_INSTRUCTIONS } from '../vm/chips/bitwise/execute.ts';
import { bitwiseChip } from '../vm/chips/bitwise/trace.ts';
import { BRANCH_INSTRUCTIONS } from '../vm/chips/branch/execute.ts';
import { branchChip } from '../vm/chips/branch/trace.ts';
import { bytesTable } from '../vm/chips/bytes/air.ts';
import { COMPARE_INSTRUCTIONS } from '../vm/chips/compare/execute.ts';
import { compareChip } from '../vm/chips/compare/trace.ts';
import { CSR_INSTRUCTIONS } from '../vm/chips/csr/execute.ts';
import { flagsTable } from '../vm/chips/csr/flags-table.ts';
import { counterChip, csrChip } from '../vm/chips/csr/trace.ts';
import { DIVIDE_INSTRUCTIONS } from '../vm/chips/divide/execute.ts';
import { divideChip } from '../vm/chips/divide/trace.ts';
import { SYSTEM_INSTRUCTIONS } from '../vm/chips/halt/execute.ts';
import { haltChip } from '../vm/chips/halt/trace.ts';
import { hintChip } from '../vm/chips/hint/trace.ts';
import { HINT_LOAD_INSTRUCTIONS } from '../vm/chips/hint-load/execute.ts';
import { hintLoadChip } from '../vm/chips/hint-load/trace.ts';
import { imageChip } from '../vm/chips/image/trace.ts';
import { JUMP_INSTRUCTIONS } from '../vm/chips/jump/execute.ts';
import { jumpChip } from '../vm/chips/jump/trace.ts';
import { LOAD_INSTRUCTIONS } from '../vm/chips/load/execute.ts';
import { loadChip, loadNarrowChip } from '../vm/chips/load/trace.ts';
import { memoryChip } from '../vm/chips/memory/trace.ts';
import { MULTIPLY_INSTRUCTIONS } from '../vm/chips/multiply/execute.ts';
import { multiplyChip, multiplyHighChip } from '../vm/chips/multiply/trace.ts';
import { programChip } from '../vm/chips/program/trace.ts';
import { publicInputChip } from '../vm/chips/public-input/trace.ts';
import { PUBLIC_LOAD_INSTRUCTIONS } from '../vm/chips/public-load/execute.ts';
import { publicLoadChip } from '../vm/chips/public-load/trace.ts';
import { PUBLIC_OUTPUT_INSTRUCTIONS } from '../vm/chips/public-output/execute.ts';
import { publicOutputChip } from '../vm/chips/public-output/trace.ts';
import { complementRangeTable, powerRangeTable, rangeTable } from '../vm/chips/range/air.ts';
import { SHIFT_INSTRUCTIONS } from '../vm/chips/shift/execute.ts';
import { shiftChip, shiftImmediateChip } from '../vm/chips/shift/trace.ts';
import { STORE_INSTRUCTIONS } from '../vm/chips/store/execute.ts';
import { storeChip, storeNarrowChip } from '../vm/chips/store/trace.ts';
import { UPPER_INSTRUCTIONS } from '../vm/chips/upper/execute.ts';
import { upperChip } from '../vm/chips/upper/trace.ts';
import { FIXED_ROOTS } from './fixed-roots.ts';
import { defineMachine, type Extension, type Machine } from './machine.ts';

/** In the order of the relation. */
export const EXTENSIONS: readonly Extension[] = [
  { name: 'program', chips: [programChip] },
  { name: 'memory', chips: [imageChip, memoryChip] },
  { name: 'halt', chips: [haltChip], instructions: SYSTEM_INSTRUCTIONS },
  { name: 'public-input', chips: [publicInputChip, publicLoadChip], instructions: PUBLIC_LOAD_INSTRUCTIONS },
  { name: 'public-output', chips: [publicOutputChip], instructions: PUBLIC_OUTPUT_INSTRUCTIONS },
  { name: 'hint', chips: [hintChip, hintLoadChip], instructions: HINT_LOAD_INSTRUCTIONS },
  { name: 'assert', chips: [assertChip], instructions: ASSERT_INSTRUCTIONS },
  { name: 'add', chips: [addChip], instructions: ADD_INSTRUCTIONS },
  { name: 'bitwise', chips: [bitwiseChip], instructions: BITWISE_INSTRUCTIONS },
  { name: 'branch', chips: [branchChip], instructions: BRANCH_INSTRUCTIONS },
  { name: 'compare', chips: [compareChip], instructions: COMPARE_INSTRUCTIONS },
  { name: 'jump', chips: [jumpChip], instructions: JUMP_INSTRUCTIONS },
  { name: 'upper', chips: [upperChip], instructions: UPPER_INSTRUCTIONS },
  { name: 'load', chips: [loadChip, loadNarrowChip], instructions: LOAD_INSTRUCTIONS },
  { name: 'store', chips: [storeChip, storeNarrowChip], instructions: STORE_INSTRUCTIONS },
  { name: 'shift', chips: [shiftChip, shiftImmediateChip], instructions: SHIFT_INSTRUCTIONS },
  { name: 'multiply', chips: [multiplyChip, multiplyHighChip], instructions: MULTIPLY_INSTRUCTIONS },
  { name: 'csr', chips: [csrChip, counterChip], tables: [flagsTable], instructions: CSR_INSTRUCTIONS },
  { name: 'divide', chips: [divideChip], instructions: DIVIDE_INSTRUCTIONS },
  {
    name: 'bf16-dot',
    chips: [
      bf16DotCallChip,
      bf16DotChip,
      bf16DotAmpereChip,
      bf16DotSpecialChip,
      bf16DotTileChip,
      bf16PairsChip,
      bf16DotFmaChip,
      bf16DotFmaSlowChip,
      bf16NormalPairsChip,
      bf16DotAmxChip,
      bf16DotAmxSlowChip,
      bf16DotAmxTileChip,
      bf16DotAmxTileSlowChip,
      amxFmaChip,
    ],
    tables: [alignTable, resultTable, specialTable, fp32DecodeTable, nearestEvenTable],
    instructions: BF16_DOT_INSTRUCTIONS,
  },
  {
    name: 'fp32-add',
    chips: [fp32AddCallChip, fp32AddChip, fp32AddSpecialChip, fp32RoundChip],
    tables: [powerTable, tailTable, roundingTable],
    instructions: FP32_ADD_INSTRUCTIONS,
  },
  {
    name: 'fp32-mul',
    chips: [fp32MulCallChip, fp32MulChip, fp32SpecialChip],
    tables: [specialCaseTable],
    instructions: FP32_MUL_INSTRUCTIONS,
  },
  { name: 'fp32-fma', chips: [fp32FmaCallChip, fp32FmaChip], instructions: FP32_FMA_INSTRUCTIONS },
  { name: 'fp32-div', chips: [fp32DivCallChip, fp32DivChip], instructions: FP32_DIV_INSTRUCTIONS },
  {
    name: 'fp32-sqrt',
    chips: [fp32SqrtCallChip, fp32SqrtChip],
    instructions: FP32_SQRT_INSTRUCTIONS,
  },
  {
    name: 'fp32-function',
    chips: [
      fp32FunctionCallChip,
      fp32FunctionSpecialChip,
      fp32ExponentialChip,
      fp32ExpChip,
      fp32Exp2Chip,
      fp32ExpSpecialChip,
      fp32LogChip,
      fp32NormaliseChip,
      fp32RsqrtChip,
      fp32TanhChip,
      fp32TanhSpecialChip,
    ],
    tables: [headLogTable, stepLogTable, ...expTables, ...exp2Tables, ln2Table, tanhWindowTable, tanhCaseTable],
    instructions: FP32_FUNCTION_INSTRUCTIONS,
  },
  { name: 'fp32-compare', chips: [fp32CompareChip], instructions: FP32_COMPARE_INSTRUCTIONS },
  {
    name: 'fp32-reduce',
    chips: [fp32ReduceCallChip, ...foldChips, fp32TreeChip, fp32TreeNodeChip, wordsChip, fp32MaxChip],
    instructions: FP32_REDUCE_INSTRUCTIONS,
  },
  { name: 'fp32-class', chips: [fp32ClassChip], instructions: FP32_CLASS_INSTRUCTIONS },
  { name: 'fp32-sign', chips: [fp32SignChip], instructions: FP32_SIGN_INSTRUCTIONS },
  { name: 'fp32-to-int', chips: [fp32ToIntChip], instructions: FP32_TO_INT_INSTRUCTIONS },
  { name: 'int-to-fp32', chips: [intToFp32Chip], instructions: INT_TO_FP32_INSTRUCTIONS },
  { name: 'bf16-round', chips: [bf16RoundChip], instructions: BF16_ROUND_INSTRUCTIONS },
  {
    name: 'bf16-round-stochastic',
    chips: [bf16RoundStochasticChip],
    instructions: BF16_ROUND_STOCHASTIC_INSTRUCTIONS,
  },
  { name: 'bf16-widen', chips: [bf16WidenChip], instructions: BF16_WIDEN_INSTRUCTIONS },
  { name: 'bf16-move', chips: [bf16MoveChip], instructions: BF16_MOVE_INSTRUCTIONS },
  { name: 'sponge', chips: [spongeChip, spongeCallChip], instructions: SPONGE_INSTRUCTIONS },
  { name: 'merkle', chips: [merkleChip, merkleCallChip], instructions: MERKLE_INSTRUCTIONS },
  { name: 'sha256', chips: [sha256CallChip, sha256ScheduleChip, sha256RoundsChip], instructions: SHA256_INSTRUCTIONS },
  { name: 'philox', chips: [philoxChip], instructions: PHILOX_INSTRUCTIONS },
  {
    name: 'bf16-table',
    chips: bf16TableChips,
    tables: bf16FunctionTables,
    instructions: BF16_TABLE_INSTRUCTIONS,
  },
  { name: 'tables', tables: [rangeTable, powerRangeTable, complementRangeTable, bytesTable, bf16DecodeTable] },
];

/** The machine of this project; `extra` are the chips of a user. Its fixed roots hold only without extra fixed tables. */
export const ulpMachine = (extra: readonly Extension[] = []): Machine =>
  defineMachine('ulp', [...EXTENSIONS, ...extra], FIXED_ROOTS);
