/** The first bytes of a proof: magic, format version, parameter set, zero-knowledge flag. */
import { PARAMETER_SETS, type Parameters } from './parameters.ts';
import type { Rejection } from './verifier/verdict.ts';

const MAGIC = [0x55, 0x4c, 0x50, 0x31]; // "ULP1"
export const FORMAT_VERSION = 1;
export const HEADER_BYTES = 8;

export const encodeHeader = ({ id }: Parameters, zeroKnowledge: boolean): Uint8Array =>
  Uint8Array.of(...MAGIC, FORMAT_VERSION, id, zeroKnowledge ? 1 : 0, 0);

export function parseHeader(
  bytes: Uint8Array,
): { ok: true; parametersId: number; zeroKnowledge: boolean } | { ok: false; why: Rejection } {
  const wrong = (what: string, expected: string, got: string | number) =>
    ({ ok: false, why: { code: 'malformed', what, expected, got: `${got}` } }) as const;
  const [version, id, hiding, reserved] = bytes.subarray(MAGIC.length);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return wrong('magic', 'ULP1', 'other bytes');
  if (version !== FORMAT_VERSION) return wrong('format version', `${FORMAT_VERSION}`, version!);
  if (!PARAMETER_SETS.some((set) => set.id === id)) return wrong('parameter set', '1 (fast) or 2 (strong)', id!);
  if (hiding! > 1) return wrong('zero-knowledge flag', '0 or 1', hiding!);
  if (reserved !== 0) return wrong('reserved byte', '0', reserved!);
  return { ok: true, parametersId: id!, zeroKnowledge: hiding === 1 };
}

/** Everything about the proof system that a challenge must depend on and that no message carries. */
export const protocolLabel = (parameters: Parameters): string =>
  `ulp stark v${FORMAT_VERSION} koala-bear 2130706433 X^5+X^2-1 blake3 ${JSON.stringify(parameters)}`;
