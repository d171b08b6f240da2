use indicatif::{ProgressBar, ProgressStyle};

/// A bar on the terminal's standard error for `cycles` expected cycles; nothing where there is no terminal.
pub fn progress_bar(what: &str, cycles: u64) -> ProgressBar {
    let bar = ProgressBar::new(cycles).with_message(what.to_string());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} cycles, {eta} left");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
