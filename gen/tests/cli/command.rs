//! Runs a program of this workspace as a user does: in a folder of its own, judged by its exit code and what it prints.

use expect_test::Expect;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Time after which a program is taken to hang. Building a Verilator model on a busy machine takes the most.
const PATIENCE: Duration = Duration::from_secs(300);

/// The folder in which programs run; files in it are named without a path.
pub struct Folder {
    program: &'static str,
    dir: TempDir,
    /// Where what they print goes.
    prints: TempDir,
    path_variable: Option<String>,
}

/// How a program ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    /// An empty folder for runs of `program`.
    pub fn new(program: &'static str) -> Self {
        let dir = || tempfile::tempdir().expect("a temporary folder");
        Folder { program, dir: dir(), prints: dir(), path_variable: None }
    }

    /// With this variable `PATH`.
    pub fn with_path(self, path_variable: &str) -> Self {
        Folder { path_variable: Some(path_variable.into()), ..self }
    }

    /// The path of `name`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, and the folders it needs.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("within the folder")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }

    /// A file's text.
    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Names of what the folder holds.
    pub fn names(&self) -> Vec<String> {
        names(self.dir.path())
    }

    /// Runs the program with `arguments`, which spaces divide.
    #[track_caller]
    pub fn run(&self, arguments: &str) -> Outcome {
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| self.prints.path().join(name));
        let mut command = Command::new(self.program);
        command.args(arguments.split_whitespace()).current_dir(self.dir.path()).stdin(Stdio::null());
        if let Some(path) = &self.path_variable {
            command.env("PATH", path);
        }
        command.stdout(File::create(&stdout).expect("a file")).stderr(File::create(&stderr).expect("a file"));
        let code = wait(command, arguments).code();
        let text = |path| fs::read_to_string(path).expect("text in UTF-8");
        Outcome { code, stdout: text(stdout), stderr: text(stderr) }
    }

    /// Runs what must be refused: exit code 2, this message, and nothing on the standard output.
    #[track_caller]
    pub fn refuses(&self, arguments: &str, message: Expect) {
        self.run(arguments).is(2, message);
    }

    /// Runs what must succeed and gives what it prints.
    #[track_caller]
    pub fn succeeds(&self, arguments: &str) -> String {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, Some(0), "{arguments}: {outcome:?}");
        outcome.stdout
    }
}

impl Outcome {
    /// A failure with this exit code and this message, and nothing on the standard output.
    #[track_caller]
    pub fn is(&self, code: i32, message: Expect) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{}", self.stderr);
        message.assert_eq(&self.stderr);
    }
}

#[track_caller]
fn wait(mut command: Command, arguments: &str) -> ExitStatus {
    let mut child = command.spawn().expect("the program starts");
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("a child that runs");
            panic!("{arguments}: has not ended after {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Names of what a folder holds, in order.
pub fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The commands that a help text gives as examples.
pub fn examples(help: &str) -> Vec<&str> {
    help.lines().skip_while(|line| *line != "Examples:").skip(1).map(str::trim).take_while(|l| !l.is_empty()).collect()
}
