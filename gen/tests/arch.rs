//! The messages of `ArchSpec::check`: every problem at once, by field. What a host is told of an architecture.

use clap::ValueEnum;
use expect_test::{expect, Expect};
use gen::design::DataflowArg;
use hw::os::OsStyle;
use hw::{registers, ArchSpec, Dataflow, WsStyle};

#[track_caller]
fn refused(spec: ArchSpec, message: Expect) {
    let problems = spec.check().expect_err("a spec that cannot be built");
    message.assert_eq(&problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

fn usual() -> ArchSpec {
    ArchSpec::default()
}

#[test]
fn the_extremes_are_built() {
    let least = ArchSpec { rows: 1, cols: 1, width: 2, psum_width: 2, glb_kb: 1, link_width: 32, ..usual() };
    let least = ArchSpec { ifmap_spad: 1, filter_spad: 1, psum_spad: 1, ..least };
    let most = ArchSpec { rows: 256, cols: 256, width: 32, psum_width: 64, glb_kb: 4096, link_width: 128, ..usual() };
    let most = ArchSpec { ifmap_spad: 256, filter_spad: 4096, psum_spad: 256, ..most };
    for spec in [least, most] {
        spec.check().unwrap();
    }
}

#[test]
fn every_size_is_named_below_its_least() {
    let spec = ArchSpec { rows: 0, cols: 0, width: 1, psum_width: 1, glb_kb: 0, link_width: 0, ..usual() };
    refused(
        ArchSpec { ifmap_spad: 0, filter_spad: 0, psum_spad: 0, ..spec },
        expect![[r#"
        `rows` is 0; the array needs at least one PE in each direction
        `cols` is 0; the array needs at least one PE in each direction
        `width` is 1; words are 2 to 32 bits wide
        `psum_width` is 1; psums are 2 to 64 bits wide
        `glb_kb` is 0; the buffer has 1 to 4096 KiB
        `ifmap_spad` is 0; an ifmap spad has 1 to 256 words
        `filter_spad` is 0; a filter spad has 1 to 4096 words
        `psum_spad` is 0; a psum spad has 1 to 256 words
        `link_width` is 0; the AXI4 link is 32, 64 or 128 bits wide"#]],
    );
}

#[test]
fn every_size_is_named_above_its_most() {
    let spec = ArchSpec { rows: 257, cols: 257, width: 33, psum_width: 65, glb_kb: 4097, link_width: 256, ..usual() };
    refused(
        ArchSpec { ifmap_spad: 257, filter_spad: 4097, psum_spad: 257, ..spec },
        expect![[r#"
        `rows` is 257; at most 256 rows share the networks; use more columns
        `cols` is 257; at most 256 columns share the networks; use more rows
        `width` is 33; words are 2 to 32 bits wide
        `psum_width` is 65; psums are 2 to 64 bits wide
        `glb_kb` is 4097; the buffer has 1 to 4096 KiB
        `ifmap_spad` is 257; an ifmap spad has 1 to 256 words
        `filter_spad` is 4097; a filter spad has 1 to 4096 words
        `psum_spad` is 257; a psum spad has 1 to 256 words
        `link_width` is 256; the AXI4 link is 32, 64 or 128 bits wide"#]],
    );
}

#[test]
fn a_psum_is_named_where_it_is_narrower_than_a_word_and_where_only_it_is_wrong() {
    refused(
        ArchSpec { width: 16, psum_width: 15, ..usual() },
        expect![
            "`psum_width` is 15; a psum is at least as wide as a word (`width`), for a requantised result to fit in it"
        ],
    );
    refused(ArchSpec { psum_width: 65, ..usual() }, expect!["`psum_width` is 65; psums are 2 to 64 bits wide"]);
    // Twice a width that is refused is no second problem.
    refused(ArchSpec { width: 40, ..usual() }, expect!["`width` is 40; words are 2 to 32 bits wide"]);
    refused(
        ArchSpec { width: usize::MAX, ..usual() },
        expect!["`width` is 18446744073709551615; words are 2 to 32 bits wide"],
    );
}

/// The register map once named two dataflows of four.
#[test]
fn the_register_map_names_every_dataflow_by_its_number() {
    let of = |dataflow: &DataflowArg| Dataflow::from(*dataflow);
    let numbers: Vec<usize> = DataflowArg::value_variants().iter().map(|dataflow| of(dataflow) as usize).collect();
    let (dataflows, styles) = registers::DATAFLOW.doc.split_once(". ").unwrap();
    let named: Vec<usize> =
        dataflows.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    assert_eq!(named, numbers, "{dataflows}");
    let os = |os_style| ArchSpec { dataflow: Dataflow::Os, os_style, ..usual() };
    let ws = |ws_style| ArchSpec { dataflow: Dataflow::Ws, ws_style, rows: 9, ..usual() };
    let styles_of_ws =
        [WsStyle::Systolic, WsStyle::Conv2d].map(|style| (ws(style), format!("{style:?}").to_lowercase()));
    let styles_of_os = OsStyle::ALL.map(|style| (os(style), style.to_string()));
    for (spec, name) in styles_of_ws.into_iter().chain(styles_of_os) {
        let number = spec.check().unwrap().array_number();
        assert_eq!(number & 0xff, spec.dataflow as usize, "{name}");
        assert!(styles.contains(&format!("{} {name}", number >> 8)), "{number:#x} {name}: {styles}");
    }
}
