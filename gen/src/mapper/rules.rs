//! What makes a mapping legal for a shape and an array.

use super::plan::{Plan, MAX_AREAS};
use super::{MapError, Mapping};
use crate::shape::ConvShape;
use hw::arch::{BANK_LINES, IMAGE_BITS, LANES, WINDOW_BITS};
use hw::program::{params, table, Field};
use hw::Arch;

/// Largest ifmap tile width, and largest number of columns that a row's windows span: half of what 16 bits with a sign hold,
/// so that column numbers, which begin in the padding, fit.
pub(super) const MAX_COLS: usize = (1 << 14) - 1;
/// Largest number of ifmap banks that a program can say.
pub(super) const MAX_IFMAP_BANKS: usize = 255;
/// Passes of a program at the most: a program of 1 GiB.
pub(super) const MAX_PASSES: usize = 1 << 24;

/// Every size that is 0 or over what it is a part of. Only after this are products of sizes meaningful.
pub(super) fn sizes(mapping: &Mapping, shape: &ConvShape, arch: &Arch) -> Vec<MapError> {
    if let Err(problems) = shape.check() {
        return vec![problems.into()];
    }
    let (c, m) = (shape.c_per_group(), shape.m_per_group());
    let all_m = shape.m.max(arch.pes().saturating_mul(mapping.p.min(m)));
    let fields = [
        ("n", mapping.n, shape.n.min(1 << IMAGE_BITS), "images of the layer, or of a pass"),
        ("m", mapping.m, all_m, "filters of the layer, or of a pass"),
        ("e", mapping.e, shape.e(), "rows of the ofmap (E)"),
        ("p", mapping.p, m, "filters of a group"),
        ("q", mapping.q, c, "channels of a group"),
        ("r", mapping.r, arch.rows, "PE rows of the array (`--rows`)"),
        ("t_rows", mapping.t_rows, arch.rows, "PE rows of the array (`--rows`)"),
        ("t_cols", mapping.t_cols, arch.cols, "PE columns of the array (`--cols`)"),
        ("groups", mapping.groups, shape.groups, "groups of the layer"),
        ("folds", mapping.folds, arch.rows.min(mapping.e), "PE rows of the array (`--rows`), or columns `e` of a set"),
        ("filter_rows", mapping.filter_rows, shape.r, "rows of the filter (R)"),
        ("filter_cols", mapping.filter_cols, shape.s, "columns of the filter (S)"),
        (
            "windows",
            mapping.windows,
            shape.f().min(1 << WINDOW_BITS),
            "columns of the ofmap (F), or of the longest row of windows",
        ),
        ("tiles", mapping.tiles, 2, "tiles that take turns, one in use and one being loaded"),
        (
            "ifmap_banks",
            mapping.ifmap_banks,
            (arch.banks - 1).min(MAX_IFMAP_BANKS),
            "banks of the buffer that ifmaps can have beside psums (`--glb-kb`)",
        ),
    ];
    out_of_range(&fields)
}

/// Of fields with their values, the largest ones and what these are: those that are 0 or too large.
pub(super) fn out_of_range(fields: &[(&'static str, usize, usize, &'static str)]) -> Vec<MapError> {
    let wrong = |&(field, value, max, of): &(_, _, _, _)| match value {
        0 => Some(MapError::Zero { field }),
        _ if value > max => Some(MapError::Range { field, value, max, of }),
        _ => None,
    };
    fields.iter().filter_map(wrong).collect()
}

/// Every part of the accelerator that is too small for the plan.
pub(super) fn fit(plan: &Plan) -> Vec<MapError> {
    let mut found = Vec::new();
    pe(plan, &mut found);
    array(plan, &mut found);
    filters(plan, &mut found);
    buffer(plan, &mut found);
    limits(plan, &mut found);
    found
}

fn pe(plan: &Plan, found: &mut Vec<MapError>) {
    let (mapping, arch) = (&plan.mapping, &plan.arch);
    let Mapping { p, q, filter_cols, .. } = *mapping;
    let mut spad = |what, need, have, spad, option, unit, lower| {
        if need > have {
            found.push(MapError::Spad { what, need, have, unit, spad, option, lower });
        }
    };
    let taps = format!("`q` {q} · `filter_cols` {filter_cols}");
    spad(taps.clone(), mapping.taps(), arch.ifmap_spad, "ifmap", "ifmap-spad", "words", "`q` or `filter_cols`");
    let what = format!("`p` {p} · {taps}");
    spad(what, plan.filter_words(), arch.filter_spad, "filter", "filter-spad", "words", "`p`, `q` or `filter_cols`");
    spad("`p`".to_string(), p, arch.psum_spad, "psum", "psum-spad", "psums", "`p`");
}

fn array(plan: &Plan, found: &mut Vec<MapError>) {
    let (mapping, arch) = (&plan.mapping, &plan.arch);
    let Mapping { r, t_rows, t_cols, folds, filter_rows, e, .. } = *mapping;
    let need = t_rows * folds * mapping.stack();
    if need > arch.rows {
        let what = format!("`t_rows` {t_rows} · `folds` {folds} · `r` {r} · `filter_rows` {filter_rows}");
        let lower = "`t_rows`, `folds`, `r` or `filter_rows`";
        found.push(MapError::Array { what, need, have: arch.rows, side: "rows", lower });
    }
    let need = t_cols * mapping.set_cols();
    if need > arch.cols {
        let what = format!("`t_cols` {t_cols} · ⌈`e` {e} / `folds` {folds}⌉");
        found.push(MapError::Array {
            what,
            need,
            have: arch.cols,
            side: "cols",
            lower: "`t_cols` or `e`, or raise `folds`",
        });
    }
    let pieces = e.div_ceil(mapping.set_cols());
    if folds > pieces {
        let of = "pieces of equal width that `e` columns make";
        found.push(MapError::Range { field: "folds", value: folds, max: pieces, of });
    }
}

fn filters(plan: &Plan, found: &mut Vec<MapError>) {
    let (mapping, shape) = (&plan.mapping, &plan.shape);
    let (groups, pass) = (mapping.groups, mapping.pass_filters());
    let mut require = |ok: bool, rule, text: String| {
        if !ok {
            found.push(MapError::SideBySide { groups, rule, found: text });
        }
    };
    if groups > 1 {
        let t = mapping.t();
        require(t % groups == 0, "as many sets for each of them", format!("`t_rows` · `t_cols` is {t}"));
        let (c, qr) = (shape.c_per_group(), mapping.q * mapping.r);
        require(c <= qr, "all channels of a group in a pass", format!("they are {c}, and `q` · `r` is {qr}"));
        let (m, filters) = (shape.m_per_group() * groups, pass);
        require(
            m == filters,
            "exactly their filters in a pass",
            format!("they are {m}, and `p` · `t_rows` · `t_cols` is {filters}"),
        );
    }
    if mapping.m < pass {
        found.push(MapError::FewerThanAPass { m: mapping.m, pass });
    }
    if pass > params::DEPTH {
        let what = "`p` · `t_rows` · `t_cols`";
        let remedy = "the output stage takes no more filters at a time: lower one of them";
        found.push(MapError::Limit { what, value: pass as u64, max: params::DEPTH as u64, remedy });
    }
}

fn buffer(plan: &Plan, found: &mut Vec<MapError>) {
    let (mapping, arch) = (&plan.mapping, &plan.arch);
    let banks = arch.banks;
    let words = plan.tile.words;
    let need = (mapping.tiles * words).div_ceil(BANK_LINES * LANES);
    let have = mapping.ifmap_banks;
    if need > have {
        let tiles = if mapping.tiles == 1 { "1 tile".into() } else { format!("{} tiles", mapping.tiles) };
        let lower = "`tiles`, `n`, `e`, `q`, `r` or `windows`";
        found.push(MapError::IfmapBanks { tiles, words, need, have, banks, lower });
    }
    // More areas than a semaphore counts are another limit's matter.
    if plan.psum.areas < plan.chunk && plan.chunk <= MAX_AREAS {
        let (banks, m) = (banks - have, plan.chunk * mapping.pass_filters());
        let need = plan.chunk * plan.psum.lines * plan.psum.lane_rows;
        found.push(MapError::PsumBanks { m, need, have: banks * BANK_LINES, banks });
    }
}

/// What is bounded by a field of a command.
fn limits(plan: &Plan, found: &mut Vec<MapError>) {
    let mapping = &plan.mapping;
    let mut limit = |what, value: usize, max: u64, remedy| {
        if value as u64 > max {
            found.push(MapError::Limit { what, value: value as u64, max, remedy });
        }
    };
    let top = |field: Field| field.mask();
    limit("the filter groups whose psums stay in the buffer", plan.chunk, MAX_AREAS as u64, "lower `m`");
    let rows = plan.pass_rows() - 1;
    limit("the last row of an ifmap tile", rows, top(table::STREAM_H), "lower `e` or `filter_rows`");
    limit(
        "the last channel of an ifmap tile",
        plan.tile.channels - 1,
        top(table::STREAM_C),
        "lower `q`, `r` or `groups`",
    );
    let offset = plan.tile.channels * plan.tile.channel_stride + rows * plan.tile.width;
    limit("an ifmap stream's offset", offset, top(table::STREAM_OFFSET), "lower `q`, `r`, `e` or `windows`");
    limit(
        "a psum source's offset",
        plan.psum.lane_rows * plan.psum.row_stride,
        top(table::SOURCE_OFFSET),
        "lower `e`, `t_rows`, `t_cols` or `windows`",
    );
    let entries = table::COUNT.mask();
    limit("the number of ifmap streams", plan.streams(), entries, "lower `e`, `r` or `groups`");
    limit("the number of ofmap rows of a pass", mapping.e * mapping.t(), entries, "lower `e`, `t_rows` or `t_cols`");
    limit(
        "the width of an ifmap tile",
        plan.tile.width,
        MAX_COLS as u64,
        "lower `windows`, with `tile_cols` not \"whole\"",
    );
    limit("the columns that a row's windows span", plan.span_cols(mapping.windows), MAX_COLS as u64, "lower `windows`");
    let remedy = "the program would be over 1 GiB: build with more PEs (`--pes`) or larger spads (`--ifmap-spad`, \
                  `--filter-spad`, `--psum-spad`), or split the layer";
    limit("the number of passes", plan.passes(), MAX_PASSES as u64, remedy);
}
