//! The accelerator as a LiteX module.

use crate::generate::TOP;
use crate::output::OutputFile;
use askama::Template;
use hw::registers::PAGE_BYTES;
use hw::rtl::prelude::address_bits;
use hw::{Arch, LinkClock};

#[derive(Template)]
#[template(path = "litex.py", escape = "none")]
struct Wrapper<'a> {
    design: &'a str,
    top: &'a str,
    register_bits: usize,
    link_width: usize,
    is_async: bool,
}

/// `litex/tessera.py`.
pub fn litex(design: &str, arch: &Arch) -> Result<OutputFile, askama::Error> {
    let wrapper = Wrapper {
        design,
        top: TOP,
        register_bits: address_bits(PAGE_BYTES),
        link_width: arch.link_width,
        is_async: arch.link_clock == LinkClock::Async,
    };
    Ok(OutputFile { path: format!("litex/{TOP}.py"), text: wrapper.render()? })
}
