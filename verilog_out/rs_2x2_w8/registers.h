/* Registers of rs_2x2_w8_glb4. Generated; the same as registers.md and registers.json. */
#ifndef TESSERA_REGISTERS_H
#define TESSERA_REGISTERS_H

/* Identity, "TESS". (read) */
#define TESSERA_ID 0x000u
/* Version of the hardware: 0, major, minor, patch, a byte each. (read) */
#define TESSERA_VERSION 0x004u
/* Dataflow of the array, the lowest byte: 0 row stationary, 1 weight stationary, 2 no local reuse, 3 output stationary, 4 input stationary. The byte above it, its style: of weight stationary 0 systolic, 1 conv2d, of output stationary 0 mop-mop, 1 mop-sop, 2 sop-mop. (read) */
#define TESSERA_DATAFLOW 0x008u
/* Psums of a half of a column's accumulator; of no meaning in row-stationary arrays. (read) */
#define TESSERA_ACCUMULATORS 0x00cu
/* PE rows. (read) */
#define TESSERA_ROWS 0x010u
/* PE columns. (read) */
#define TESSERA_COLS 0x014u
/* Width of an ifmap and a filter word, bits. (read) */
#define TESSERA_WIDTH 0x018u
/* Width of a psum, bits. (read) */
#define TESSERA_PSUM_WIDTH 0x01cu
/* Banks of the global buffer, of 512 lines each. (read) */
#define TESSERA_BANKS 0x020u
/* Width of each of the four lanes of a buffer line, bits. (read) */
#define TESSERA_LANE_WIDTH 0x024u
/* Psums that a buffer line holds. (read) */
#define TESSERA_PSUM_LANES 0x028u
/* Ifmap scratchpad of a PE, words. (read) */
#define TESSERA_IFMAP_SPAD 0x02cu
/* Filter scratchpad of a PE, words. (read) */
#define TESSERA_FILTER_SPAD 0x030u
/* Psum scratchpad of a PE, words. (read) */
#define TESSERA_PSUM_SPAD 0x034u
/* Data width of the AXI4 link, bits. (read) */
#define TESSERA_LINK_WIDTH 0x038u
/* Filter staging, lines of four words. (read) */
#define TESSERA_STAGING_LINES 0x03cu
/* Bit 0: a 1 resets everything but the host port, once all transfers to memory have ended; reads 1 until then. Bit 1: a 1 clears the counters. (see the description) */
#define TESSERA_CONTROL 0x040u
/* Bit 0: busy; after an error, transfers to memory are ending. Bit 1: error; nothing is executed until a reset. Bit 2: the interrupt. Bits 15:8: cause of the error: 1 checksum, 2 opcode, 3 field, 4 read, 5 write, 6 watchdog, 7 no END, 8 stream. (read) */
#define TESSERA_STATUS 0x044u
/* What raises the interrupt. Bit 0: a layer is done. Bit 1: an error. (read, write) */
#define TESSERA_IRQ_ENABLE 0x048u
/* What has happened; bits as in IRQ_ENABLE. (read, write 1 to clear) */
#define TESSERA_IRQ_STATUS 0x04cu
/* Cycles without progress, while busy, that are an error. 0: any number may pass. (read, write) */
#define TESSERA_WATCHDOG 0x050u
/* The number that the last END command carried. (read) */
#define TESSERA_LAST_LAYER 0x054u
/* END commands since the reset. (read) */
#define TESSERA_DONE_COUNT 0x058u
/* Byte address of a program, a multiple of 64: low half. (read, write) */
#define TESSERA_QUEUE_ADDR_LO 0x060u
/* High half of the address. (read, write) */
#define TESSERA_QUEUE_ADDR_HI 0x064u
/* Write: queues the program at QUEUE_ADDR; the value is its length in blocks of 64 bytes. Refused with SLVERR if the queue is full, the length is 0 or the address is no multiple of 64. Read: programs that the queue has room for. (see the description) */
#define TESSERA_QUEUE_PUSH 0x068u
/* Cycles while busy. Bits 31:0. (read) */
#define TESSERA_CYCLES_LO 0x100u
/* Cycles while busy. Bits 63:32. (read) */
#define TESSERA_CYCLES_HI 0x104u
/* Beats read from memory: commands, filters, ifmaps and, for the rest, parameters. Bits 31:0. (read) */
#define TESSERA_READ_BEATS_LO 0x108u
/* Beats read from memory: commands, filters, ifmaps and, for the rest, parameters. Bits 63:32. (read) */
#define TESSERA_READ_BEATS_HI 0x10cu
/* Beats of these that were commands. Bits 31:0. (read) */
#define TESSERA_COMMAND_BEATS_LO 0x110u
/* Beats of these that were commands. Bits 63:32. (read) */
#define TESSERA_COMMAND_BEATS_HI 0x114u
/* Beats of these that were filters. Bits 31:0. (read) */
#define TESSERA_FILTER_BEATS_LO 0x118u
/* Beats of these that were filters. Bits 63:32. (read) */
#define TESSERA_FILTER_BEATS_HI 0x11cu
/* Beats of these that were ifmaps. Bits 31:0. (read) */
#define TESSERA_IFMAP_BEATS_LO 0x120u
/* Beats of these that were ifmaps. Bits 63:32. (read) */
#define TESSERA_IFMAP_BEATS_HI 0x124u
/* Beats written to memory. Bits 31:0. (read) */
#define TESSERA_WRITE_BEATS_LO 0x128u
/* Beats written to memory. Bits 63:32. (read) */
#define TESSERA_WRITE_BEATS_HI 0x12cu
/* Bytes that these beats wrote. Bits 31:0. (read) */
#define TESSERA_WRITE_BYTES_LO 0x130u
/* Bytes that these beats wrote. Bits 63:32. (read) */
#define TESSERA_WRITE_BYTES_HI 0x134u
/* Ifmap words read from the global buffer. Bits 31:0. (read) */
#define TESSERA_GLB_IFMAP_READS_LO 0x138u
/* Ifmap words read from the global buffer. Bits 63:32. (read) */
#define TESSERA_GLB_IFMAP_READS_HI 0x13cu
/* Ifmap words written to the global buffer. Bits 31:0. (read) */
#define TESSERA_GLB_IFMAP_WRITES_LO 0x140u
/* Ifmap words written to the global buffer. Bits 63:32. (read) */
#define TESSERA_GLB_IFMAP_WRITES_HI 0x144u
/* Psums read from the global buffer. Bits 31:0. (read) */
#define TESSERA_GLB_PSUM_READS_LO 0x148u
/* Psums read from the global buffer. Bits 63:32. (read) */
#define TESSERA_GLB_PSUM_READS_HI 0x14cu
/* Psums written to the global buffer. Bits 31:0. (read) */
#define TESSERA_GLB_PSUM_WRITES_LO 0x150u
/* Psums written to the global buffer. Bits 63:32. (read) */
#define TESSERA_GLB_PSUM_WRITES_HI 0x154u
/* Words sent on the ifmap network. Bits 31:0. (read) */
#define TESSERA_IFMAP_BUS_WORDS_LO 0x158u
/* Words sent on the ifmap network. Bits 63:32. (read) */
#define TESSERA_IFMAP_BUS_WORDS_HI 0x15cu
/* Lines of four words read from filter staging and sent on the filter network. Bits 31:0. (read) */
#define TESSERA_FILTER_BUS_LINES_LO 0x160u
/* Lines of four words read from filter staging and sent on the filter network. Bits 63:32. (read) */
#define TESSERA_FILTER_BUS_LINES_HI 0x164u
/* Multiply-accumulates, gated ones included; each reads an ifmap scratchpad. Bits 31:0. (read) */
#define TESSERA_MACS_LO 0x168u
/* Multiply-accumulates, gated ones included; each reads an ifmap scratchpad. Bits 63:32. (read) */
#define TESSERA_MACS_HI 0x16cu
/* Multiply-accumulates that a zero ifmap word gated; the others read a filter scratchpad. Bits 31:0. (read) */
#define TESSERA_GATED_MACS_LO 0x170u
/* Multiply-accumulates that a zero ifmap word gated; the others read a filter scratchpad. Bits 63:32. (read) */
#define TESSERA_GATED_MACS_HI 0x174u
/* Ifmap words that the network wrote to the PEs' scratchpads. Bits 31:0. (read) */
#define TESSERA_IFMAP_SPAD_WRITES_LO 0x178u
/* Ifmap words that the network wrote to the PEs' scratchpads. Bits 63:32. (read) */
#define TESSERA_IFMAP_SPAD_WRITES_HI 0x17cu
/* Filter words that the network gave to PEs, for their scratchpads. Bits 31:0. (read) */
#define TESSERA_FILTER_SPAD_WRITES_LO 0x180u
/* Filter words that the network gave to PEs, for their scratchpads. Bits 63:32. (read) */
#define TESSERA_FILTER_SPAD_WRITES_HI 0x184u
/* Psums that PEs took into their scratchpads, each read once. Bits 31:0. (read) */
#define TESSERA_PSUM_SPAD_WRITES_LO 0x188u
/* Psums that PEs took into their scratchpads, each read once. Bits 63:32. (read) */
#define TESSERA_PSUM_SPAD_WRITES_HI 0x18cu
/* Psums of these that came from the PE below. Bits 31:0. (read) */
#define TESSERA_PSUM_HOPS_LO 0x190u
/* Psums of these that came from the PE below. Bits 63:32. (read) */
#define TESSERA_PSUM_HOPS_HI 0x194u
/* Codes of 64 bits read from compressed ifmaps. Bits 31:0. (read) */
#define TESSERA_RLC_READ_CODES_LO 0x198u
/* Codes of 64 bits read from compressed ifmaps. Bits 63:32. (read) */
#define TESSERA_RLC_READ_CODES_HI 0x19cu
/* Codes of 64 bits written to compressed ofmaps. Bits 31:0. (read) */
#define TESSERA_RLC_WRITE_CODES_LO 0x1a0u
/* Codes of 64 bits written to compressed ofmaps. Bits 63:32. (read) */
#define TESSERA_RLC_WRITE_CODES_HI 0x1a4u

#endif