//! A share of the campaign (`sim campaign`), and its draws one by one.

use gen::mapper::Compression;
use hw::rlc::Format;
use sim::campaign::{failure, run, Options, Record, Summary};
use sim::machine::EngineKind;

/// Runs a campaign; every draw must come out as it should.
#[track_caller]
fn good(options: &Options) -> Vec<Record> {
    let cache = tempfile::tempdir().unwrap();
    let records = run(options, 2, cache.path(), |_| ()).unwrap();
    let fault = |record: &Record| record.outcome.fault().map(|fault| failure(options, record, fault));
    let faults: Vec<String> = records.iter().filter_map(fault).collect();
    assert!(Summary::of(&records).is_good() && faults.is_empty(), "{}", faults.join("\n"));
    records
}

const SHARE: Options =
    Options { seed: 4, draws: 24, layers: 12, macs: 100_000, side: 4, engine: EngineKind::Verilator, only: None };

/// Every layer of the share is small enough to be run whole in the mapper's twin of the hardware: predictions are exact to the cycle.
#[test]
fn a_share_in_verilator_is_equal_or_rightly_refused_and_takes_the_cycles_that_were_predicted() {
    let records = good(&SHARE);
    assert_eq!(records.len(), 24);
    let off: Vec<_> =
        records.iter().filter_map(|r| Some((r.draw, r.cycle_error()?))).filter(|(_, error)| *error != 0.0).collect();
    assert!(off.is_empty(), "draws with wrong cycles, and by what share they are predicted too high: {off:?}");
    let predicted = records.iter().filter(|record| record.cycle_error().is_some()).count();
    assert!(predicted >= 6, "{predicted} predictions");
    // Those of compressed feature maps are held against the counter draw by draw.
    let compressed = |record: &&Record| record.layer.as_ref().is_some_and(|l| l.is_compressed && l.jitter.is_none());
    let compressed = records.iter().filter(compressed).count();
    assert!(compressed >= 2, "{compressed} compressed layers on regular memories");
    let format = |compression: Compression| [compression.ifmap, compression.ofmap];
    let masked = |record: &&Record| {
        record.layer.as_ref().is_some_and(|l| l.is_compressed && format(l.compression).contains(&Some(Format::Masks)))
    };
    let masked = records.iter().filter(masked).count();
    assert!(masked >= 2, "{masked} layers with masks");
}

#[test]
fn a_share_in_the_builtin_engine_is_equal_or_rightly_refused_and_a_draw_alone_is_the_same() {
    let options = Options { draws: 6, layers: 3, macs: 1000, side: 2, engine: EngineKind::Builtin, ..SHARE };
    let records = good(&options);
    let text = |records: &[Record]| serde_json::to_string(records).unwrap();
    let alone = good(&Options { only: Some(4), ..options });
    assert_eq!(text(&alone), text(&records[4..5]));
}
