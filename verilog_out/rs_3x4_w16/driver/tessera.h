/*
 * Driver of rs_3x4_w16_glb16: start layers, wait for them, read the counters. Generated, with tessera.c and ../registers.h.
 *
 * C99, without a C library. A layer's program and operands are in memory already, where `sim image` said that they go; that
 * memory is the accelerator's until the layer is done: caches are the caller's to clean and invalidate.
 *
 *     struct tessera dev;
 *     tessera_mmio(&dev, (volatile void *)0x40000000);
 *     if (tessera_open(&dev) == 0 && tessera_start(&dev, program, blocks) == 0)
 *         error = tessera_wait(&dev, 1000000);
 */
#ifndef TESSERA_DRIVER_H
#define TESSERA_DRIVER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What functions return: 0 if all is well, below 0 what the driver finds, above 0 the accelerator's cause of an error. */
#define TESSERA_OK 0
/* What is at this address is no accelerator of Tessera's. */
#define TESSERA_NOT_FOUND (-1)
/* It is a design of other sizes than this driver was generated with. */
#define TESSERA_OTHER_DESIGN (-2)
/* The queue holds 16 programs already. */
#define TESSERA_FULL (-3)
/* A program is at a multiple of 64 and has at least one block. */
#define TESSERA_BAD_PROGRAM (-4)
/* Not done after as many looks as were allowed. */
#define TESSERA_TIMEOUT (-5)

/* The checksum of a command or of its payload is wrong. */
#define TESSERA_ERROR_CHECKSUM 1
/* A command's opcode does not exist. */
#define TESSERA_ERROR_OPCODE 2
/* A command's field is beyond what was built. */
#define TESSERA_ERROR_FIELD 3
/* A read was answered with SLVERR or DECERR. */
#define TESSERA_ERROR_READ 4
/* A write was answered with SLVERR or DECERR. */
#define TESSERA_ERROR_WRITE 5
/* Nothing moved for as long as the watchdog register allows. */
#define TESSERA_ERROR_WATCHDOG 6
/* The program's last command is not END. */
#define TESSERA_ERROR_NO_END 7
/* A compressed slot does not hold the words that its LOAD asks for. */
#define TESSERA_ERROR_STREAM 8

/* An accelerator. */
struct tessera {
    /* Reads and writes the register at this byte offset. tessera_mmio() sets both for registers in the address space. */
    uint32_t (*read)(void *context, uint32_t offset);
    void (*write)(void *context, uint32_t offset, uint32_t value);
    void *context;
    /* Called between two looks of tessera_wait(): to sleep, say, until the interrupt. May be 0. */
    void (*idle)(void *context);
    /* What DONE_COUNT will be when all that was started is done; the driver's own. */
    uint32_t due;
};

/* The counters since tessera_clear_counters(). */
struct tessera_counters {
    /* Cycles while busy. */
    uint64_t cycles;
    /* Beats read from memory: commands, filters, ifmaps and, for the rest, parameters. */
    uint64_t read_beats;
    /* Beats of these that were commands. */
    uint64_t command_beats;
    /* Beats of these that were filters. */
    uint64_t filter_beats;
    /* Beats of these that were ifmaps. */
    uint64_t ifmap_beats;
    /* Beats written to memory. */
    uint64_t write_beats;
    /* Bytes that these beats wrote. */
    uint64_t write_bytes;
    /* Ifmap words read from the global buffer. */
    uint64_t glb_ifmap_reads;
    /* Ifmap words written to the global buffer. */
    uint64_t glb_ifmap_writes;
    /* Psums read from the global buffer. */
    uint64_t glb_psum_reads;
    /* Psums written to the global buffer. */
    uint64_t glb_psum_writes;
    /* Words sent on the ifmap network. */
    uint64_t ifmap_bus_words;
    /* Lines of four words read from filter staging and sent on the filter network. */
    uint64_t filter_bus_lines;
    /* Multiply-accumulates, gated ones included; each reads an ifmap scratchpad. */
    uint64_t macs;
    /* Multiply-accumulates that a zero ifmap word gated; the others read a filter scratchpad. */
    uint64_t gated_macs;
    /* Ifmap words that the network wrote to the PEs' scratchpads. */
    uint64_t ifmap_spad_writes;
    /* Filter words that the network gave to PEs, for their scratchpads. */
    uint64_t filter_spad_writes;
    /* Psums that PEs took into their scratchpads, each read once. */
    uint64_t psum_spad_writes;
    /* Psums of these that came from the PE below. */
    uint64_t psum_hops;
    /* Codes of 64 bits read from compressed ifmaps. */
    uint64_t rlc_read_codes;
    /* Codes of 64 bits written to compressed ofmaps. */
    uint64_t rlc_write_codes;
};

/* Registers at `page` of the address space. */
void tessera_mmio(struct tessera *dev, volatile void *page);

/* Looks whether the accelerator is there and is the design of this driver, and enables its interrupt. */
int tessera_open(struct tessera *dev);

/* Puts a program of `blocks` blocks of 64 bytes into the queue. Up to 16 wait there, and run one after the other. */
int tessera_start(struct tessera *dev, uint64_t program, uint32_t blocks);

/*
 * Waits until all that was started is done, and clears the interrupt; looks `looks` times at the most. After an error nothing runs
 * until tessera_reset().
 */
int tessera_wait(struct tessera *dev, uint32_t looks);

/* Forgets all that was started; waits until transfers to memory that have begun have ended. */
int tessera_reset(struct tessera *dev, uint32_t looks);

/* Reads all counters. */
void tessera_read_counters(struct tessera *dev, struct tessera_counters *counters);

/* Sets all counters to 0. */
void tessera_clear_counters(struct tessera *dev);

#ifdef __cplusplus
}
#endif

#endif