//! The C driver of a generated design, compiled and run against the same design in Verilator.

use gen::design::{Design, DesignArgs};
use gen::generate::{generate, Generated};
use gen::mapper::{map, Mapping};
use gen::numerics::{Numerics, Output};
use gen::shape::ConvShape;
use hw::program::{error, COMMAND_BYTES};
use hw::registers::{COUNTERS, QUEUE_DEPTH};
use hw::shell::control::built;
use libloading::{Library, Symbol};
use sim::data::RandomData;
use sim::engine::Engine;
use sim::golden;
use sim::host::{Host, Response};
use sim::machine::{EngineKind, Loaded, Machine, Setup, Work};
use sim::tensor::Tensors;
use std::ffi::c_void;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

type Accelerator = Host<Box<dyn Engine>>;

/// `struct tessera`.
#[repr(C)]
struct Device {
    read: extern "C" fn(*mut c_void, u32) -> u32,
    write: extern "C" fn(*mut c_void, u32, u32),
    context: *mut c_void,
    idle: Option<extern "C" fn(*mut c_void)>,
    due: u32,
}

/// A register as a bus without an answer to errors has it: a refused access reads all ones and writes nothing.
extern "C" fn read(context: *mut c_void, offset: u32) -> u32 {
    // SAFETY: the context of every `Device` here is a host that outlives it and is not used elsewhere during a call.
    let host = unsafe { &mut *context.cast::<Accelerator>() };
    match host.try_read_register(offset).expect("an answer") {
        (Response::Okay, value) => value,
        _ => u32::MAX,
    }
}

extern "C" fn write(context: *mut c_void, offset: u32, value: u32) {
    // SAFETY: as in `read`.
    let host = unsafe { &mut *context.cast::<Accelerator>() };
    host.try_write_register(offset, value, 0xf).expect("an answer");
}

extern "C" fn idle(context: *mut c_void) {
    // SAFETY: as in `read`.
    let host = unsafe { &mut *context.cast::<Accelerator>() };
    host.run_for(50).expect("cycles");
}

/// Compiles the driver of a design's folder, warnings being errors, as C99 and, to see that it can be, its header as C++.
fn compile(folder: &Path) -> Library {
    let source = folder.join("driver/tessera.c");
    let library = folder.join("libtessera.so");
    let cc = |compiler: &str, options: &str, rest: &[&Path]| {
        let status = Command::new(compiler).args(options.split(' ')).args(rest).status();
        assert!(status.expect("a compiler").success(), "{compiler} {options}");
    };
    cc("gcc", "-std=c99 -Wall -Wextra -Wpedantic -Werror -O1 -shared -fPIC -o", &[&library, &source]);
    cc("g++", "-Wall -Wextra -Werror -fsyntax-only -x c++", &[&folder.join("driver/tessera.h")]);
    // SAFETY: the driver has no initialisers.
    unsafe { Library::new(library) }.expect("a library")
}

/// The driver's functions.
struct Driver<'a> {
    open: Symbol<'a, unsafe extern "C" fn(*mut Device) -> i32>,
    start: Symbol<'a, unsafe extern "C" fn(*mut Device, u64, u32) -> i32>,
    wait: Symbol<'a, unsafe extern "C" fn(*mut Device, u32) -> i32>,
    reset: Symbol<'a, unsafe extern "C" fn(*mut Device, u32) -> i32>,
    read_counters: Symbol<'a, unsafe extern "C" fn(*mut Device, *mut u64)>,
    clear_counters: Symbol<'a, unsafe extern "C" fn(*mut Device)>,
}

impl<'a> Driver<'a> {
    fn of(library: &'a Library) -> Driver<'a> {
        // SAFETY: the types are those that `tessera.h` declares.
        unsafe {
            Driver {
                open: library.get(b"tessera_open").unwrap(),
                start: library.get(b"tessera_start").unwrap(),
                wait: library.get(b"tessera_wait").unwrap(),
                reset: library.get(b"tessera_reset").unwrap(),
                read_counters: library.get(b"tessera_read_counters").unwrap(),
                clear_counters: library.get(b"tessera_clear_counters").unwrap(),
            }
        }
    }
}

/// A design in its folder, the same in Verilator, and a layer for it.
struct Bench {
    folder: TempDir,
    machine: Machine,
    shape: ConvShape,
    mapping: Mapping,
    numerics: Numerics,
    tensors: Tensors,
}

const COLS: usize = 4;

fn design(cols: usize) -> Design {
    let sizes = |rows, cols| DesignArgs { rows: Some(rows), cols: Some(cols), ..DesignArgs::default() };
    DesignArgs { width: Some(16), glb_kb: Some(32), ..sizes(4, cols) }.design().unwrap()
}

/// A folder with a design's driver.
fn driver_of(design: &Design) -> TempDir {
    let Generated { files, .. } = generate(design).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for file in files.iter().filter(|f| f.path.starts_with("driver/") || f.path == "registers.h") {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    folder
}

impl Bench {
    fn new() -> Bench {
        let design = design(COLS);
        let folder = driver_of(&design);
        let shape = ConvShape { m: 4, c: 3, h: 8, w: 7, r: 3, s: 3, pad_h: 1, ..Default::default() };
        let numerics = Numerics::new(16);
        Bench {
            folder,
            machine: Machine::new(&design.arch, EngineKind::Verilator, &Setup::default()).expect("an engine"),
            shape,
            mapping: map(&shape, &design.arch).expect("a mapping"),
            numerics,
            tensors: RandomData::new(5, 0.2).unwrap().tensors(&shape, &numerics, 0),
        }
    }

    fn work(&self) -> Work<'_> {
        let Bench { shape, mapping, numerics, tensors, .. } = self;
        Work {
            shape,
            mapping: (*mapping).into(),
            numerics,
            output: &Output::Raw,
            tensors,
            compression: Default::default(),
            reset_at: None,
        }
    }

    /// The layer in the machine's memory; its program's address and length.
    fn load(&mut self) -> (Loaded, u64, u32) {
        let loaded = self.machine.load(&self.work()).unwrap();
        self.machine.host().dram = loaded.dram.clone();
        let (address, blocks) = (loaded.program.layout.program, loaded.program.bytes.len() / COMMAND_BYTES);
        (loaded, address, blocks as u32)
    }

    #[track_caller]
    fn ofmap_is_golden(&mut self, loaded: &Loaded) {
        let golden = golden::convolve(&self.shape, &self.numerics, &Output::Raw, &self.tensors).unwrap();
        let bytes = self.machine.host().dram.read(loaded.program.layout.ofmap, golden.len() * 4).unwrap();
        let found: Vec<i64> = bytes.chunks(4).map(|b| i32::from_le_bytes(b.try_into().unwrap()).into()).collect();
        assert_eq!(found, golden.into_raw_vec_and_offset().0);
    }

    fn device(&mut self) -> Device {
        let context = std::ptr::from_mut(self.machine.host()).cast();
        Device { read, write, context, idle: Some(idle), due: 0 }
    }
}

const TIMEOUT: i32 = -5;
const LOOKS: u32 = 10_000;

#[test]
fn layers_start_end_and_count() {
    let mut bench = Bench::new();
    let library = compile(bench.folder.path());
    let driver = Driver::of(&library);
    let (loaded, address, blocks) = bench.load();
    let mut device = bench.device();
    let dev = &mut device;
    // SAFETY: `dev` is a device whose context is `bench`'s host, which is not used during a call.
    unsafe {
        assert_eq!((driver.open)(dev), 0);
        (driver.clear_counters)(dev);
        assert_eq!((driver.start)(dev, address, blocks), 0);
        assert_eq!((driver.start)(dev, address, blocks), 0);
        assert_eq!((driver.wait)(dev, 1), TIMEOUT, "two layers in one look");
        assert_eq!((driver.wait)(dev, LOOKS), 0);
    }
    bench.ofmap_is_golden(&loaded);
    assert!(!bench.machine.host().irq());
    let mut counters = vec![0; COUNTERS.len()];
    // SAFETY: as above; `struct tessera_counters` is as many 64-bit numbers.
    unsafe { (driver.read_counters)(dev, counters.as_mut_ptr()) };
    let seen = bench.machine.host().counters().unwrap();
    for (counter, value) in COUNTERS.iter().zip(counters) {
        assert_eq!(seen.get(counter.name), Some(value), "{}", counter.name);
        // No word is zero by design, and nothing is compressed.
        assert!(
            value > 0 || ["GATED_MACS", "RLC_READ_CODES", "RLC_WRITE_CODES"].contains(&counter.name),
            "{}",
            counter.name
        );
    }
    assert_eq!(seen.get("MACS"), Some(2 * loaded.program.counts.macs), "two layers since the counters were cleared");
}

#[test]
fn what_cannot_be_is_told_and_after_an_error_a_reset_helps() {
    let mut bench = Bench::new();
    let library = compile(bench.folder.path());
    let driver = Driver::of(&library);
    let (loaded, address, blocks) = bench.load();
    let mut device = bench.device();
    let dev = &mut device;
    const FULL: i32 = -3;
    const BAD_PROGRAM: i32 = -4;
    // SAFETY: as in `layers_start_end_and_count`.
    unsafe {
        assert_eq!((driver.open)(dev), 0);
        assert_eq!((driver.start)(dev, address + 8, blocks), BAD_PROGRAM);
        assert_eq!((driver.start)(dev, address, 0), BAD_PROGRAM);
        // One runs, the others wait.
        for _ in 0..=QUEUE_DEPTH {
            assert_eq!((driver.start)(dev, address, blocks), 0);
        }
        assert_eq!((driver.start)(dev, address, blocks), FULL);
        assert_eq!((driver.wait)(dev, LOOKS), 0);
        // Without its last command, which is END.
        assert_eq!((driver.start)(dev, address, blocks - 1), 0);
        assert_eq!((driver.wait)(dev, LOOKS), error::NO_END as i32);
        assert_eq!((driver.reset)(dev, LOOKS), 0);
        assert_eq!((driver.start)(dev, address, blocks), 0);
        assert_eq!((driver.wait)(dev, LOOKS), 0);
    }
    bench.ofmap_is_golden(&loaded);
}

/// The registers of a design with a column less.
extern "C" fn read_other(_: *mut c_void, offset: u32) -> u32 {
    let arch = design(COLS - 1).arch;
    let register = built(&arch).into_iter().find(|(register, _)| register.offset == offset as usize);
    register.map_or(0, |(_, value)| value as u32)
}

/// Where nothing answers.
extern "C" fn read_nothing(_: *mut c_void, _: u32) -> u32 {
    u32::MAX
}

#[test]
fn another_design_and_no_design_are_found_out() {
    let folder = driver_of(&design(COLS));
    let library = compile(folder.path());
    let driver = Driver::of(&library);
    let mut device = Device { read: read_other, write, context: std::ptr::null_mut(), idle: None, due: 0 };
    const OTHER_DESIGN: i32 = -2;
    const NOT_FOUND: i32 = -1;
    // SAFETY: neither of the two `read` looks at the context, and nothing is written to what is not the driver's design.
    unsafe {
        assert_eq!((driver.open)(&mut device), OTHER_DESIGN);
        device.read = read_nothing;
        assert_eq!((driver.open)(&mut device), NOT_FOUND);
    }
}
