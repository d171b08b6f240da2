use super::{Host, HostError, Response};
use crate::engine::{Engine, EngineError, Pin};

/// Cycles for which the host waits for the answer to a register access.
const PATIENCE: u64 = 10_000;

const B: &str = "s_axil_b";
const R: &str = "s_axil_r";

/// The pins of the host's AXI4-Lite port.
pub(super) struct LitePins {
    awaddr: Pin,
    awvalid: Pin,
    awready: Pin,
    wdata: Pin,
    wstrb: Pin,
    wvalid: Pin,
    wready: Pin,
    bresp: Pin,
    bvalid: Pin,
    bready: Pin,
    araddr: Pin,
    arvalid: Pin,
    arready: Pin,
    rdata: Pin,
    rresp: Pin,
    rvalid: Pin,
    rready: Pin,
}

impl LitePins {
    pub fn new(engine: &impl Engine) -> Result<Self, EngineError> {
        let pin = |signal: &str| engine.pin(&format!("s_axil_{signal}"));
        Ok(LitePins {
            awaddr: pin("awaddr")?,
            awvalid: pin("awvalid")?,
            awready: pin("awready")?,
            wdata: pin("wdata")?,
            wstrb: pin("wstrb")?,
            wvalid: pin("wvalid")?,
            wready: pin("wready")?,
            bresp: pin("bresp")?,
            bvalid: pin("bvalid")?,
            bready: pin("bready")?,
            araddr: pin("araddr")?,
            arvalid: pin("arvalid")?,
            arready: pin("arready")?,
            rdata: pin("rdata")?,
            rresp: pin("rresp")?,
            rvalid: pin("rvalid")?,
            rready: pin("rready")?,
        })
    }

    /// Asks for nothing.
    pub fn idle(&self, engine: &mut impl Engine) {
        for pin in [self.awvalid, self.wvalid, self.bready, self.arvalid, self.rready] {
            engine.set(pin, 0);
        }
    }
}

/// A `valid` of the host's that rises after a delay and falls once its payload has moved.
struct Sender {
    valid: Pin,
    ready: Pin,
    delay: u64,
    sent: bool,
}

impl Sender {
    /// Sets `valid` for this cycle.
    fn offer(&mut self, engine: &mut impl Engine) {
        engine.set(self.valid, (!self.sent && self.delay == 0) as u128);
        self.delay = self.delay.saturating_sub(1);
    }

    /// With everything settled: notes whether the payload moves at the end of this cycle.
    fn observe(&mut self, engine: &impl Engine) {
        self.sent |= engine.get(self.valid) != 0 && engine.get(self.ready) != 0;
    }
}

impl<E: Engine> Host<E> {
    /// Writes a register.
    pub fn write_register(&mut self, offset: u32, value: u32) -> Result<(), HostError> {
        match self.try_write_register(offset, value, 0xf)? {
            Response::Okay => Ok(()),
            response => Err(HostError::Register { access: "write", offset, response }),
        }
    }

    /// Reads a register.
    pub fn read_register(&mut self, offset: u32) -> Result<u32, HostError> {
        match self.try_read_register(offset)? {
            (Response::Okay, value) => Ok(value),
            (response, _) => Err(HostError::Register { access: "read", offset, response }),
        }
    }

    /// Writes those bytes of a register whose strobe bit is set, whatever the answer.
    pub fn try_write_register(&mut self, offset: u32, value: u32, strobes: u32) -> Result<Response, HostError> {
        let delays = [self.jitter.up_to(3), self.jitter.up_to(3)];
        let pins = &self.lite;
        let (bresp, bvalid, bready) = (pins.bresp, pins.bvalid, pins.bready);
        let mut address = Sender { valid: pins.awvalid, ready: pins.awready, delay: delays[0], sent: false };
        let mut data = Sender { valid: pins.wvalid, ready: pins.wready, delay: delays[1], sent: false };
        self.engine.set(pins.awaddr, offset.into());
        self.engine.set(pins.wdata, value.into());
        self.engine.set(pins.wstrb, strobes.into());
        let mut held = None;
        for _ in 0..PATIENCE {
            let (was_sent, is_ready) = (address.sent && data.sent, self.jitter.up_to(3) == 0);
            self.engine.set(bready, is_ready as u128);
            address.offer(&mut self.engine);
            data.offer(&mut self.engine);
            self.engine.settle()?;
            address.observe(&self.engine);
            data.observe(&self.engine);
            let answer = self.answer(B, was_sent, &mut held, is_ready, |engine| engine.get(bresp), bvalid)?;
            self.cycle()?;
            if let Some(bits) = answer {
                self.engine.set(bready, 0);
                return Ok(Response::from_bits(bits));
            }
        }
        Err(HostError::NoAnswer { cycle: self.engine.cycles(), access: "write", offset, waited: PATIENCE })
    }

    /// Reads a register, whatever the answer.
    pub fn try_read_register(&mut self, offset: u32) -> Result<(Response, u32), HostError> {
        let pins = &self.lite;
        let (rdata, rresp, rvalid, rready) = (pins.rdata, pins.rresp, pins.rvalid, pins.rready);
        let delay = self.jitter.up_to(3);
        let mut address = Sender { valid: pins.arvalid, ready: pins.arready, delay, sent: false };
        self.engine.set(pins.araddr, offset.into());
        let mut held = None;
        for _ in 0..PATIENCE {
            let is_ready = self.jitter.up_to(3) == 0;
            self.engine.set(rready, is_ready as u128);
            let was_sent = address.sent;
            address.offer(&mut self.engine);
            self.engine.settle()?;
            address.observe(&self.engine);
            let payload = |engine: &E| engine.get(rresp) << 32 | engine.get(rdata);
            let answer = self.answer(R, was_sent, &mut held, is_ready, payload, rvalid)?;
            self.cycle()?;
            if let Some(bits) = answer {
                self.engine.set(rready, 0);
                return Ok((Response::from_bits(bits >> 32), bits as u32));
            }
        }
        Err(HostError::NoAnswer { cycle: self.engine.cycles(), access: "read", offset, waited: PATIENCE })
    }

    /// Looks at an answering channel: the payload, if it moves at the end of this cycle.
    fn answer(
        &self,
        channel: &'static str,
        is_due: bool,
        held: &mut Option<u128>,
        is_ready: bool,
        payload: impl Fn(&E) -> u128,
        valid: Pin,
    ) -> Result<Option<u128>, HostError> {
        let broken = |rule: String| HostError::Protocol { cycle: self.engine.cycles(), channel, rule };
        if self.engine.get(valid) == 0 {
            return match held {
                Some(_) => Err(broken("valid fell before ready came".into())),
                None => Ok(None),
            };
        }
        if !is_due {
            return Err(broken("an answer that nothing has asked for".into()));
        }
        let now = payload(&self.engine);
        if let Some(held) = held.filter(|held| *held != now) {
            return Err(broken(format!("the payload changed before ready came: {held:#x}, {now:#x}")));
        }
        *held = Some(now);
        Ok(is_ready.then_some(now))
    }
}
