//! The pins of the AXI4 link, and the rules of a channel: what is valid stays until it is taken.

use super::HostError;
use crate::engine::{Engine, EngineError, Pin, Pinout};

pub(super) const AR: &str = "m_axi_ar";
pub(super) const AW: &str = "m_axi_aw";
pub(super) const W: &str = "m_axi_w";

/// Marks the outputs of an accelerator that mean something only while their channel's `valid` is high.
pub fn qualify(pinout: &mut Pinout) -> Result<(), EngineError> {
    let channels = [AR, AW, W, "s_axil_b", "s_axil_r"];
    for channel in channels {
        let valid = format!("{channel}valid");
        let is_payload = |n: &&String| n.starts_with(channel) && **n != valid && !n.ends_with("ready");
        let payloads: Vec<String> = pinout.ports().iter().map(|p| &p.name).filter(is_payload).cloned().collect();
        for payload in payloads {
            pinout.qualify(&payload, &valid)?;
        }
    }
    Ok(())
}

/// The pins of an address channel.
pub(super) struct AddressPins {
    pub name: &'static str,
    pub valid: Pin,
    pub ready: Pin,
    pub address: Pin,
    pub len: Pin,
    pub size: Pin,
    pub burst: Pin,
}

impl AddressPins {
    pub fn new(engine: &impl Engine, name: &'static str) -> Result<Self, EngineError> {
        let pin = |signal: &str| engine.pin(&format!("{name}{signal}"));
        Ok(AddressPins {
            name,
            valid: pin("valid")?,
            ready: pin("ready")?,
            address: pin("addr")?,
            len: pin("len")?,
            size: pin("size")?,
            burst: pin("burst")?,
        })
    }
}

/// The pins of the data channels.
pub(super) struct DataPins {
    pub wvalid: Pin,
    pub wready: Pin,
    pub wdata: Pin,
    pub wstrb: Pin,
    pub wlast: Pin,
    pub bvalid: Pin,
    pub bready: Pin,
    pub bresp: Pin,
    pub rvalid: Pin,
    pub rready: Pin,
    pub rdata: Pin,
    pub rresp: Pin,
    pub rlast: Pin,
}

impl DataPins {
    pub fn new(engine: &impl Engine) -> Result<Self, EngineError> {
        let pin = |signal: &str| engine.pin(&format!("m_axi_{signal}"));
        Ok(DataPins {
            wvalid: pin("wvalid")?,
            wready: pin("wready")?,
            wdata: pin("wdata")?,
            wstrb: pin("wstrb")?,
            wlast: pin("wlast")?,
            bvalid: pin("bvalid")?,
            bready: pin("bready")?,
            bresp: pin("bresp")?,
            rvalid: pin("rvalid")?,
            rready: pin("rready")?,
            rdata: pin("rdata")?,
            rresp: pin("rresp")?,
            rlast: pin("rlast")?,
        })
    }
}

/// An address, as it stands on its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Burst {
    pub address: u64,
    pub len: u64,
    pub size: u64,
    pub kind: u64,
}
/// A data beat of the master's, as it stands on its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WriteBeat {
    pub data: u128,
    pub strobes: u32,
    pub last: bool,
}
/// Looks at an address channel with `valid` high, or high in the last cycle: the burst, if it is taken.
pub(super) fn observe_address(
    engine: &impl Engine,
    pins: &AddressPins,
    held: &mut Option<Burst>,
    ready: bool,
) -> Result<Option<Burst>, HostError> {
    if engine.get(pins.valid) == 0 {
        return Err(broken(engine, pins.name, "valid fell before ready came".into()));
    }
    let burst = Burst {
        address: engine.get(pins.address) as u64,
        len: engine.get(pins.len) as u64,
        size: engine.get(pins.size) as u64,
        kind: engine.get(pins.burst) as u64,
    };
    if let Some(held) = held.filter(|held| *held != burst) {
        let rule = format!("the payload changed before ready came: {held:x?}, {burst:x?}");
        return Err(broken(engine, pins.name, rule));
    }
    *held = (!ready).then_some(burst);
    Ok(ready.then_some(burst))
}

/// As [`observe_address`], of the write data channel: the beat, if it is taken.
pub(super) fn observe_write(
    engine: &impl Engine,
    pins: &DataPins,
    held: &mut Option<WriteBeat>,
    ready: bool,
) -> Result<Option<WriteBeat>, HostError> {
    if engine.get(pins.wvalid) == 0 {
        return Err(broken(engine, W, "valid fell before ready came".into()));
    }
    let beat = WriteBeat {
        data: engine.get(pins.wdata),
        strobes: engine.get(pins.wstrb) as u32,
        last: engine.get(pins.wlast) != 0,
    };
    if let Some(held) = held.filter(|held| *held != beat) {
        return Err(broken(engine, W, format!("the payload changed before ready came: {held:x?}, {beat:x?}")));
    }
    *held = (!ready).then_some(beat);
    Ok(ready.then_some(beat))
}

#[cold]
pub(super) fn broken(engine: &impl Engine, channel: &'static str, rule: String) -> HostError {
    HostError::Protocol { cycle: engine.cycles(), channel, rule }
}
