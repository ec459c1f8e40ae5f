/**
 * Log of the chip that answers on `fp32-function` for 1 / sqrt(a) of positive finite a; `fp32-function-special` answers for
 * the others. Event: a.
 */
export const FP32_RSQRT_CHIP = 'fp32-rsqrt';
export const RSQRT_EVENT_WORDS = 1;
