use crate::command::names;
use crate::gen;
use expect_test::expect;
use gen::output::{replace_folder, OutputFile, DESIGN};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

const SMALL: &str = "--rows 1 --cols 1 --width 8";

#[test]
fn a_folder_of_someone_else_is_kept() {
    let folder = gen();
    folder.write("thesis/main.tex", "years of work");
    folder.refuses(&format!("{SMALL} --out thesis"), expect![[r#"
        error: `thesis` holds files, and no `design.json` of this program's; it is not replaced: choose another `--out`, or remove it
    "#]]);
    // Another program's `design.json` is not enough.
    folder.write("thesis/design.json", r#"{"top": "my_chip"}"#);
    folder.refuses(&format!("{SMALL} --out thesis"), expect![[r#"
        error: `thesis` holds files, and no `design.json` of this program's; it is not replaced: choose another `--out`, or remove it
    "#]]);
    assert_eq!(names(&folder.path("thesis")), ["design.json", "main.tex"]);
    assert_eq!(folder.names(), ["thesis"]);
}

#[test]
fn a_place_that_cannot_hold_a_folder() {
    let folder = gen();
    folder.write("file", "");
    folder.refuses(
        &format!("{SMALL} --out file"),
        expect![[r#"
        error: `file` is not a folder; choose another `--out`, or remove it
    "#]],
    );
    folder.refuses(
        &format!("{SMALL} --out file/design"),
        expect![[r#"
        error: `file` is not a folder; choose another `--out`, or remove it
    "#]],
    );
    folder.refuses(
        &format!("{SMALL} --out /proc/design"),
        expect![[r#"
        error: cannot write `/proc`: entity not found
    "#]],
    );
    assert_eq!(folder.names(), ["file"]);
}

#[test]
fn an_empty_folder_a_design_and_a_link_to_one_are_replaced() {
    let folder = gen();
    fs::create_dir(folder.path("design")).unwrap();
    folder.succeeds(&format!("{SMALL} --out design"));
    folder.write("design/rtl/left_over.v", "");
    std::os::unix::fs::symlink("design", folder.path("link")).unwrap();
    folder.succeeds(&format!("{SMALL} --out link"));
    assert!(fs::symlink_metadata(folder.path("link")).unwrap().is_symlink());
    assert!(!folder.path("design/rtl/left_over.v").exists());
    assert_eq!(folder.names(), ["design", "link"]);
}

fn file(path: &str, text: impl Into<String>) -> OutputFile {
    OutputFile { path: path.into(), text: text.into() }
}

/// What the program knows its own folders by.
fn mark(version: u32) -> OutputFile {
    file(DESIGN.mark, format!(r#"{{"top": "tessera", "version": {version}, "spec": {{}}}}"#))
}

fn version(folder: &Path) -> u64 {
    let text = fs::read_to_string(folder.join(DESIGN.mark)).expect("a design at any time");
    serde_json::from_str::<serde_json::Value>(&text).expect("a whole file")["version"].as_u64().expect("a number")
}

#[test]
fn a_failure_in_the_middle_leaves_the_old_design_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let design = dir.path().join("design");
    replace_folder(&design, &[mark(1), file("rtl/a.v", "old")]).unwrap();
    // The second file needs a folder where the first one is.
    let clash = [mark(2), file("rtl", "a file"), file("rtl/a.v", "new")];
    let error = replace_folder(&design, &clash).unwrap_err().to_string();
    expect!["cannot write `…/design/rtl/a.v`: File exists (os error 17)"]
        .assert_eq(&error.replace(dir.path().to_str().unwrap(), "…"));
    assert_eq!((version(&design), fs::read_to_string(design.join("rtl/a.v")).unwrap()), (1, "old".into()));
    assert_eq!(names(dir.path()), ["design"]);
}

#[test]
fn a_reader_sees_the_old_design_or_the_new_one_at_any_time() {
    let dir = tempfile::tempdir().unwrap();
    let design = dir.path().join("design");
    replace_folder(&design, &[mark(0)]).unwrap();
    let (done, reads) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 0;
            while !done.load(Ordering::Relaxed) {
                let now = version(&design);
                assert!(now >= last, "design {now} after design {last}");
                last = now;
                reads.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut written = 0;
        while (written < 300 || reads.load(Ordering::Relaxed) < 300) && !reader.is_finished() {
            written += 1;
            replace_folder(&design, &[mark(written)]).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(names(dir.path()), ["design"]);
}
