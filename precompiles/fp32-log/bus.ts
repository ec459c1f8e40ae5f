/**
 * Log of the chip that answers on `fp32-function` for log a of positive finite a but 1 and 1 - 2^-23;
 * `fp32-function-special` answers for the others. Event: a.
 */
export const FP32_LOG_CHIP = 'fp32-log';
export const LOG_EVENT_WORDS = 1;
