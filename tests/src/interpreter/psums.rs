//! Feeders and collectors: psums between the buffer and the array, lane by lane.

use super::order::Unit;
use super::sequencer::{split, Pass, Position, Sequencer, Source};
use super::units::{get, Machine, Words};
use super::{fault, Fault, Random};
use hw::program::{flag, layer, pass};

impl Sequencer {
    /// Up to `budget` psums of each feeder and collector, in a random order of lanes.
    pub fn psums(&mut self, machine: &mut Machine, random: &mut Random, budget: usize) -> Result<usize, Fault> {
        let mut order: Vec<usize> = (0..2 * self.lanes).collect();
        random.shuffle(&mut order);
        let mut done = 0;
        for unit in order {
            let lane = unit / 2;
            for _ in 0..budget {
                let moved = if unit % 2 == 0 { self.feed(machine, lane)? } else { self.collect(machine, lane)? };
                if !moved {
                    break;
                }
                done += 1;
            }
        }
        Ok(done)
    }

    /// image, window, source, filter
    fn psum_sizes(&self, lane: usize) -> [usize; 5] {
        // Of the table's entries; a section of fewer rows than the one before may use none of a lane, and not write its table anew.
        let sources = get(&self.constants, layer::sources(lane)).min(self.sources[lane].len());
        [1, self.size(layer::IMAGES_M1), self.size(layer::WINDOWS_M1), sources, self.size(layer::FILTERS_M1)]
    }

    fn feed(&mut self, machine: &mut Machine, lane: usize) -> Result<bool, Fault> {
        let mut position = self.feeders[lane];
        let Some(index) = self.current(position.done) else { return Ok(false) };
        let pass = &self.passes[index];
        let first = pass.flag(flag::PASS_FIRST);
        if !position.begun {
            let distance = get(&pass.command, pass::DISTANCE) as u32;
            if distance == 0 || (!first && distance >= pass.number) {
                return fault!("pass {} reads psums of the pass {distance} earlier", pass.number);
            }
            let source = pass.number.saturating_sub(distance);
            if self.collectors[lane].done < source {
                return Ok(false);
            }
            position.clock.learn(Unit::Collector(lane), source);
            position.begun = true;
            self.feeders[lane] = position;
            return Ok(true);
        }
        let sizes = self.psum_sizes(lane);
        if position.index < sizes.iter().product::<usize>() {
            let [_, image, window, source, filter] = split(position.index, sizes);
            let source = self.sources[lane][source];
            let psum = match self.read_ahead[lane] {
                Some(psum) => psum,
                None if first => 0,
                None => {
                    let line = psum_line(&self.constants, pass, image, window, source, filter);
                    machine.stats.psum_reads += 1;
                    machine.glb.read_psum(Unit::Feeder(lane), lane, line, pass.number, &position.clock)?
                }
            };
            if !machine.array.send_psum(source.bottom, source.col, psum)? {
                self.read_ahead[lane] = Some(psum);
                return Ok(false);
            }
            self.read_ahead[lane] = None;
            position.index += 1;
        }
        if position.index >= sizes.iter().product::<usize>() {
            position = Position { done: pass.number, index: 0, begun: false, ..position };
        }
        self.feeders[lane] = position;
        Ok(true)
    }

    fn collect(&mut self, machine: &mut Machine, lane: usize) -> Result<bool, Fault> {
        let mut position = self.collectors[lane];
        let sizes = self.psum_sizes(lane);
        let Some(index) = self.current(position.done) else { return Ok(false) };
        let pass = &mut self.passes[index];
        if !position.begun {
            if pass.flag(flag::PASS_WAIT_PSUM_FREE) && !pass.cleared {
                let Some(clock) = machine.semaphores.psum_free.take() else { return Ok(false) };
                pass.cleared = true;
                self.collectors.iter_mut().for_each(|collector| collector.clock.join(&clock));
                position.clock.join(&clock);
            }
            position.begun = true;
            self.collectors[lane] = position;
            return Ok(true);
        }
        if position.index < sizes.iter().product::<usize>() {
            let [_, image, window, source, filter] = split(position.index, sizes);
            let source = self.sources[lane][source];
            let Some(psum) = machine.array.take_psum(source.top, source.col)? else { return Ok(false) };
            let line = psum_line(&self.constants, pass, image, window, source, filter);
            machine.glb.write_psum(lane, line, psum, pass.number, &position.clock)?;
            machine.stats.psum_writes += 1;
            position.index += 1;
        }
        if position.index >= sizes.iter().product::<usize>() {
            position = Position { done: pass.number, index: 0, begun: false, ..position };
            position.clock.learn(Unit::Collector(lane), pass.number);
            pass.collected += 1;
            if pass.collected == self.lanes && pass.flag(flag::PASS_POST_PSUM_DONE) {
                let mut clock = position.clock;
                (0..self.lanes).for_each(|lane| clock.learn(Unit::Collector(lane), pass.number));
                machine.semaphores.psum_done.post(clock);
            }
        }
        self.collectors[lane] = position;
        Ok(true)
    }
}

fn psum_line(constants: &Words, pass: &Pass, image: usize, window: usize, source: Source, filter: usize) -> usize {
    get(&pass.command, pass::PSUM)
        + image * get(constants, layer::PSUM_IMAGE_STRIDE)
        + filter * get(constants, layer::PSUM_FILTER_STRIDE)
        + source.offset
        + window
}
