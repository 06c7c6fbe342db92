//! The options for the limits on documents, such as `--max-bytes`. Users lower them for untrusted documents and raise
//! them for very large ones.

use clientwright::source::Limits;

/// The arguments about limits, for all commands that read documents.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArguments {
    /// Maximum total size of a document and the files that it refers to, in bytes [default: 67108864]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_bytes: Option<usize>,

    /// Maximum nesting depth of arrays and objects; cannot exceed 512 [default: 128]
    #[arg(long, hide_short_help = true, value_name = "N", value_parser = depth)]
    max_depth: Option<usize>,

    /// Maximum number of values in a document, including the copies made by YAML aliases [default: 2000000]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_values: Option<usize>,

    /// Maximum length of a property name in bytes [default: 4096]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_name: Option<usize>,

    /// Maximum number of file names in the `$ref`s of a document and its files [default: 10000]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_files: Option<usize>,

    /// Maximum number of digits of a hexadecimal or octal number in YAML [default: 1024]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_digits: Option<usize>,

    /// Maximum total number of component schemas, properties, enum values and variants, after allOf, oneOf and anyOf
    /// are expanded [default: 400000]
    #[arg(long, hide_short_help = true, value_name = "N")]
    max_items: Option<usize>,
}

impl LimitArguments {
    /// Returns the limits. Uses the value in `defaults` for each omitted option.
    pub fn limits(&self, defaults: Limits) -> Limits {
        Limits {
            bytes: self.max_bytes.unwrap_or(defaults.bytes),
            depth: self.max_depth.unwrap_or(defaults.depth),
            values: self.max_values.unwrap_or(defaults.values),
            name: self.max_name.unwrap_or(defaults.name),
            files: self.max_files.unwrap_or(defaults.files),
            digits: self.max_digits.unwrap_or(defaults.digits),
            items: self.max_items.unwrap_or(defaults.items),
        }
    }
}

fn depth(text: &str) -> Result<usize, String> {
    let depth = text.parse().map_err(|_| "the depth must be a non-negative integer".to_owned())?;
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
        let Limits { bytes, depth, values, name, files, digits, items } = Limits::default();
        let defaults = [
            ("bytes", bytes),
            ("depth", depth),
            ("values", values),
            ("name", name),
            ("files", files),
            ("digits", digits),
            ("items", items),
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
