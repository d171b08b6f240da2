use std::io::{self, Write};

/// What rust-hdl's writer declares of a wire of an enum, whose values are names.
const OF_ENUM: &str = "$var wire 0 ";
/// The same for readers that take a wire's values for bits.
const OF_STRING: &str = "$var string 1 ";
/// The end of a waveform's declarations.
const END: &[u8] = b"$enddefinitions $end\n";

/// A waveform on its way to a file, in which wires of enums are declared as strings.
pub struct EnumsAsStrings<W: Write> {
    file: W,
    /// What has come of the declarations; none after their end.
    declarations: Option<Vec<u8>>,
}

impl<W: Write> EnumsAsStrings<W> {
    /// A waveform that goes to `file`.
    pub fn new(file: W) -> Self {
        EnumsAsStrings { file, declarations: Some(Vec::new()) }
    }
}

impl<W: Write> Write for EnumsAsStrings<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(declarations) = &mut self.declarations else { return self.file.write(bytes) };
        declarations.extend_from_slice(bytes);
        if declarations.ends_with(END) {
            let text = String::from_utf8_lossy(declarations).replace(OF_ENUM, OF_STRING);
            self.file.write_all(text.as_bytes())?;
            self.declarations = None;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_without_bits_is_a_string() {
        let mut file = Vec::new();
        let mut waveform = EnumsAsStrings::new(&mut file);
        for part in ["$var wire 0 ! state $end\n$var wi", "re 2 # d $end\n$enddefinitions", " $end\n", "sOn !\n"] {
            waveform.write_all(part.as_bytes()).unwrap();
        }
        let text = "$var string 1 ! state $end\n$var wire 2 # d $end\n$enddefinitions $end\nsOn !\n";
        assert_eq!(String::from_utf8(file).unwrap(), text);
    }
}
