use super::args::ImageArgs;
use crate::image::{image, IMAGE};
use crate::machine::Work;
use anyhow::{bail, Context};
use gen::console::say;
use gen::output::replace_kind;

/// `sim image`
pub fn run(args: &ImageArgs) -> anyhow::Result<()> {
    let design = args.design.design()?;
    let arch = &design.arch;
    let numerics = args.number.numerics(arch)?;
    let (name, shape, tensors) = args.data.layer(&args.shape, &numerics)?;
    let output = args.number.output(&shape)?;
    let goal = args.mapper.goal(&args.memory.timing(&args.design, arch)?.link(arch.link_clock), output.bytes(arch));
    let mapping = args.mapper.mappings()?.of(&name, &shape, arch, &goal)?.mapping();
    let work = Work {
        shape: &shape,
        mapping,
        numerics: &numerics,
        output: &output,
        tensors: &tensors,
        compression: Default::default(),
        reset_at: None,
    };
    let files = image(arch, &design.arguments(), &name, &work, args.base)?;
    let parts: Vec<_> = files.iter().map(|(path, content)| (*path, content.as_slice())).collect();
    replace_kind(&args.out, IMAGE, &parts)?;
    let Some((_, bytes)) = parts.iter().find(|(path, _)| *path == "memory.bin") else {
        bail!("an image without its memory");
    };
    let out = args.out.display();
    let text = format!(
        "{name}: {shape}\n  memory    {out}/memory.bin, {} bytes for address {:#x}\n  addresses {out}/image.json\n  \
         result    {out}/ofmap.npy\n",
        bytes.len(),
        args.base
    );
    say(&text).context("cannot write to the standard output")
}
