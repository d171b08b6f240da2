use super::axi_pins::{broken, observe_address, observe_write, AddressPins, Burst, DataPins, WriteBeat, AR, AW, W};
use super::dram::Place;
use super::jitter::Jitter;
use super::memory::{Fault, FaultAt, MemoryTiming, Outside, Response, Traffic, Transfer};
use super::{Dram, HostConfig, HostError};
use crate::engine::{Engine, EngineError};
use std::collections::VecDeque;

/// A burst that has been taken and not yet served.
#[derive(Debug)]
struct Pending {
    address: u64,
    /// Absent if the burst is answered with an error.
    place: Option<Place>,
    beats: u64,
    ready_at: u64,
    response: Response,
}

#[derive(Clone, Copy, Debug)]
struct ReadBeat {
    data: u128,
    last: bool,
    response: Response,
}

/// Channels, as the jitter counts them.
mod channel {
    pub const AR: usize = 0;
    pub const R: usize = 1;
    pub const AW: usize = 2;
    pub const W: usize = 3;
    pub const B: usize = 4;
}

/// The memory's end of the AXI4 link: serves bursts in order and checks what the accelerator does.
pub(super) struct AxiMemory {
    ar: AddressPins,
    aw: AddressPins,
    pins: DataPins,
    beat_bytes: usize,
    timing: MemoryTiming,
    outside: Outside,
    faults: Vec<Fault>,
    // What the memory drives.
    arready: bool,
    awready: bool,
    wready: bool,
    read_beat: Option<ReadBeat>,
    answer: Option<Response>,
    // What was on a channel in the last cycle without being taken.
    held_ar: Option<Burst>,
    held_aw: Option<Burst>,
    held_w: Option<WriteBeat>,
    // Bursts on their way.
    reads: VecDeque<Pending>,
    writes: VecDeque<Pending>,
    answers: VecDeque<(u64, Response)>,
    /// Beats that the link may carry, times the denominator of its bandwidth; a beat may move unless it is negative.
    credit: i64,
    jitter: Jitter,
    traffic: Traffic,
}

impl AxiMemory {
    pub fn new(engine: &impl Engine, config: &HostConfig) -> Result<Self, EngineError> {
        let pins = DataPins::new(engine)?;
        let link_bits = engine.pins().pinout().ports()[pins.rdata.index()].bits;
        Ok(AxiMemory {
            ar: AddressPins::new(engine, AR)?,
            aw: AddressPins::new(engine, AW)?,
            pins,
            beat_bytes: link_bits / 8,
            timing: config.timing.clone(),
            outside: config.outside,
            faults: config.faults.clone(),
            arready: false,
            awready: false,
            wready: false,
            read_beat: None,
            answer: None,
            held_ar: None,
            held_aw: None,
            held_w: None,
            reads: VecDeque::new(),
            writes: VecDeque::new(),
            answers: VecDeque::new(),
            credit: 0,
            jitter: Jitter::new(config.timing.jitter),
            traffic: Traffic::default(),
        })
    }

    /// Another speed from now on, while no burst is on its way.
    pub fn set_timing(&mut self, timing: &MemoryTiming) {
        self.timing = timing.clone();
        self.jitter = Jitter::new(timing.jitter);
        self.credit = 0;
    }

    pub fn set_errors(&mut self, faults: Vec<Fault>, outside: Outside) {
        self.faults = faults;
        self.outside = outside;
    }

    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// What is on its way, for messages.
    pub fn state(&self) -> String {
        format!(
            "{} reads, {} writes and {} responses on their way in the memory",
            self.reads.len(),
            self.writes.len(),
            self.answers.len()
        )
    }

    /// Forgets all transfers.
    pub fn reset(&mut self, engine: &mut impl Engine) {
        self.arready = false;
        self.awready = false;
        self.wready = false;
        self.read_beat = None;
        self.answer = None;
        self.held_ar = None;
        self.held_aw = None;
        self.held_w = None;
        self.reads.clear();
        self.writes.clear();
        self.answers.clear();
        self.credit = 0;
        self.traffic = Traffic::default();
        self.drive(engine);
    }

    /// In reset, no `valid` may be high.
    pub fn check_reset(&self, engine: &impl Engine) -> Result<(), HostError> {
        for (channel, valid) in [(AR, self.ar.valid), (AW, self.aw.valid), (W, self.pins.wvalid)] {
            if engine.get(valid) != 0 {
                return Err(broken(engine, channel, "valid is high in reset".into()));
            }
        }
        Ok(())
    }

    /// Takes part in the transfers of the edge to come, and decides what to drive after it.
    #[inline]
    pub fn observe(&mut self, engine: &impl Engine, dram: &mut Dram) -> Result<(), HostError> {
        let now = engine.link_cycles();
        self.jitter.advance();
        if let Some((beats, _)) = self.timing.bandwidth {
            // A beat that is offered moves a cycle later at the earliest: what that cycle adds must not be lost.
            self.credit = (self.credit + beats as i64).min(2 * beats as i64);
        }
        // Data and responses that leave the memory.
        if self.read_beat.is_some() && engine.get(self.pins.rready) != 0 {
            self.read_moved();
        }
        if self.answer.is_some() && engine.get(self.pins.bready) != 0 {
            self.answer = None;
        }
        // Data and addresses that enter it.
        if engine.get(self.pins.wvalid) != 0 || self.held_w.is_some() {
            self.observe_data(engine, dram, now)?;
        }
        if engine.get(self.ar.valid) != 0 || self.held_ar.is_some() {
            if let Some(burst) = observe_address(engine, &self.ar, &mut self.held_ar, self.arready)? {
                let pending = self.accept(engine, dram, Transfer::Read, burst)?;
                self.reads.push_back(pending);
            }
        }
        if engine.get(self.aw.valid) != 0 || self.held_aw.is_some() {
            if let Some(burst) = observe_address(engine, &self.aw, &mut self.held_aw, self.awready)? {
                let pending = self.accept(engine, dram, Transfer::Write, burst)?;
                self.writes.push_back(pending);
            }
        }
        self.decide(dram, now + 1);
        Ok(())
    }

    /// Sets the inputs that [`AxiMemory::observe`] has decided on.
    #[inline]
    pub fn drive(&mut self, engine: &mut impl Engine) {
        let pins = &self.pins;
        engine.set(self.ar.ready, self.arready as u128);
        engine.set(self.aw.ready, self.awready as u128);
        engine.set(pins.wready, self.wready as u128);
        engine.set(pins.rvalid, self.read_beat.is_some() as u128);
        engine.set(pins.bvalid, self.answer.is_some() as u128);
        if let Some(beat) = self.read_beat {
            engine.set(pins.rdata, beat.data);
            engine.set(pins.rlast, beat.last as u128);
            engine.set(pins.rresp, beat.response as u128);
        } else if self.jitter.is_on() {
            // Nobody may look at a payload that is not valid.
            let noise = self.jitter.next() as u128;
            engine.set(pins.rdata, noise << 64 | noise);
            engine.set(pins.rlast, noise >> 3);
            engine.set(pins.rresp, noise >> 5);
        }
        if let Some(response) = self.answer {
            engine.set(pins.bresp, response as u128);
        } else if self.jitter.is_on() {
            let noise = self.jitter.next();
            engine.set(pins.bresp, noise as u128);
        }
    }

    /// Decides on the `ready` signals and on what to offer in cycle `next`.
    #[inline]
    fn decide(&mut self, dram: &Dram, next: u64) {
        self.arready = self.reads.len() < self.timing.outstanding && !self.jitter.stalls(channel::AR);
        self.awready = self.writes.len() < self.timing.outstanding && !self.jitter.stalls(channel::AW);
        let link_free = self.credit >= 0;
        self.wready = link_free && !self.writes.is_empty() && !self.jitter.stalls(channel::W);
        if self.read_beat.is_none() && link_free && !self.jitter.stalls(channel::R) {
            self.read_beat = match self.reads.front() {
                Some(read) if read.ready_at <= next => Some(self.fetch(read, dram)),
                _ => None,
            };
        }
        if self.answer.is_none() && !self.jitter.stalls(channel::B) {
            if let Some(&(ready_at, response)) = self.answers.front() {
                if ready_at <= next {
                    self.answers.pop_front();
                    self.answer = Some(response);
                }
            }
        }
    }

    fn fetch(&self, read: &Pending, dram: &Dram) -> ReadBeat {
        let mut data = [super::UNWRITTEN; 16];
        if let Some(place) = read.place {
            data[..self.beat_bytes].copy_from_slice(dram.bytes(place, self.beat_bytes));
        }
        ReadBeat { data: u128::from_le_bytes(data), last: read.beats == 1, response: read.response }
    }

    fn read_moved(&mut self) {
        self.read_beat = None;
        self.charge();
        self.traffic.read_beats += 1;
        self.traffic.read_bytes += self.beat_bytes as u64;
        let Some(read) = self.reads.front_mut() else { return };
        read.beats -= 1;
        if let Some(place) = &mut read.place {
            place.advance(self.beat_bytes);
        }
        if read.beats == 0 {
            self.reads.pop_front();
        }
    }

    /// A beat has moved over the link.
    fn charge(&mut self) {
        if let Some((_, cycles)) = self.timing.bandwidth {
            self.credit -= cycles as i64;
        }
    }

    fn observe_data(&mut self, engine: &impl Engine, dram: &mut Dram, now: u64) -> Result<(), HostError> {
        let Some(beat) = observe_write(engine, &self.pins, &mut self.held_w, self.wready)? else { return Ok(()) };
        self.charge();
        self.traffic.write_beats += 1;
        self.traffic.write_bytes += beat.strobes.count_ones() as u64;
        let Some(write) = self.writes.front_mut() else { return Ok(()) };
        if beat.last != (write.beats == 1) {
            let rule = format!("last is {} with {} beats to come", beat.last, write.beats - 1);
            return Err(broken(engine, W, rule));
        }
        if let Some(place) = &mut write.place {
            let data = beat.data.to_le_bytes();
            if let Err(reason) = dram.store(*place, &data[..self.beat_bytes], beat.strobes) {
                if self.outside == Outside::Fail {
                    let bytes = self.beat_bytes as u64;
                    return Err(HostError::Memory {
                        cycle: engine.cycles(),
                        verb: "writes",
                        address: write.address,
                        bytes,
                        reason,
                    });
                }
                write.response = Response::DecErr;
            }
            place.advance(self.beat_bytes);
        }
        write.address += self.beat_bytes as u64;
        write.beats -= 1;
        if write.beats == 0 {
            let delay = self.timing.latency + self.jitter.up_to(3 * self.timing.latency);
            self.answers.push_back((now + delay, write.response));
            self.writes.pop_front();
        }
        Ok(())
    }

    /// Takes a burst in, after a look at everything that could be wrong with it.
    fn accept(
        &mut self,
        engine: &impl Engine,
        dram: &Dram,
        transfer: Transfer,
        burst: Burst,
    ) -> Result<Pending, HostError> {
        let (channel, verb, count) = match transfer {
            Transfer::Read => (AR, "reads", &mut self.traffic.read_bursts),
            Transfer::Write => (AW, "writes", &mut self.traffic.write_bursts),
        };
        let number = *count;
        *count += 1;
        let beats = burst.len + 1;
        let bytes = beats * self.beat_bytes as u64;
        let rule = if burst.kind != 1 {
            Some(format!("burst type {} instead of INCR", burst.kind))
        } else if 1 << burst.size != self.beat_bytes {
            Some(format!("beats of {} bytes on a link of {}", 1 << burst.size, self.beat_bytes))
        } else if !burst.address.is_multiple_of(self.beat_bytes as u64) {
            Some(format!("address {:#x} is not a multiple of the beat's {} bytes", burst.address, self.beat_bytes))
        } else if burst.address % 4096 + bytes > 4096 {
            Some(format!("{bytes} bytes at {:#x} cross a boundary of 4 KiB", burst.address))
        } else {
            None
        };
        if let Some(rule) = rule {
            return Err(broken(engine, channel, rule));
        }
        let place = dram.find(burst.address, bytes as usize);
        let cycle = engine.cycles();
        if place.is_none() && self.outside == Outside::Fail {
            let reason = format!("outside all regions; {}", dram.describe());
            return Err(HostError::Memory { cycle, verb, address: burst.address, bytes, reason });
        }
        let is_hit = |fault: &&Fault| {
            fault.transfer == transfer
                && match &fault.at {
                    FaultAt::Burst(n) => *n == number,
                    FaultAt::Addresses(range) => range.start < burst.address + bytes && burst.address < range.end,
                }
        };
        let fault = self.faults.iter().find(is_hit).map(|f| f.response);
        let response = fault.unwrap_or(if place.is_none() { Response::DecErr } else { Response::Okay });
        let ready_at = engine.link_cycles() + self.timing.latency + self.jitter.up_to(3 * self.timing.latency);
        Ok(Pending { address: burst.address, place: place.filter(|_| fault.is_none()), beats, ready_at, response })
    }
}
