/** A verdict for people, and the policy that a verifier may add to it. */
import { PARAMETER_SETS, type Parameters } from '../stark/parameters.ts';
import { explain, type Verdict } from '../stark/verifier/verdict.ts';
import { EXIT, type Io } from './io.ts';

/** Why a proof or a record was rejected: the verifier's codes, and those of the layers above it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export type Accepted = Verdict & { readonly ok: true };

/** The verdict, or why it is refused: the verifier's reason, or a set weaker than `required`. */
export function judged(verdict: Verdict, required: Parameters['name'] | undefined): Accepted | Refusal {
  if (!verdict.ok) return { code: verdict.why.code, message: explain(verdict.why) };
  const demanded = PARAMETER_SETS.find((set) => set.name === required)?.targetBits ?? 0;
  if (verdict.bits >= demanded) return verdict;
  return {
    code: 'parameters',
    message: `${verdict.bits} provable bits with the set ${verdict.parameters}, ${required} (${demanded}) is required`,
  };
}

export const zeroKnowledgeText = (zeroKnowledge: boolean): string =>
  zeroKnowledge ? 'yes' : 'no: the proof may reveal private inputs';

/** Prints the end of a verification and sets the exit code. */
export function reportVerdict(
  io: Io,
  verdict: Accepted | Refusal,
  { json, elapsedMs, also = [], facts = {} }: ReportOptions,
): void {
  const refused = 'code' in verdict;
  io.exitCode(refused ? EXIT.rejected : EXIT.accepted);
  if (json) {
    const { ok: _, ...rest } = { ok: !refused, ...verdict };
    const known = refused ? {} : facts;
    io.out(JSON.stringify({ accepted: !refused, ...rest, ...known, elapsedMs: Math.round(elapsedMs) }));
  } else if (refused) {
    io.err(`rejected [${verdict.code}]: ${verdict.message}`);
  } else {
    io.out(`accepted in ${Math.round(elapsedMs)} ms`);
    io.out(`  security        ${verdict.bits} bits, provable (${verdict.parameters})`);
    io.out(`  zero-knowledge  ${zeroKnowledgeText(verdict.zeroKnowledge)}`);
    for (const line of also) io.out(line);
  }
}

export interface ReportOptions {
  readonly json?: true;
  readonly elapsedMs: number;
  /** Lines after an acceptance. */
  readonly also?: readonly string[];
  /** Members of the JSON object after an acceptance. */
  readonly facts?: Readonly<Record<string, unknown>>;
}
