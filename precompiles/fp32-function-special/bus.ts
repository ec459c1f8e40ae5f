/** Log of the chip. Event: op of the instruction, a. */
export const FUNCTION_SPECIAL_CHIP = 'fp32-function-special';
export const FUNCTION_SPECIAL_EVENT_WORDS = 2;
