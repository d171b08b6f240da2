//! Constraints: SDC, Vivado's XDC, and nextpnr's LPF (ECP5) and PCF (iCE40), of the clock, and of the link's if it has its own.

use crate::generate::TOP;
use crate::output::OutputFile;
use askama::Template;

/// The period that is asked for.
pub(super) const PERIOD_NS: f64 = 10.0;

#[derive(Template)]
#[template(path = "tessera.sdc", escape = "none")]
struct Sdc<'a> {
    design: &'a str,
    period: f64,
    is_async: bool,
}

#[derive(Template)]
#[template(path = "tessera.xdc", escape = "none")]
struct Xdc<'a> {
    design: &'a str,
    period: f64,
    is_async: bool,
}

#[derive(Template)]
#[template(path = "tessera.lpf", escape = "none")]
struct Lpf<'a> {
    design: &'a str,
    mhz: f64,
    is_async: bool,
}

#[derive(Template)]
#[template(path = "tessera.pcf", escape = "none")]
struct Pcf<'a> {
    design: &'a str,
    mhz: f64,
    is_async: bool,
}

/// `constraints/tessera.sdc`, which comes first, `.xdc`, `.lpf` and `.pcf`.
pub fn constraints(design: &str, is_async: bool) -> Result<[OutputFile; 4], askama::Error> {
    let (period, mhz) = (PERIOD_NS, 1000.0 / PERIOD_NS);
    let file = |kind: &str, text| OutputFile { path: format!("constraints/{TOP}.{kind}"), text };
    Ok([
        file("sdc", Sdc { design, period, is_async }.render()?),
        file("xdc", Xdc { design, period, is_async }.render()?),
        file("lpf", Lpf { design, mhz, is_async }.render()?),
        file("pcf", Pcf { design, mhz, is_async }.render()?),
    ])
}
