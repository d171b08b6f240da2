use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;

/// A bar on the terminal's standard error for `cycles` expected cycles: how far the run is, how fast, and how long it will
/// take; nothing where there is no terminal.
pub fn progress_bar(what: &str, cycles: u64) -> ProgressBar {
    let bar = ProgressBar::new(cycles).with_message(what.to_string());
    match ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} cycles, {speed}, {eta} left") {
        Ok(style) => bar.with_style(style.with_key("speed", speed)),
        Err(_) => bar,
    }
}

fn speed(state: &ProgressState, out: &mut dyn Write) {
    // A bar that cannot be drawn is no reason to stop.
    let _ = write!(out, "{:.1} kcycles/s", state.per_sec() / 1e3);
}

#[cfg(test)]
mod tests {
    use super::*;
    use indicatif::{ProgressDrawTarget, TermLike};
    use std::io;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// A terminal that keeps what is written on it.
    #[derive(Clone, Debug, Default)]
    struct Paper(Arc<Mutex<String>>);

    impl TermLike for Paper {
        fn width(&self) -> u16 {
            100
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_bar_shows_progress_speed_and_time_left() {
        let paper = Paper::default();
        let bar = progress_bar("conv1", 4_000_000).with_elapsed(Duration::from_secs(2));
        bar.set_draw_target(ProgressDrawTarget::term_like(Box::new(paper.clone())));
        bar.set_position(1_000_000);
        bar.tick();
        let text = paper.0.lock().unwrap().clone();
        for part in ["conv1 ", " 1,000,000/4,000,000 cycles, ", " kcycles/s, ", " left"] {
            assert!(text.contains(part), "{part:?} is not in {text:?}");
        }
        assert!(!text.contains("{speed}"), "{text}");
    }
}
