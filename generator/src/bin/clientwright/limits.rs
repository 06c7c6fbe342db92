//! The options that change the limits of documents: lower for untrusted documents, higher for very large ones.

use clientwright::source::Limits;

/// The arguments of all commands that read documents.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArguments {
    /// Total size of a document and the files it refers to, in bytes [default: 67108864]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_bytes: Option<usize>,

    /// Nesting depth of arrays and objects; at most 512 [default: 128]
    #[arg(long, hide_short_help = true, value_name = "N", value_parser = depth)]
    max_depth: Option<usize>,

    /// Values in a document, including the copies made by YAML aliases [default: 2000000]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_values: Option<usize>,

    /// Length of a property name in bytes [default: 4096]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_name: Option<usize>,

    /// File names that a document refers to [default: 10000]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_files: Option<usize>,

    /// Digits of a hexadecimal or octal number in YAML [default: 1024]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_digits: Option<usize>,

    /// Component schemas, properties, enum values and variants, with allOf, oneOf and anyOf expanded [default: 400000]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_members: Option<usize>,
}

impl LimitArguments {
    /// Returns the limits: those of the arguments, or those of `defaults`.
    pub fn limits(&self, defaults: Limits) -> Limits {
        Limits {
            bytes: self.max_bytes.unwrap_or(defaults.bytes),
            depth: self.max_depth.unwrap_or(defaults.depth),
            values: self.max_values.unwrap_or(defaults.values),
            name: self.max_name.unwrap_or(defaults.name),
            files: self.max_files.unwrap_or(defaults.files),
            digits: self.max_digits.unwrap_or(defaults.digits),
            members: self.max_members.unwrap_or(defaults.members),
        }
    }
}

fn depth(text: &str) -> Result<usize, String> {
    let depth = text.parse().map_err(|_| "this is not a number".to_owned())?;
    let max = Limits::MAX_DEPTH;
    if depth > max { Err(format!("the maximum depth is {max}")) } else { Ok(depth) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn help_shows_default_limits() {
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
