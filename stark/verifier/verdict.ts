/** Why a proof was rejected. A verifier returns these; it never throws on any byte string. Codes are stable. */
export type Rejection =
  | { readonly code: 'malformed'; readonly what: string; readonly expected: string; readonly got: string }
  | { readonly code: 'shape'; readonly what: string; readonly expected: string; readonly got: string }
  | { readonly code: 'security'; readonly bits: number; readonly target: number }
  | { readonly code: 'proof-of-work'; readonly site: string; readonly bits: number }
  | { readonly code: 'out-of-domain-point' }
  | { readonly code: 'out-of-domain-mismatch' }
  | { readonly code: 'bus-unbalanced' }
  | { readonly code: 'merkle-path'; readonly commitment: string }
  | { readonly code: 'fri-input'; readonly query: number }
  | { readonly code: 'fri-fold'; readonly round: number; readonly query: number }
  | { readonly code: 'fri-final'; readonly query: number };

export type Verdict =
  | { readonly ok: true; readonly bits: number; readonly zeroKnowledge: boolean; readonly parameters: string }
  | { readonly ok: false; readonly why: Rejection };

export const reject = (why: Rejection): { readonly ok: false; readonly why: Rejection } => ({ ok: false, why });

/** One sentence for a person. */
export function explain(why: Rejection): string {
  switch (why.code) {
    case 'malformed':
      return `the proof does not parse: ${why.what}: expected ${why.expected}, got ${why.got}`;
    case 'shape':
      return `the proof has an impossible shape: ${why.what}: expected ${why.expected}, got ${why.got}`;
    case 'security':
      return `this shape has ${why.bits} provable bits, the parameter set demands ${why.target}`;
    case 'proof-of-work':
      return `the nonce before ${why.site} does not have ${why.bits} leading zero bits`;
    case 'out-of-domain-point':
      return 'the out-of-domain point lies in a domain of the proof; prove again';
    case 'out-of-domain-mismatch':
      return 'constraints and quotient disagree at the out-of-domain point: the proof is of another statement, or forged';
    case 'bus-unbalanced':
      return 'sends and receives on the buses do not cancel: the proof is of another statement, or forged';
    case 'merkle-path':
      return `an opening of the ${why.commitment} commitment does not hash to its root`;
    case 'fri-input':
      return `query ${why.query}: the opened rows are not the first FRI codeword`;
    case 'fri-fold':
      return `query ${why.query}: the fold of round ${why.round} is not in the next codeword`;
    case 'fri-final':
      return `query ${why.query}: the last fold is not on the final polynomial`;
  }
}
