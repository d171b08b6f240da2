use super::HostError;

/// What memory holds that nobody has written: not zero, so that a missing write shows.
pub const UNWRITTEN: u8 = 0xa5;

/// Regions begin at multiples of this many bytes and are this many bytes apart at least.
const PAGE: u64 = 4096;

/// A read may run this far past the end of a region's last block of as many bytes: links move whole beats.
const READ_GRAIN: usize = 64;

/// Where the first region lies: past 4 GiB, so that the upper half of an address matters.
const FIRST: u64 = 0x1_0000_0000;

/// What the accelerator may do in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It may read.
    Read,
    /// It may read and write.
    ReadWrite,
}

#[derive(Clone, Debug)]
struct Region {
    name: String,
    address: u64,
    /// Bytes that were asked for; `bytes` is longer by what a read may touch.
    len: usize,
    bytes: Vec<u8>,
    access: Access,
}

impl Region {
    fn end(&self) -> u64 {
        self.address + self.bytes.len() as u64
    }
}

/// A memory of named regions; the accelerator may touch nothing else.
#[derive(Clone, Debug, Default)]
pub struct Dram {
    /// By address.
    regions: Vec<Region>,
}

/// A place in a [`Dram`] that is known to exist.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    region: usize,
    offset: usize,
}

impl Place {
    pub fn advance(&mut self, bytes: usize) {
        self.offset += bytes;
    }
}

impl Dram {
    /// A memory without regions.
    pub fn new() -> Dram {
        Dram::default()
    }

    /// A new region of `len` bytes past all others; its address is a multiple of 4096.
    pub fn allocate(&mut self, name: &str, len: usize, access: Access) -> u64 {
        let address = self.regions.last().map_or(FIRST, |r| (r.end() + PAGE).next_multiple_of(PAGE));
        self.regions.push(Region::new(name, address, len, access));
        address
    }

    /// A new region of `len` bytes at `address`.
    pub fn place(&mut self, name: &str, address: u64, len: usize, access: Access) -> Result<(), HostError> {
        let region = Region::new(name, address, len, access);
        let at = self.regions.partition_point(|r| r.address < address);
        let before = at.checked_sub(1).map(|i| &self.regions[i]).filter(|r| r.end() > address);
        let after = self.regions.get(at).filter(|r| r.address < region.end());
        if let Some(other) = before.or(after) {
            return Err(HostError::Overlap { name: name.into(), address, other: other.name.clone() });
        }
        self.regions.insert(at, region);
        Ok(())
    }

    /// Address of the first byte, and all bytes from there to the end of the last region; 0 where no region is.
    pub fn image(&self) -> (u64, Vec<u8>) {
        let base = self.regions.first().map_or(0, |region| region.address);
        let mut bytes = Vec::new();
        for region in &self.regions {
            bytes.resize((region.address - base) as usize, 0);
            bytes.extend_from_slice(&region.bytes[..region.len]);
        }
        (base, bytes)
    }

    /// The `len` bytes at `address`.
    pub fn read(&self, address: u64, len: usize) -> Result<&[u8], HostError> {
        let place = self.find(address, len).filter(|p| p.offset + len <= self.regions[p.region].len);
        place.map(|p| self.bytes(p, len)).ok_or_else(|| self.no_region(address, len))
    }

    /// Writes `bytes` at `address`, in a region of either kind.
    pub fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), HostError> {
        let place = self.find(address, bytes.len()).filter(|p| p.offset + bytes.len() <= self.regions[p.region].len);
        let Some(Place { region, offset }) = place else {
            return Err(self.no_region(address, bytes.len()));
        };
        self.regions[region].bytes[offset..offset + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    /// Where the `len` bytes at `address` are, if one region holds them all; they may run into its padding.
    pub(super) fn find(&self, address: u64, len: usize) -> Option<Place> {
        let region = self.regions.partition_point(|r| r.address <= address).checked_sub(1)?;
        let offset = (address - self.regions[region].address) as usize;
        (offset + len <= self.regions[region].bytes.len()).then_some(Place { region, offset })
    }

    /// The `len` bytes at `place`.
    #[inline]
    pub(super) fn bytes(&self, place: Place, len: usize) -> &[u8] {
        &self.regions[place.region].bytes[place.offset..place.offset + len]
    }

    /// Writes those bytes of `data` whose strobe bit is set, or says why that is not allowed.
    #[inline]
    pub(super) fn store(&mut self, place: Place, data: &[u8], strobes: u32) -> Result<(), String> {
        let region = &mut self.regions[place.region];
        if region.access != Access::ReadWrite {
            return Err(format!("region `{}` is for reading", region.name));
        }
        let last = (u32::BITS - strobes.leading_zeros()) as usize;
        if place.offset + last > region.len {
            return Err(format!("region `{}` ends at {:#x}", region.name, region.address + region.len as u64));
        }
        let target = &mut region.bytes[place.offset..];
        for (i, byte) in data.iter().enumerate() {
            if strobes >> i & 1 == 1 {
                target[i] = *byte;
            }
        }
        Ok(())
    }

    /// The regions there are, for messages.
    pub(super) fn describe(&self) -> String {
        let one = |r: &Region| format!("`{}` {:#x}..{:#x}", r.name, r.address, r.address + r.len as u64);
        match self.regions.is_empty() {
            true => "there are no regions".into(),
            false => format!("regions: {}", self.regions.iter().map(one).collect::<Vec<_>>().join(", ")),
        }
    }

    fn no_region(&self, address: u64, bytes: usize) -> HostError {
        HostError::NoRegion { address, bytes, regions: self.describe() }
    }
}

impl Region {
    fn new(name: &str, address: u64, len: usize, access: Access) -> Region {
        let bytes = vec![UNWRITTEN; len.next_multiple_of(READ_GRAIN)];
        Region { name: name.into(), address, len, bytes, access }
    }
}
