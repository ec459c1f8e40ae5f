/** ulp.assert.eq: goes on exactly when both operands are the same 32 bits. Xulp. */
export const assertionHolds = (rs1: number, rs2: number): boolean => rs1 === rs2;
