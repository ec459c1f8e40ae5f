/** Log of the chip. Event: 0 for exp, 1 for exp2; a. */
export const EXP_SPECIAL_CHIP = 'fp32-exp-special';
export const EXP_SPECIAL_EVENT_WORDS = 2;
