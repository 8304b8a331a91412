/* The block that build_spec/contents.py packs, as it lies in the executable: the kernel maps it, nobody reads it in. */
    .section .rodata.aftercall_contents, "a"
    .balign 4096
    .globl aftercall_contents
    .hidden aftercall_contents
aftercall_contents:
    .incbin CONTENTS
    .section .note.GNU-stack, "", %progbits
