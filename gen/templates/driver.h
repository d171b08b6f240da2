/*
 * Driver of {{ design }}: start layers, wait for them, read the counters. Generated, with tessera.c and ../registers.h.
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
/* The queue holds {{ queue_depth }} programs already. */
#define TESSERA_FULL (-3)
/* A program is at a multiple of 64 and has at least one block. */
#define TESSERA_BAD_PROGRAM (-4)
/* Not done after as many looks as were allowed. */
#define TESSERA_TIMEOUT (-5)
{% for cause in causes %}
/* {{ cause.doc }} */
#define TESSERA_ERROR_{{ cause.name }} {{ cause.value }}
{%- endfor %}

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
{%- for counter in counters %}
    /* {{ counter.doc }} */
    uint64_t {{ counter.name|lower }};
{%- endfor %}
};

/* Registers at `page` of the address space. */
void tessera_mmio(struct tessera *dev, volatile void *page);

/* Looks whether the accelerator is there and is the design of this driver, and enables its interrupt. */
int tessera_open(struct tessera *dev);

/* Puts a program of `blocks` blocks of 64 bytes into the queue. Up to {{ queue_depth }} wait there, and run one after the other. */
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
