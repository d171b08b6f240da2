/* Driver of rs_3x4_w16_glb16; see tessera.h. Generated. */
#include "tessera.h"
#include "../registers.h"

#define CONTROL_RESET 1u
#define CONTROL_CLEAR_COUNTERS 2u
#define STATUS_ERROR 2u
#define STATUS_CAUSE(status) ((int)((status) >> 8 & 0xffu))
#define IRQ_ALL 3u

static uint32_t mmio_read(void *page, uint32_t offset)
{
    return ((volatile uint32_t *)page)[offset / 4];
}

static void mmio_write(void *page, uint32_t offset, uint32_t value)
{
    ((volatile uint32_t *)page)[offset / 4] = value;
}

static uint32_t get(struct tessera *dev, uint32_t offset)
{
    return dev->read(dev->context, offset);
}

static void set(struct tessera *dev, uint32_t offset, uint32_t value)
{
    dev->write(dev->context, offset, value);
}

void tessera_mmio(struct tessera *dev, volatile void *page)
{
    dev->read = mmio_read;
    dev->write = mmio_write;
    dev->context = (void *)(uintptr_t)page;
    dev->idle = 0;
    dev->due = 0;
}

int tessera_open(struct tessera *dev)
{
    /* What was built: a program is made for these sizes. */
    static const struct { uint32_t offset, value; } built[] = {
        { TESSERA_VERSION, 256 },
        { TESSERA_DATAFLOW, 0 },
        { TESSERA_ACCUMULATORS, 256 },
        { TESSERA_ROWS, 3 },
        { TESSERA_COLS, 4 },
        { TESSERA_WIDTH, 16 },
        { TESSERA_PSUM_WIDTH, 32 },
        { TESSERA_BANKS, 3 },
        { TESSERA_LANE_WIDTH, 16 },
        { TESSERA_PSUM_LANES, 2 },
        { TESSERA_IFMAP_SPAD, 12 },
        { TESSERA_FILTER_SPAD, 224 },
        { TESSERA_PSUM_SPAD, 24 },
        { TESSERA_LINK_WIDTH, 64 },
        { TESSERA_STAGING_LINES, 151 },
    };
    uint32_t i;

    if (get(dev, TESSERA_ID) != 0x54455353u)
        return TESSERA_NOT_FOUND;
    for (i = 0; i < sizeof built / sizeof built[0]; i++)
        if (get(dev, built[i].offset) != built[i].value)
            return TESSERA_OTHER_DESIGN;
    dev->due = get(dev, TESSERA_DONE_COUNT);
    set(dev, TESSERA_IRQ_ENABLE, IRQ_ALL);
    return TESSERA_OK;
}

int tessera_start(struct tessera *dev, uint64_t program, uint32_t blocks)
{
    if (program % 64 != 0 || blocks == 0)
        return TESSERA_BAD_PROGRAM;
    if (get(dev, TESSERA_QUEUE_PUSH) == 0)
        return TESSERA_FULL;
    set(dev, TESSERA_QUEUE_ADDR_LO, (uint32_t)program);
    set(dev, TESSERA_QUEUE_ADDR_HI, (uint32_t)(program >> 32));
    set(dev, TESSERA_QUEUE_PUSH, blocks);
    dev->due++;
    return TESSERA_OK;
}

int tessera_wait(struct tessera *dev, uint32_t looks)
{
    while (looks-- != 0) {
        uint32_t status = get(dev, TESSERA_STATUS);

        if (status & STATUS_ERROR) {
            set(dev, TESSERA_IRQ_STATUS, IRQ_ALL);
            return STATUS_CAUSE(status);
        }
        if (get(dev, TESSERA_DONE_COUNT) == dev->due) {
            set(dev, TESSERA_IRQ_STATUS, IRQ_ALL);
            return TESSERA_OK;
        }
        if (dev->idle)
            dev->idle(dev->context);
    }
    return TESSERA_TIMEOUT;
}

int tessera_reset(struct tessera *dev, uint32_t looks)
{
    set(dev, TESSERA_CONTROL, CONTROL_RESET);
    while (looks-- != 0)
        if (!(get(dev, TESSERA_CONTROL) & CONTROL_RESET))
            return tessera_open(dev);
    return TESSERA_TIMEOUT;
}

static uint64_t counter(struct tessera *dev, uint32_t offset)
{
    uint32_t high = get(dev, offset + 4);

    /* It may count from one half to the other between two reads. */
    for (;;) {
        uint32_t low = get(dev, offset), again = get(dev, offset + 4);

        if (again == high)
            return (uint64_t)high << 32 | low;
        high = again;
    }
}

void tessera_read_counters(struct tessera *dev, struct tessera_counters *counters)
{
    counters->cycles = counter(dev, TESSERA_CYCLES_LO);
    counters->read_beats = counter(dev, TESSERA_READ_BEATS_LO);
    counters->command_beats = counter(dev, TESSERA_COMMAND_BEATS_LO);
    counters->filter_beats = counter(dev, TESSERA_FILTER_BEATS_LO);
    counters->ifmap_beats = counter(dev, TESSERA_IFMAP_BEATS_LO);
    counters->write_beats = counter(dev, TESSERA_WRITE_BEATS_LO);
    counters->write_bytes = counter(dev, TESSERA_WRITE_BYTES_LO);
    counters->glb_ifmap_reads = counter(dev, TESSERA_GLB_IFMAP_READS_LO);
    counters->glb_ifmap_writes = counter(dev, TESSERA_GLB_IFMAP_WRITES_LO);
    counters->glb_psum_reads = counter(dev, TESSERA_GLB_PSUM_READS_LO);
    counters->glb_psum_writes = counter(dev, TESSERA_GLB_PSUM_WRITES_LO);
    counters->ifmap_bus_words = counter(dev, TESSERA_IFMAP_BUS_WORDS_LO);
    counters->filter_bus_lines = counter(dev, TESSERA_FILTER_BUS_LINES_LO);
    counters->macs = counter(dev, TESSERA_MACS_LO);
    counters->gated_macs = counter(dev, TESSERA_GATED_MACS_LO);
    counters->ifmap_spad_writes = counter(dev, TESSERA_IFMAP_SPAD_WRITES_LO);
    counters->filter_spad_writes = counter(dev, TESSERA_FILTER_SPAD_WRITES_LO);
    counters->psum_spad_writes = counter(dev, TESSERA_PSUM_SPAD_WRITES_LO);
    counters->psum_hops = counter(dev, TESSERA_PSUM_HOPS_LO);
    counters->rlc_read_codes = counter(dev, TESSERA_RLC_READ_CODES_LO);
    counters->rlc_write_codes = counter(dev, TESSERA_RLC_WRITE_CODES_LO);
}

void tessera_clear_counters(struct tessera *dev)
{
    set(dev, TESSERA_CONTROL, CONTROL_CLEAR_COUNTERS);
}