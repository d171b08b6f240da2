use super::EngineError;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::process::Command;

/// The command that installs the tools.
pub const SETUP: &str = "scripts/setup";

/// Lines of a tool's messages that an error shows.
const MESSAGES: usize = 12;

/// Whether the program `tool` is in the path.
fn is_in_path(tool: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(tool).is_file()))
}

/// An error for the first of `tools` that is not in the path.
pub(super) fn require(tools: &[&str]) -> Result<(), EngineError> {
    match tools.iter().find(|tool| !is_in_path(tool)) {
        None => Ok(()),
        Some(tool) => Err(EngineError::MissingTool { tool: tool.to_string() }),
    }
}

/// A failed start of `tool` as an error.
pub(super) fn start_error(tool: &OsStr, error: std::io::Error) -> EngineError {
    let tool = tool.to_string_lossy().into_owned();
    match error.kind() {
        ErrorKind::NotFound => EngineError::MissingTool { tool },
        _ => EngineError::Io { path: tool.into(), error },
    }
}

/// Runs a tool to its end and gives its standard output, or an error with its first messages.
pub(super) fn run(step: &str, command: &mut Command) -> Result<String, EngineError> {
    let result = command.output().map_err(|e| start_error(command.get_program(), e))?;
    let stdout = String::from_utf8_lossy(&result.stdout).into_owned();
    if result.status.success() {
        return Ok(stdout);
    }
    let stderr = String::from_utf8_lossy(&result.stderr);
    Err(EngineError::Tool { step: step.into(), messages: first_messages(&stderr, &stdout) })
}

/// The first lines that name an error; without one, the last lines there are.
pub(super) fn first_messages(stderr: &str, stdout: &str) -> String {
    let lines: Vec<&str> = stderr.lines().chain(stdout.lines()).filter(|l| !l.trim().is_empty()).collect();
    let first = lines.iter().position(|l| l.to_ascii_lowercase().contains("error")).unwrap_or(lines.len());
    let shown = match first == lines.len() {
        true => &lines[lines.len().saturating_sub(MESSAGES)..],
        false => &lines[first..lines.len().min(first + MESSAGES)],
    };
    shown.join("\n")
}
