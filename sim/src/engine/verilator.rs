use super::hints::{hints, Repeated};
use super::sharing::shared;
use super::tool::{require, run};
use super::{cache, cache_dir, Design, Direction, Edge, Engine, EngineError, Pins, Port, PERIOD_PS};
use libloading::Library;
use std::ffi::{c_char, c_int, c_void, CStr, CString};
use std::fmt::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const WRAPPER: &str = include_str!("wrapper.cpp");
const TEAM: &str = include_str!("team.h");
/// What a build is made by, for its key in the cache.
const SHARING: &str = include_str!("sharing.rs");

/// What can be chosen about a simulation with Verilator.
pub struct VerilatorOptions<'a> {
    /// State that no reset sets and every X takes random values drawn from this seed.
    pub seed: u32,
    /// Writes a waveform here. The design is then built with waveforms, which makes it several times slower.
    pub vcd: Option<&'a Path>,
    /// Where compiled designs are kept; [`cache_dir`] unless it is given.
    pub cache: Option<&'a Path>,
    /// Modules that stand many times in the design: said, they make the build and the simulation several times faster.
    pub repeated: Repeated<'a>,
    /// Told when the design must be built first, which can take a minute.
    pub on_build: Option<&'a dyn Fn()>,
    /// Threads that evaluate the design, where its repeated modules allow that ([`super::sharing`]); one unless it is given.
    pub threads: Option<NonZeroUsize>,
}

impl Default for VerilatorOptions<'_> {
    fn default() -> Self {
        VerilatorOptions {
            seed: 1,
            vcd: None,
            cache: None,
            repeated: Repeated::default(),
            on_build: None,
            threads: None,
        }
    }
}

/// A design compiled to machine code by Verilator.
pub struct Verilator {
    model: *mut c_void,
    api: Api,
    pins: Pins,
    build_time: Option<Duration>,
    /// Keeps the code that `api` points to; declared last, so dropped last.
    _library: Library,
}

// SAFETY: a verilated model has its own context and no tie to the thread that made it; `Verilator` is not `Sync`.
unsafe impl Send for Verilator {}

/// The functions of `wrapper.cpp`.
struct Api {
    free: unsafe extern "C" fn(*mut c_void),
    error: unsafe extern "C" fn(*const c_void) -> *const c_char,
    shared: unsafe extern "C" fn(*const c_void) -> u64,
    settle: unsafe extern "C" fn(*mut c_void, *mut u128, c_int) -> c_int,
    edge: unsafe extern "C" fn(*mut c_void, c_int) -> c_int,
}

impl Verilator {
    /// A simulation of `design`, which is built if the cache does not have it.
    pub fn new(design: &Design, options: &VerilatorOptions) -> Result<Self, EngineError> {
        require(&["verilator", "make", "g++"])?;
        let version = run("verilator --version", Command::new("verilator").arg("--version"))?;
        let flags = flags(options.vcd.is_some());
        let header = header(design);
        let hints = hints(&design.verilog, options.repeated);
        let parts =
            [&[&version, WRAPPER, TEAM, SHARING, &header, &hints, &design.verilog, &design.top], flags.as_slice()]
                .concat();
        let name = format!("{}-{}.so", design.top, cache::key(&parts));
        let mut build_time = None;
        let dir = options.cache.map_or_else(cache_dir, Path::to_path_buf);
        let library = cache::file(&dir, &name, |path| {
            if let Some(notice) = options.on_build {
                notice();
            }
            let start = Instant::now();
            let runtime = format!("runtime-{}-", cache::key(&[&[version.as_str()], flags.as_slice()].concat()));
            build(design, &header, &hints, &flags, &dir, &runtime, path)?;
            build_time = Some(start.elapsed());
            Ok(())
        })?;
        Self::load(&library, design, options, build_time)
    }

    fn load(
        path: &Path,
        design: &Design,
        options: &VerilatorOptions,
        build_time: Option<Duration>,
    ) -> Result<Self, EngineError> {
        let failed = |e: libloading::Error| EngineError::Tool {
            step: format!("loading {}", path.display()),
            messages: e.to_string(),
        };
        // SAFETY: the library was linked from `wrapper.cpp`, whose functions have these types; loading it runs the
        // initialisers of the C++ run-time library alone.
        let (library, api, new, trace) = unsafe {
            let library = Library::new(path).map_err(failed)?;
            let new =
                *library.get::<unsafe extern "C" fn(c_int, c_int) -> *mut c_void>(b"tessera_new\0").map_err(failed)?;
            let trace = *library
                .get::<unsafe extern "C" fn(*mut c_void, *const c_char) -> c_int>(b"tessera_trace\0")
                .map_err(failed)?;
            let api = Api {
                free: *library.get(b"tessera_free\0").map_err(failed)?,
                error: *library.get(b"tessera_error\0").map_err(failed)?,
                shared: *library.get(b"tessera_shared\0").map_err(failed)?,
                settle: *library.get(b"tessera_settle\0").map_err(failed)?,
                edge: *library.get(b"tessera_edge\0").map_err(failed)?,
            };
            (library, api, new, trace)
        };
        // Verilator takes a seed of 0 for "any".
        let seed = (options.seed & 0x3fff_ffff) as c_int + 1;
        let threads = options.threads.map_or(1, NonZeroUsize::get);
        // SAFETY: `new` is given a seed and at least one thread.
        let model = unsafe { new(seed, threads as c_int) };
        assert!(!model.is_null(), "the verilated model cannot be made");
        let engine = Verilator { model, api, pins: Pins::new(design.pinout.clone()), build_time, _library: library };
        if let Some(path) = options.vcd {
            let name = CString::new(path.as_os_str().as_encoded_bytes())
                .map_err(|e| EngineError::Io { path: path.into(), error: e.into() })?;
            // SAFETY: `model` is alive; `name` is a string that ends with 0.
            let code = unsafe { trace(model, name.as_ptr()) };
            if code != 0 {
                let error = std::io::Error::other(engine.message());
                return Err(EngineError::Io { path: path.into(), error });
            }
        }
        Ok(engine)
    }

    /// How long the build took, if there was one.
    pub fn build_time(&self) -> Option<Duration> {
        self.build_time
    }

    /// How often threads have shared the work of a clock edge; 0 where there is one, or nothing to share.
    pub fn shared(&self) -> u64 {
        // SAFETY: `model` is alive.
        unsafe { (self.api.shared)(self.model) }
    }

    fn message(&self) -> String {
        // SAFETY: `model` is alive and its message is a string that ends with 0.
        unsafe { CStr::from_ptr((self.api.error)(self.model)) }.to_string_lossy().into_owned()
    }

    #[inline]
    fn check(&self, code: c_int) -> Result<(), EngineError> {
        match code {
            0 => Ok(()),
            _ => Err(self.failure()),
        }
    }

    #[cold]
    fn failure(&self) -> EngineError {
        let (cycle, message) = (self.pins.cycles(), self.message());
        match message.contains("converge") {
            true => EngineError::Unsettled { cycle },
            false => EngineError::Stopped { cycle, message },
        }
    }
}

impl Drop for Verilator {
    fn drop(&mut self) {
        // SAFETY: `model` is alive and not used afterwards.
        unsafe { (self.api.free)(self.model) }
    }
}

impl Engine for Verilator {
    fn name(&self) -> &'static str {
        "verilator"
    }

    fn pins(&self) -> &Pins {
        &self.pins
    }

    fn pins_mut(&mut self) -> &mut Pins {
        &mut self.pins
    }

    #[inline]
    fn drive_settle(&mut self) -> Result<(), EngineError> {
        let reset = self.pins.reset() as c_int;
        // SAFETY: `model` is alive; there are as many values as `design.h` has ports, in its order.
        let code = unsafe { (self.api.settle)(self.model, self.pins.values_mut().as_mut_ptr(), reset) };
        self.check(code)
    }

    #[inline]
    fn drive_edge(&mut self, edge: Edge) -> Result<(), EngineError> {
        // SAFETY: `model` is alive.
        let code = unsafe { (self.api.edge)(self.model, (edge == Edge::Link) as c_int) };
        self.check(code)
    }
}

/// Verilator's options, as far as they do not name files.
fn flags(waveforms: bool) -> Vec<&'static str> {
    let mut flags = vec![
        "--cc",
        "--exe",
        "--prefix",
        "Vdesign",
        "-O3",
        // Measured on 168 PEs, these two and -O2 for the compiler: a clocked block stays in one piece, in the order in which it is
        // written, so the same condition is tested less often.
        "-fno-split",
        "-fno-reorder",
        "-Wno-fatal",
        "--no-timing",
        "--x-assign",
        "unique",
        "--x-initial",
        "unique",
        "-CFLAGS",
        "-fPIC -fvisibility=hidden -DVL_USER_FINISH -DVL_USER_STOP -DVL_USER_FATAL",
        // Linked as a shared library that shows nothing but the wrapper's functions.
        "-LDFLAGS",
        "-shared -pthread -Wl,-Bsymbolic -Wl,-z,defs",
    ];
    if waveforms {
        flags.push("--trace");
    }
    flags
}

/// `design.h`: the ports of the design, and whether it has a second clock.
fn header(design: &Design) -> String {
    let list = |text: &mut String, name: &str, direction| {
        let _ = write!(text, "#define {name}(X)");
        for (pin, Port { name, .. }) in design.pinout.towards(direction) {
            let _ = write!(text, " X({}, {name})", pin.index());
        }
        text.push('\n');
    };
    let mut text = format!("#define TESSERA_PERIOD_PS {PERIOD_PS}\n");
    if design.pinout.has_link_clock() {
        text.push_str("#define TESSERA_LINK_CLOCK\n");
    }
    list(&mut text, "TESSERA_INPUTS", Direction::In);
    list(&mut text, "TESSERA_OUTPUTS", Direction::Out);
    text
}

/// Builds the shared library `library`. Verilator's run-time library, which is the same for all designs, is kept in `cache`
/// as files whose names begin with `runtime`.
fn build(
    design: &Design,
    header: &str,
    hints: &str,
    flags: &[&str],
    cache: &Path,
    runtime: &str,
    library: &Path,
) -> Result<(), EngineError> {
    // Not beside the library: make does not work in a directory whose name has spaces.
    let dir = tempfile::Builder::new().prefix("tessera-").tempdir().map_err(EngineError::io(std::env::temp_dir()))?;
    let write = |name: &str, text: &str| -> Result<PathBuf, EngineError> {
        let path = dir.path().join(name);
        std::fs::write(&path, text).map_err(EngineError::io(&path))?;
        Ok(path)
    };
    let wrapper = write("wrapper.cpp", WRAPPER)?;
    write("team.h", TEAM)?;
    write("design.h", header)?;
    let hints = write("hints.vlt", hints)?;
    let verilog = write("design.v", &design.verilog)?;
    let objects = dir.path().join("objects");
    let mut command = Command::new("verilator");
    command.args(flags).arg("-CFLAGS").arg(format!("-I{}", dir.path().display()));
    command.arg("--top-module").arg(&design.top).arg("--Mdir").arg(&objects).arg("-o").arg("design.so");
    command.arg(&hints).arg(&verilog).arg(&wrapper);
    run(&format!("verilator (design `{}`)", design.top), &mut command)?;
    share_work(&objects)?;

    copy_files(cache, runtime, &objects, "")?;
    let mut make = Command::new("make");
    make.arg("-C").arg(&objects).args(["-f", "Vdesign.mk", "-j", "2", "OPT_FAST=-O2"]);
    run(&format!("make (design `{}`, verilated)", design.top), &mut make)?;
    copy_files(&objects, "", cache, runtime)?;
    let built = objects.join("design.so");
    std::fs::copy(&built, library).map_err(EngineError::io(library))?;
    Ok(())
}

/// Lets threads share what the C++ of a model in `dir` does one after the other, where they can.
fn share_work(dir: &Path) -> Result<(), EngineError> {
    let entries = std::fs::read_dir(dir).map_err(EngineError::io(dir))?;
    let mut paths =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>().map_err(EngineError::io(dir))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "cpp"));
    let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(EngineError::io(path));
    let sources = paths.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    match shared(&sources) {
        Some((at, text)) => std::fs::write(&paths[at], text).map_err(EngineError::io(&paths[at])),
        None => Ok(()),
    }
}

/// Copies the objects of Verilator's run-time library that are in `from` and not in `to`, and changes the beginning of their
/// names. A copy appears complete or not at all.
fn copy_files(from: &Path, old: &str, to: &Path, new: &str) -> Result<(), EngineError> {
    for entry in std::fs::read_dir(from).map_err(EngineError::io(from))? {
        let path = entry.map_err(EngineError::io(from))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix(old));
        let Some(name) = name.filter(|name| name.starts_with("verilated") && name.ends_with(".o")) else { continue };
        let copy = to.join(format!("{new}{name}"));
        if !copy.exists() {
            let part = tempfile::NamedTempFile::new_in(to).map_err(EngineError::io(to))?;
            std::fs::copy(&path, part.path()).map_err(EngineError::io(&path))?;
            part.persist(&copy).map_err(|e| EngineError::io(&copy)(e.error))?;
        }
    }
    Ok(())
}
