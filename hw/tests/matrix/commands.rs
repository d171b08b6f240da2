//! What the command unit of an accelerator whose array multiplies by a matrix takes.

use crate::convolution::{arch, engines, planes};
use hw::arch::Arch;
use hw::matrix::command::{layer, pass};
use hw::program::{op, table, Field, COMMAND_WORDS, FLAGS, OPCODE};
use hw::rtl::prelude::*;
use hw::shell::command_check::CommandCheck;
use hw::Dataflow;

fn command(opcode: u64, fields: &[(Field, u64)]) -> [u64; COMMAND_WORDS] {
    let mut command = [0; COMMAND_WORDS];
    OPCODE.set(&mut command, opcode);
    fields.iter().for_each(|(field, value)| field.set(&mut command, *value));
    command
}

/// Whether a command that is not its program's last fits what was built.
fn fits(arch: &Arch, command: &[u64]) -> bool {
    let mut uut = CommandCheck::new(arch);
    uut.connect_all();
    tick!(uut, true);
    uut.target.next = (table::TARGET.get(command) as usize).into();
    uut.count.next = (table::COUNT.get(command) as usize).into();
    for (place, word) in command.iter().enumerate() {
        uut.take.next = true.into();
        uut.place.next = place.into();
        if place > 0 {
            uut.opcode.next = (OPCODE.get(command) as usize).into();
            uut.flags.next = (FLAGS.get(command) as usize).into();
        }
        tick!(uut);
        uut.word.next = Word::new(*word as i128, 64, false);
    }
    // The last word is looked at in the cycle after it came.
    uut.take.next = false.into();
    uut.place.next = 0.into();
    tick!(uut);
    uut.fits.val().any()
}

#[test]
fn fields_are_taken_at_their_limits_and_refused_beyond() {
    let arch = arch(Dataflow::Ws, 3, 5, 8, 16, 40, true);
    let good_layer = [(layer::FILTERS, 1), (layer::PSUM_FILTER_STRIDE, 1)];
    let good_pass = [(pass::C_VALID, 1)];
    let limits = [
        (op::LAYER, layer::FILTERS, 1, 5),
        (op::LAYER, layer::PSUM_FILTER_STRIDE, 1, 40),
        (op::LAYER, layer::WINDOWS_M1, 0, 4095),
        (op::LAYER, layer::IMAGES_M1, 0, 255),
        (op::LAYER, layer::ROWS_M1, 0, 63),
        (op::LAYER, layer::PSUM_SHIFT, 0, 15),
        (op::LAYER, layer::FILTER_ROWS_M1, 0, 65535),
        (op::PASS, pass::C_VALID, 1, 65535),
        (op::PASS, pass::ROWS, 0, 65535),
    ];
    for (opcode, field, least, most) in limits {
        let good = if opcode == op::LAYER { &good_layer[..] } else { &good_pass[..] };
        let with = |value| fits(&arch, &command(opcode, &[good, &[(field, value)]].concat()));
        assert!(with(least) && with(most), "{field:?}");
        assert!(least == 0 || !with(least - 1), "{field:?} below {least}");
        assert!(most == field.mask() || !with(most + 1), "{field:?} above {most}");
    }
}

/// A phase of no taps would never end.
#[test]
fn convolution_engines_refuse_phases_of_no_taps() {
    let arch = engines(3, 1, 5, 8, 16, true);
    let fields = [layer::LONG_PHASES_H, layer::PHASE_TAPS_H, layer::LONG_PHASES_W, layer::PHASE_TAPS_W];
    let good: Vec<(Field, u64)> =
        fields.into_iter().chain([layer::FILTERS, layer::PSUM_FILTER_STRIDE]).map(|field| (field, 1)).collect();
    assert!(fits(&arch, &command(op::LAYER, &good)));
    for field in fields {
        assert!(!fits(&arch, &command(op::LAYER, &[&good[..], &[(field, 0)]].concat())), "{field:?}");
        assert!(fits(&arch, &command(op::LAYER, &[&good[..], &[(field, 65535)]].concat())), "{field:?}");
    }
}

/// Columns hold every so manieth window of a tile, which has as many more psums; a pass has one filter.
#[test]
fn arrays_of_one_plane_have_limits_of_their_own() {
    let arch = planes(2, 5, 2, 8, 16, true);
    let good_layer: Vec<(Field, u64)> = [
        layer::FILTERS,
        layer::PSUM_FILTER_STRIDE,
        layer::LAST_ROWS,
        layer::LAST_COLS,
        layer::LONG_PHASES_W,
        layer::PHASE_TAPS_W,
    ]
    .map(|field| (field, 1))
    .into();
    let good_pass = vec![(pass::C_VALID, 1), (pass::WEIGHT_LINES, 1)];
    let limits = [
        (op::LAYER, layer::FILTERS, 1, 1),
        (op::LAYER, layer::PSUM_FILTER_STRIDE, 1, 5 * 64),
        (op::LAYER, layer::LAST_ROWS, 1, 2),
        (op::LAYER, layer::LAST_COLS, 1, 5),
        (op::LAYER, layer::TAILS, 0, 16),
        (op::LAYER, layer::FETCHES_M1, 0, 4),
        (op::LAYER, layer::LONG_PHASES_W, 1, 65535),
        (op::LAYER, layer::PHASE_TAPS_W, 1, 65535),
        (op::PASS, pass::WEIGHT_LINES, 1, 65535),
    ];
    for (opcode, field, least, most) in limits {
        let good = if opcode == op::LAYER { &good_layer } else { &good_pass };
        let with = |value| fits(&arch, &command(opcode, &[&good[..], &[(field, value)]].concat()));
        assert!(with(least) && with(most), "{field:?}");
        assert!(least == 0 || !with(least - 1), "{field:?} below {least}");
        assert!(most == field.mask() || !with(most + 1), "{field:?} above {most}");
    }
}

#[test]
fn the_store_unit_s_table_is_the_only_one() {
    let arch = arch(Dataflow::Nlr, 3, 5, 8, 16, 40, true);
    let rows = (arch.psum_lanes * hw::arch::TILE_ROWS) as u64;
    let with = |target, count| fits(&arch, &command(op::TABLE, &[(table::TARGET, target), (table::COUNT, count)]));
    assert!(with(table::STORE, 1) && with(table::STORE, rows));
    assert!(!with(table::STORE, 0) && !with(table::STORE, rows + 1));
    for target in [table::CHAIN, table::IFMAP, 3, table::PSUM, table::PSUM + 1] {
        assert!(!with(target, 1), "table {target}");
    }
}
