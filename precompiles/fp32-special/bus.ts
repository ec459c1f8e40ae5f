/** Log of the chip. Event: operation | mode << 2 | negations << 5, a, b, c; 0 for operands that the operation lacks. */
export const FP32_SPECIAL_CHIP = 'fp32-special';
export const SPECIAL_EVENT_WORDS = 4;
