# Start and end of every guest: a stack, main, and the exit code that main returns.
# Calling convention: the standard RISC-V ilp32 one; s0..s11 and sp are preserved by a call.

    .section .text
    .globl _start
_start:
    li      sp, 0x10000000          # RAM ends here; the stack grows down
    call    main
    li      a7, 93                  # exit(a0)
    ecall
