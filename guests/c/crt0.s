# Start and end of a C program: the stack and the global pointer, main, and the exit code that main returns.
# Memory starts as 0 wherever the executable has no data, so there is no .bss to clear.

    .section .text.start, "ax"
    .globl _start
_start:
    .weak __global_pointer$
    .option push
    .option norelax                 # else GNU ld makes it relative to gp itself
    lui     gp, %hi(__global_pointer$)
    addi    gp, gp, %lo(__global_pointer$)
    .option pop
    li      sp, 0x10000000          # RAM ends here; the stack grows down
    call    main
    li      a7, 93                  # exit(a0)
    ecall
