use super::tool::{first_messages, require, run, start_error};
use super::{Design, Direction, Edge, Engine, EngineError, Pin, Pins, PERIOD_PS};
use rustix::event::{poll, PollFd, PollFlags, Timespec};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, ErrorKind, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Half of a period of the second clock in waveforms, ps.
const LINK_PS: u64 = 20;
/// What begins a line of outputs; other lines are messages.
const MARK: char = '=';

/// What can be chosen about a simulation with Icarus Verilog.
pub struct IcarusOptions<'a> {
    /// Writes a waveform here.
    pub vcd: Option<&'a Path>,
    /// Time for one cycle after which the design is taken to oscillate.
    pub patience: Duration,
}

impl Default for IcarusOptions<'_> {
    fn default() -> Self {
        IcarusOptions { vcd: None, patience: Duration::from_secs(60) }
    }
}

/// A design in Icarus Verilog, which starts with X everywhere.
///
/// An X or Z in an output is an error, except before the first edge of each clock in reset and where the output's `valid` pin is low.
/// Such an output reads as 0.
pub struct Icarus {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    pins: Pins,
    inputs: Vec<(Pin, usize)>,
    outputs: Vec<Pin>,
    /// Outputs that carry X or Z.
    unknown: Vec<(Pin, String)>,
    edge: Option<Edge>,
    /// Whether each clock of the design has risen in reset.
    was_reset: [bool; 2],
    line: String,
    messages: String,
    patience: Duration,
    dir: TempDir,
}

impl Icarus {
    /// A simulation of `design`.
    pub fn new(design: &Design, options: &IcarusOptions) -> Result<Self, EngineError> {
        require(&["iverilog", "vvp"])?;
        let dir =
            tempfile::Builder::new().prefix("tessera-").tempdir().map_err(EngineError::io(std::env::temp_dir()))?;
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).map_err(EngineError::io(&path)).map(|()| path)
        };
        let bench = write("bench.v", &bench(design))?;
        let verilog = write("design.v", &design.verilog)?;
        let program = dir.path().join("design.vvp");
        let mut compile = Command::new("iverilog");
        compile.args(["-g2005", "-s", "tessera_bench", "-o"]).arg(&program).arg(&bench).arg(&verilog);
        run(&format!("iverilog (design `{}`)", design.top), &mut compile)?;

        let errors = dir.path().join("stderr");
        let errors = std::fs::File::create(&errors).map_err(EngineError::io(&errors))?;
        let mut command = Command::new("vvp");
        command.arg("-n").arg(&program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        if let Some(vcd) = options.vcd {
            std::fs::File::create(vcd).map_err(EngineError::io(vcd))?;
            let mut argument = std::ffi::OsString::from("+vcd=");
            argument.push(vcd);
            command.arg(argument);
        }
        let mut child = command.spawn().map_err(|e| start_error("vvp".as_ref(), e))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were asked for as pipes")
        };
        let pinout = &design.pinout;
        Ok(Icarus {
            child,
            to,
            from: BufReader::new(from),
            inputs: pinout.towards(Direction::In).map(|(pin, port)| (pin, port.bits.div_ceil(4))).collect(),
            outputs: pinout.towards(Direction::Out).map(|(pin, _)| pin).collect(),
            unknown: Vec::new(),
            pins: Pins::new(pinout.clone()),
            edge: None,
            was_reset: [false, !pinout.has_link_clock()],
            line: String::new(),
            messages: String::new(),
            patience: options.patience,
            dir,
        })
    }

    fn send(&mut self) -> Result<(), EngineError> {
        self.line.clear();
        let edge = self.edge.map_or(0, |edge| edge as u8 + 1);
        self.line.extend([(b'0' + edge) as char, ' ', if self.pins.reset() { '1' } else { '0' }]);
        for &(pin, digits) in &self.inputs {
            let value = self.pins.values_mut()[pin.index()];
            self.line.push(' ');
            let digit = |i| char::from_digit((value >> (4 * i)) as u32 & 15, 16);
            self.line.extend((0..digits).rev().filter_map(digit));
        }
        self.line.push('\n');
        if self.to.write_all(self.line.as_bytes()).is_err() {
            return Err(self.stopped());
        }
        Ok(())
    }

    /// Reads lines up to the one with the outputs.
    fn receive(&mut self) -> Result<(), EngineError> {
        loop {
            if self.from.buffer().is_empty() {
                self.wait()?;
            }
            self.line.clear();
            let read = self.from.read_line(&mut self.line);
            if !matches!(read, Ok(n) if n > 0) {
                return Err(self.stopped());
            }
            if self.line.starts_with(MARK) {
                return Ok(());
            }
            self.messages.push_str(&self.line);
        }
    }

    /// Waits until the simulator has something to say.
    fn wait(&mut self) -> Result<(), EngineError> {
        let timeout = Timespec { tv_sec: self.patience.as_secs() as i64, tv_nsec: self.patience.subsec_nanos().into() };
        let ready = poll(&mut [PollFd::new(self.from.get_ref(), PollFlags::IN)], Some(&timeout));
        match ready {
            Ok(0) => Err(EngineError::Unsettled { cycle: self.pins.cycles() }),
            Err(e) if e.kind() != ErrorKind::Interrupted => Err(self.stopped()),
            _ => Ok(()),
        }
    }

    /// Puts the outputs of the received line on the pins; what is unknown, on `self.unknown`.
    fn parse(&mut self) -> Result<(), EngineError> {
        self.unknown.clear();
        let mut fields = self.line[MARK.len_utf8()..].split_ascii_whitespace();
        for &pin in &self.outputs {
            let Some(field) = fields.next() else {
                return Err(EngineError::Stopped { cycle: self.pins.cycles(), message: self.line.clone() });
            };
            let value = match u128::from_str_radix(field, 16) {
                Ok(value) => value,
                Err(_) => {
                    self.unknown.push((pin, field.into()));
                    0
                }
            };
            self.pins.values_mut()[pin.index()] = value;
        }
        Ok(())
    }

    /// An error for an unknown output that is in use.
    fn check(&mut self) -> Result<(), EngineError> {
        if self.pins.reset() && self.was_reset != [true; 2] {
            return Ok(());
        }
        for (pin, value) in &self.unknown {
            let port = &self.pins.pinout().ports()[pin.index()];
            let in_use = port.valid.is_none_or(|v| self.pins.peek(v) != 0 || self.unknown.iter().any(|(p, _)| *p == v));
            if in_use {
                let (port, value) = (port.name.clone(), value.clone());
                return Err(EngineError::Unknown { port, value, cycle: self.pins.cycles() });
            }
        }
        Ok(())
    }

    fn stopped(&mut self) -> EngineError {
        let stderr = std::fs::read_to_string(self.dir.path().join("stderr")).unwrap_or_default();
        let message = first_messages(&stderr, &self.messages);
        EngineError::Stopped { cycle: self.pins.cycles(), message }
    }
}

impl Drop for Icarus {
    fn drop(&mut self) {
        // An orderly end, for the sake of the waveform; by force if it does not come.
        let _ = self.to.write_all(b"end\n");
        let patience = Timespec { tv_sec: 5, tv_nsec: 0 };
        let ended = poll(&mut [PollFd::new(self.from.get_ref(), PollFlags::IN)], Some(&patience));
        if !matches!(ended, Ok(n) if n > 0) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

impl Engine for Icarus {
    fn name(&self) -> &'static str {
        "icarus"
    }

    fn pins(&self) -> &Pins {
        &self.pins
    }

    fn pins_mut(&mut self) -> &mut Pins {
        &mut self.pins
    }

    fn drive_settle(&mut self) -> Result<(), EngineError> {
        self.send()?;
        self.edge = None;
        self.receive()?;
        self.parse()?;
        self.check()
    }

    /// The simulator hears of the edge with the next inputs.
    fn drive_edge(&mut self, edge: Edge) -> Result<(), EngineError> {
        self.edge = Some(edge);
        self.was_reset[edge as usize] |= self.pins.reset();
        Ok(())
    }
}

/// A testbench that reads a line of inputs, `rises rst input…`, and answers with a line of outputs. `rises` is the clock that rises
/// beforehand: 1 is `clk`, 2 `link_clk`, whose edges lie close together behind one of `clk`, which comes at its time.
fn bench(design: &Design) -> String {
    let mut declare = String::new();
    let mut connect = String::new();
    let mut read = String::new();
    let mut take = String::new();
    let mut write = String::new();
    let mut formats = (String::new(), String::new());
    let inputs = design.pinout.towards(Direction::In).count();
    for (i, port) in design.pinout.ports().iter().enumerate() {
        let (name, top) = (&port.name, port.bits - 1);
        let _ = match port.direction {
            Direction::In => {
                formats.0.push_str(" %h");
                let _ = write!(read, ", next{i}");
                let _ = writeln!(take, "        pin{i} <= next{i};");
                writeln!(declare, "  reg [{top}:0] pin{i}, next{i};")
            }
            Direction::Out => {
                formats.1.push_str(" %h");
                let _ = write!(write, ", pin{i}");
                writeln!(declare, "  wire [{top}:0] pin{i};")
            }
        };
        let _ = write!(connect, ",\n    .{name}(pin{i})");
    }
    let mut link = (String::new(), String::new());
    if design.pinout.has_link_clock() {
        declare.push_str("  reg link_clk = 1'b0;\n");
        connect.push_str(",\n    .link_clk(link_clk),\n    .link_rst(rst)");
        let set = |level| format!("        if (rises == {}) #{LINK_PS} link_clk = 1'b{level};\n", Edge::Link as u8 + 1);
        link = (set(1), set(0));
    }
    let (link_rise, link_fall) = link;
    let (top, fields, half) = (&design.top, inputs + 2, PERIOD_PS / 2);
    let (inputs, outputs) = formats;
    format!(
        r#"`timescale 1ps/1ps
module tessera_bench;
  reg clk, rst, rst_next, more;
  reg [1:0] rises;
  integer fields;
  time edge_time;
  reg [8*4096:1] vcd;
{declare}
  {top} uut (
    .clk(clk),
    .rst(rst){connect}
  );

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, uut);
    end
    clk = 1'b0;
    edge_time = 0;
    more = 1'b1;
    while (more) begin
      fields = $fscanf(32'h8000_0000, "%h %b{inputs}", rises, rst_next{read});
      more = fields == {fields};
      if (more) begin
        if (rises == 1) begin
          edge_time = edge_time + {PERIOD_PS};
          if (edge_time > $time) #(edge_time - $time);
          clk = 1'b1;
        end
{link_rise}        // The inputs change after the edge, as the registers of a neighbour would.
        rst <= rst_next;
{take}        if (rises == 1) #{half} clk = 1'b0;
{link_fall}        #1;
        $fwrite(32'h8000_0001, "{MARK}{outputs}\n"{write});
        $fflush(32'h8000_0001);
      end
    end
    $finish;
  end
endmodule
"#
    )
}
