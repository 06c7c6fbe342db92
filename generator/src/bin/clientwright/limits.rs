//! What a document may ask for, as arguments: for documents of strangers less, for honest ones that are huge more.

use clientwright::source::Limits;

/// The arguments that all commands with documents take.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct Limited {
    /// Bytes of a document, all its files together [default: 67108864]
    #[arg(long, value_name = "N")]
    max_bytes: Option<usize>,

    /// How deeply arrays and objects nest, 512 at most [default: 128]
    #[arg(long, value_name = "N", value_parser = depth)]
    max_depth: Option<usize>,

    /// Values of a document, those included that YAML's aliases copy [default: 2000000]
    #[arg(long, value_name = "N")]
    max_values: Option<usize>,

    /// Bytes of the name of a member [default: 4096]
    #[arg(long, value_name = "N")]
    max_name: Option<usize>,

    /// Names of other files that are looked for [default: 10000]
    #[arg(long, value_name = "N")]
    max_files: Option<usize>,

    /// Digits of a hexadecimal or octal number of YAML [default: 1024]
    #[arg(long, value_name = "N")]
    max_digits: Option<usize>,

    /// Component schemas, properties, enum values and alternatives together, with those that allOf, oneOf and anyOf bring together [default: 400000]
    #[arg(long, value_name = "N")]
    max_members: Option<usize>,
}

impl Limited {
    /// The limits: `otherwise` where no argument sets them.
    pub fn limits(&self, otherwise: Limits) -> Limits {
        Limits {
            bytes: self.max_bytes.unwrap_or(otherwise.bytes),
            depth: self.max_depth.unwrap_or(otherwise.depth),
            values: self.max_values.unwrap_or(otherwise.values),
            name: self.max_name.unwrap_or(otherwise.name),
            files: self.max_files.unwrap_or(otherwise.files),
            digits: self.max_digits.unwrap_or(otherwise.digits),
            members: self.max_members.unwrap_or(otherwise.members),
        }
    }
}

fn depth(text: &str) -> Result<usize, String> {
    let depth = text.parse().map_err(|_| "not a number".to_owned())?;
    let deepest = Limits::MAX_DEPTH;
    if depth > deepest { Err(format!("no document may nest more than {deepest} deep")) } else { Ok(depth) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_help_tells_the_limits_there_are() {
        let command = crate::Arguments::command();
        let Limits { bytes, depth, values, name, files, digits, members } = Limits::default();
        let defaults = [
            ("bytes", bytes),
            ("depth", depth),
            ("values", values),
            ("name", name),
            ("files", files),
            ("digits", digits),
            ("members", members),
        ];
        for command in ["generate", "lint"].map(|name| command.find_subcommand(name).unwrap()) {
            for (limit, default) in defaults {
                let argument =
                    command.get_arguments().find(|one| one.get_id().as_str() == format!("max_{limit}")).unwrap();
                let help = argument.get_help().unwrap().to_string();
                assert!(help.ends_with(&format!("[default: {default}]")), "{limit}: {help}");
            }
        }
    }
}
