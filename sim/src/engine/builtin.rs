use super::enums_as_strings::EnumsAsStrings;
use super::{Direction, Edge, Engine, EngineError, Pinout, Pins, PERIOD_PS};
use hw::rtl::{Clk, Optional, Wire, Word};
use rust_hdl::core::block::Block;
use rust_hdl::core::check_error::check_all;
use rust_hdl::core::direction::{In, Out};
use rust_hdl::core::simulate::simulate;
use rust_hdl::core::vcd_probe::{write_vcd_change, write_vcd_dump, write_vcd_header, VCDProbe};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Passes after which a design that still changes is taken to oscillate.
const MAX_PASSES: usize = 1000;

/// A wire of either direction, as a pin sees it.
pub trait AnyWire {
    /// Its direction, seen from the block.
    fn direction(&self) -> Direction;
    /// The bits on it.
    fn read(&self) -> u128;
    /// Puts bits on it.
    fn write(&mut self, value: u128);
}

macro_rules! any_wire {
    ($($direction:ident),*) => {$(
        impl AnyWire for Wire<$direction> {
            fn direction(&self) -> Direction {
                Direction::$direction
            }
            fn read(&self) -> u128 {
                self.val().raw()
            }
            fn write(&mut self, value: u128) {
                self.next = Word::new(value as i128, self.width(), false);
            }
        }
    )*};
}
any_wire!(In, Out);

impl<W: AnyWire> AnyWire for Optional<W> {
    fn direction(&self) -> Direction {
        (**self).direction()
    }
    fn read(&self) -> u128 {
        (**self).read()
    }
    fn write(&mut self, value: u128) {
        (**self).write(value);
    }
}

type ClockOf<B> = fn(&mut B) -> &mut Wire<In, Clk>;
type WireOf<B> = Box<dyn for<'a> Fn(&'a mut B) -> &'a mut (dyn AnyWire + 'static) + Send>;

/// How to reach the ports of a block by name. The [`wires!`](crate::wires) macro makes it.
pub struct Wires<B> {
    clock: ClockOf<B>,
    link_clock: Option<ClockOf<B>>,
    list: Vec<(String, WireOf<B>)>,
}

impl<B> Wires<B> {
    /// No ports but the clock.
    pub fn new(clock: fn(&mut B) -> &mut Wire<In, Clk>) -> Wires<B> {
        Wires { clock, link_clock: None, list: Vec::new() }
    }

    /// Adds the second clock, which a block may have and its variants may not.
    pub fn with_link_clock(self, clock: fn(&mut B) -> &mut Wire<In, Clk>) -> Wires<B> {
        Wires { link_clock: Some(clock), ..self }
    }

    /// Adds the port `name`.
    pub fn add(&mut self, name: String, wire: impl Fn(&mut B) -> &mut (dyn AnyWire + 'static) + Send + 'static) {
        self.list.push((name, Box::new(wire)));
    }
}

/// The ports of a block, by their fields: `wires!(Fifo: enq.valid, enq.payload, level)`; `word[4]` stands for a `Vec` of four.
///
/// [`Builtin::new`] compares the list with the block, so that none is left out.
#[macro_export]
macro_rules! wires {
    ($block:ty: $($first:ident $(. $rest:ident)* $([ $count:expr ])?),* $(,)?) => {{
        let mut wires = $crate::engine::Wires::<$block>::new(|b| &mut b.clock);
        $($crate::wires!(@add wires, [$first $(. $rest)*], [stringify!($first) $(, stringify!($rest))*] $(, $count)?);)*
        wires
    }};
    (@add $wires:ident, [$($field:ident).+], $name:expr) => {
        $wires.add($name.join("_"), |b| &mut b.$($field).+)
    };
    (@add $wires:ident, [$($field:ident).+], $name:expr, $count:expr) => {
        for i in 0..$count {
            $wires.add(format!("{}_{i}", $name.join("_")), move |b| &mut b.$($field).+[i])
        }
    };
}

/// rust-hdl's simulator over a block: update everything until nothing changes.
pub struct Builtin<B: Block> {
    block: Box<B>,
    /// Each clock that the block has.
    clocks: Vec<(Edge, ClockOf<B>)>,
    /// One for each pin.
    wires: Vec<WireOf<B>>,
    pins: Pins,
    vcd: Option<Waveform>,
}

struct Waveform {
    /// Absent only while rust-hdl's functions, which take it by value, work on it.
    probe: Option<VCDProbe<EnumsAsStrings<BufWriter<File>>>>,
    time: u64,
}

impl<B: Block> Builtin<B> {
    /// A simulation of `block`, whose ports `wires` reaches.
    pub fn new(mut block: B, wires: Wires<B>) -> Result<Self, EngineError> {
        block.connect_all();
        check_all(&block).map_err(|e| EngineError::Check(format!("{e:?}")))?;
        let pinout = Pinout::of(&block);
        let mut clocks = vec![(Edge::Core, wires.clock)];
        if pinout.has_link_clock() {
            let missing = || EngineError::Ports("the block's `link_clock` is not in the list of wires".into());
            clocks.push((Edge::Link, wires.link_clock.ok_or_else(missing)?));
        }
        let mut list: Vec<_> = wires.list.into_iter().map(Some).collect();
        let mut in_order = Vec::new();
        for port in pinout.ports() {
            let named = |entry: &&mut Option<(String, _)>| entry.as_ref().is_some_and(|(name, _)| *name == port.name);
            let found = list.iter_mut().find(named).and_then(Option::take);
            let Some((_, wire)) = found else {
                return Err(EngineError::Ports(format!(
                    "the block's port `{}` is not in the list of wires",
                    port.name
                )));
            };
            let direction = wire(&mut block).direction();
            assert_eq!(direction, port.direction, "wire `{}`", port.name);
            in_order.push(wire);
        }
        if let Some((name, _)) = list.into_iter().flatten().next() {
            return Err(EngineError::NoPin { name, known: pinout.names() });
        }
        Ok(Builtin { block: Box::new(block), clocks, wires: in_order, pins: Pins::new(pinout), vcd: None })
    }

    /// Writes a waveform of every wire from now on.
    pub fn trace(&mut self, path: &Path) -> Result<(), EngineError> {
        let file = File::create(path).map_err(EngineError::io(path))?;
        let probe = write_vcd_header(EnumsAsStrings::new(BufWriter::new(file)), &*self.block);
        self.vcd = Some(Waveform { probe: Some(write_vcd_dump(probe, &*self.block)), time: 0 });
        Ok(())
    }

    /// The block.
    pub fn block(&self) -> &B {
        &self.block
    }
}

impl Waveform {
    fn write(&mut self, block: &dyn Block, time: u64) {
        self.time = time.max(self.time + 1);
        self.probe = self.probe.take().map(|mut probe| {
            // rust-hdl's own writer panics in the same case.
            probe.timestamp(self.time).expect("the waveform can be written");
            write_vcd_change(probe, block)
        });
    }
}

impl<B: Block> Engine for Builtin<B> {
    fn name(&self) -> &'static str {
        "builtin"
    }

    fn pins(&self) -> &Pins {
        &self.pins
    }

    fn pins_mut(&mut self) -> &mut Pins {
        &mut self.pins
    }

    fn drive_settle(&mut self) -> Result<(), EngineError> {
        let inputs = self.wires.iter().zip(self.pins.values_mut());
        for (wire, value) in inputs {
            let wire = wire(&mut self.block);
            if wire.direction() == Direction::In {
                wire.write(*value);
            }
        }
        if !simulate(&mut *self.block, MAX_PASSES) {
            return Err(EngineError::Unsettled { cycle: self.pins.cycles() });
        }
        for (wire, value) in self.wires.iter().zip(self.pins.values_mut()) {
            *value = wire(&mut self.block).read();
        }
        if let Some(mut vcd) = self.vcd.take() {
            let start = self.pins.cycles() * PERIOD_PS;
            vcd.write(&*self.block, start);
            for (_, clock) in &self.clocks {
                let clock = clock(&mut self.block);
                clock.next = clock.val().fall(clock.val().rst);
            }
            self.block.update_all();
            vcd.write(&*self.block, start + PERIOD_PS / 2);
            self.vcd = Some(vcd);
        }
        Ok(())
    }

    /// One pass is enough: in it every register sees the edge together with data that has settled before.
    fn drive_edge(&mut self, edge: Edge) -> Result<(), EngineError> {
        let reset = self.pins.reset();
        for (_, clock) in self.clocks.iter().filter(|(other, _)| *other == edge) {
            let clock = clock(&mut self.block);
            clock.next = clock.val().rise(reset);
        }
        self.block.update_all();
        Ok(())
    }
}
