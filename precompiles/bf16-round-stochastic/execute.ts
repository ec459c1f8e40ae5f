import { boxed } from '../bf16-round/semantics.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { roundStochastically } from './semantics.ts';

export const BF16_ROUND_STOCHASTIC_FAMILY: Fp32Family = {
  chip: 'bf16-round-stochastic',
  mnemonics: ['bf16.round.stochastic'],
  raises: true,
  compute: (_op, _mode, word, threshold) => boxed(roundStochastically(word, threshold)),
};

export const BF16_ROUND_STOCHASTIC_INSTRUCTIONS = fp32Instructions(BF16_ROUND_STOCHASTIC_FAMILY);
