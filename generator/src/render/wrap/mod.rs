//! Wraps the lines of formatted code as rustfmt does: at 100 columns, and earlier if the arguments of a call, a literal
//! or a chain of calls are long.
//!
//! prettyplease wraps at 89 columns, and only there. Statements for which no layout is known stay unchanged.

mod chain;
mod expression;
mod statement;

use chain::Chain;
use expression::{is_flat_allowed, layout, operands};
use statement::{Part, flat, indentation, joined, length, parsed, width};

/// The maximum width of a line.
const MAX_WIDTH: usize = 100;

/// The maximum width of the arguments of a call on one line, of the items of an array, and of a chain of calls.
const MAX_ITEMS: usize = 60;

/// The maximum width of the fields of a struct on one line.
const MAX_FIELDS: usize = 18;

/// The maximum width of the items of an array if several of them are on one line.
const MAX_SHORT_ITEM: usize = 10;

/// The number of spaces by which blocks and continued lines are indented.
const INDENT: usize = 4;

/// Wraps the lines of formatted code.
pub(super) fn wrapped(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = lines.as_slice();
    while let Some(line) = rest.first() {
        let wrapped = match_arm(rest).or_else(|| {
            let taken = length(rest)?;
            Some((taken, statement(rest.get(..taken)?)?))
        });
        // The lines inside of an unknown statement are wrapped separately.
        let (taken, text) = wrapped.unwrap_or_else(|| (1, (*line).to_owned()));
        out.push_str(&text);
        out.push('\n');
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// Returns a match arm without its block, if the block is not needed, and the number of lines of the arm.
fn match_arm(lines: &[&str]) -> Option<(usize, String)> {
    let (first, rest) = lines.split_first()?;
    let pattern = first.strip_suffix(" => {")?;
    let length = length(rest)?;
    let end = rest.get(length)?;
    if end.trim() != "}" || indentation(end) != indentation(first) {
        return None;
    }
    let expression = joined(rest.get(..length)?);
    if expression.ends_with([';', '{', ',']) {
        return None;
    }
    let parts = parsed(&expression)?;
    let one_line = flat(&parts);
    let arm = format!("{pattern} => {one_line},");
    if is_flat_allowed(&parts) {
        return (width(&arm) <= MAX_WIDTH).then_some((length + 2, arm));
    }
    let chain = Chain::new(&parts).filter(|chain| chain.count > 1)?;
    let wrapped = chain.layout(indentation(first), width(pattern) + 4, 1)?;
    Some((length + 2, format!("{pattern} => {wrapped},")))
}

/// Returns the lines of a statement. Returns `None` if no layout is known.
fn statement(lines: &[&str]) -> Option<String> {
    let indent = lines.first().map(|line| indentation(line))?;
    let text = joined(lines);
    if text.starts_with("use ") || text.starts_with("pub use ") {
        return imports(&text);
    }
    let parts = parsed(&text)?;
    let one_line = " ".repeat(indent) + &flat(&parts);
    let fits = width(&one_line) <= MAX_WIDTH;
    if is_signature(&text) {
        return if fits { Some(one_line) } else { signature(&parts, indent) };
    }
    if is_declaration(&text) {
        return if fits { Some(one_line) } else { declaration(&text, indent) };
    }
    let (parts, end) = without_end(parts);
    let is_header = end == " {";
    // Conditions with `let` are on one line only if there is a single one.
    let is_let_chain = is_header && text.contains("let ") && operands(&parts).len() > 1;
    if fits && !is_let_chain && (is_header || is_flat_allowed(&parts)) {
        return Some(one_line);
    }
    if is_header {
        return header(&parts, indent);
    }
    let wrapped = layout(&parts, indent, indent, width(end))?;
    Some(format!("{}{wrapped}{end}", " ".repeat(indent)))
}

/// Splits the end of a statement, which belongs to no expression.
fn without_end(mut parts: Vec<Part>) -> (Vec<Part>, &'static str) {
    let Some(Part::Text(text)) = parts.last_mut() else { return (parts, "") };
    let Some(end) = [";", ",", " {"].into_iter().find(|end| text.ends_with(end)) else { return (parts, "") };
    text.truncate(text.len() - end.len());
    if text.is_empty() {
        parts.pop();
    }
    (parts, end)
}

fn is_signature(text: &str) -> bool {
    let text = text.strip_prefix("pub(crate) ").or_else(|| text.strip_prefix("pub ")).unwrap_or(text);
    ["fn ", "async fn ", "const fn "].iter().any(|keyword| text.starts_with(keyword))
}

/// Returns whether a statement is the declaration of a field or type, or the beginning of an implementation. These
/// contain no expressions.
fn is_declaration(text: &str) -> bool {
    text.starts_with("pub ") && !text.contains(" = ")
        || ["type ", "pub type ", "impl"].iter().any(|keyword| text.starts_with(keyword))
}

/// Returns a declaration that is too long for one line.
fn declaration(text: &str, indent: usize) -> Option<String> {
    let (space, inner) = (" ".repeat(indent), " ".repeat(indent + INDENT));
    if let Some((before, after)) = text.strip_suffix(" {").and_then(|text| text.split_once(" for ")) {
        return Some(format!("{space}{before}\n{inner}for {after}\n{space}{{"));
    }
    let (name, ty) = text.split_once(" = ").map(|(name, ty)| (format!("{name} ="), ty)).or_else(|| {
        let (name, ty) = text.split_once(": ")?;
        Some((format!("{name}:"), ty))
    })?;
    (indent + INDENT + width(ty) <= MAX_WIDTH).then(|| format!("{space}{name}\n{inner}{ty}"))
}

/// Returns a `use` declaration, with as many names on each line as fit.
fn imports(text: &str) -> Option<String> {
    let Some((path, names)) = text.strip_suffix("};").and_then(|text| text.split_once('{')) else {
        return Some(text.to_owned());
    };
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let one_line = format!("{path}{{{}}};", names.join(", "));
    // rustfmt leaves two columns free.
    if width(&one_line) + 2 <= MAX_WIDTH {
        return Some(one_line);
    }
    Some(format!("{path}{{\n{}}};", filled(&names, INDENT)))
}

/// Returns lines with as many items as fit.
fn filled(items: &[impl AsRef<str>], indent: usize) -> String {
    let mut out = String::new();
    let mut line = " ".repeat(indent);
    for (index, item) in items.iter().enumerate() {
        let item = item.as_ref();
        // Only the comma after the last item may be in the last column.
        let max = if index + 1 == items.len() { MAX_WIDTH } else { MAX_WIDTH - 1 };
        let is_first = width(&line) == indent;
        if !is_first && width(&line) + 1 + width(item) + 1 > max {
            out.push_str(&line);
            out.push('\n');
            line.truncate(indent);
        } else if !is_first {
            line.push(' ');
        }
        line.push_str(item);
        line.push(',');
    }
    out + &line + "\n"
}

/// Returns the signature of a function with one parameter on each line.
fn signature(parts: &[Part], indent: usize) -> Option<String> {
    let (position, parameters) = parts.iter().enumerate().find_map(|(position, part)| match part {
        Part::Group('(', items) if position > 0 => Some((position, items)),
        _ => None,
    })?;
    let space = " ".repeat(indent);
    let mut out = format!("{space}{}(\n", flat(parts.get(..position)?));
    for parameter in parameters {
        let line = format!("{space}    {}", flat(parameter));
        let line = if width(&line) <= MAX_WIDTH { line } else { with_arguments_below(&line, indent + INDENT)? };
        out.push_str(&line);
        out.push_str(",\n");
    }
    let end = format!("{space}){}", flat(parts.get(position + 1..)?));
    (width(&end) <= MAX_WIDTH).then(|| out + &end)
}

/// Returns a parameter whose type has its generic arguments on a line of their own.
fn with_arguments_below(parameter: &str, indent: usize) -> Option<String> {
    let (before, arguments) = parameter.strip_suffix('>')?.split_once('<')?;
    let space = " ".repeat(indent);
    Some(format!("{before}<\n{space}    {arguments},\n{space}>"))
}

/// Returns the beginning of an `if` or of a match arm with a guard on several lines, including the `{`.
fn header(parts: &[Part], indent: usize) -> Option<String> {
    let (space, inner) = (" ".repeat(indent), " ".repeat(indent + INDENT));
    let (first, rest) = parts.split_first()?;
    let Part::Text(text) = first else { return None };
    let Some(condition) = text.strip_prefix("if ") else {
        let (pattern, guard) = guard(parts)?;
        let guard = layout(&guard, indent + INDENT, indent + INDENT + 3, 3)?;
        return Some(format!("{space}{pattern}\n{inner}if {guard} =>\n{space}{{"));
    };
    let condition: Vec<Part> = std::iter::once(Part::Text(condition.to_owned())).chain(rest.iter().cloned()).collect();
    let mut lines = Vec::new();
    for (operator, operand) in operands(&condition) {
        lines.push(match operator {
            "" => format!("{space}if {}", layout(&operand, indent, indent + 3, 0)?),
            operator => format!("{inner}{operator} {}", layout(&operand, indent + INDENT, indent + INDENT + 3, 0)?),
        });
    }
    Some(format!("{}\n{space}{{", lines.join("\n")))
}

/// Splits the beginning of a match arm into its pattern and its guard.
fn guard(parts: &[Part]) -> Option<(String, Vec<Part>)> {
    let mut guard = parts.to_vec();
    match guard.last_mut()? {
        Part::Text(text) => *text = text.strip_suffix(" =>")?.to_owned(),
        Part::Literal(_) | Part::Group(..) => return None,
    }
    guard.retain(|part| *part != Part::Text(String::new()));
    let (position, before, after) = guard.iter().enumerate().find_map(|(position, part)| match part {
        Part::Text(text) => {
            text.split_once(" if ").map(|(before, after)| (position, before.to_owned(), after.to_owned()))
        }
        Part::Literal(_) | Part::Group(..) => None,
    })?;
    let pattern = flat(guard.get(..position)?) + &before;
    let rest = guard.get(position + 1..)?.iter().cloned();
    Some((pattern, std::iter::once(Part::Text(after)).chain(rest).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected output is that of rustfmt.
    #[test]
    fn lines_are_wrapped_like_rustfmt() {
        for (text, expected) in [
            // Up to 100 columns.
            (
                "    pub fn certificate_field(\n        mut self,\n        certificate_field: impl Into<CertificateField>,\n    ) -> Self {\n        self\n    }\n",
                "    pub fn certificate_field(mut self, certificate_field: impl Into<CertificateField>) -> Self {\n        self\n    }\n",
            ),
            (
                "pub type Attributes = BTreeMap<\n    String,\n    Option<TicketRequestCustomAttributesValueOfTheVeryFirstTicket>,\n>;\n",
                "pub type Attributes =\n    BTreeMap<String, Option<TicketRequestCustomAttributesValueOfTheVeryFirstTicket>>;\n",
            ),
            // Fields of a struct.
            (
                "        Self { id, name: name.into() }\n",
                "        Self {\n            id,\n            name: name.into(),\n        }\n",
            ),
            ("        Create {\n            call,\n        }\n", "        Create { call }\n"),
            // Arguments and chains.
            (
                "        self.attachment_urls = Some(\n            attachment_urls.into_iter().map(Into::into).collect(),\n        );\n",
                "        self.attachment_urls = Some(attachment_urls.into_iter().map(Into::into).collect());\n",
            ),
            (
                "        labels: labels.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),\n",
                "        labels: labels\n            .into_iter()\n            .map(|(name, value)| (name.into(), value.into()))\n            .collect(),\n",
            ),
            (
                "        body: Some(\n            BodyInfo::json::<AttachTagToContactRequest>(\"application/json\"),\n        ),\n",
                "        body: Some(BodyInfo::json::<AttachTagToContactRequest>(\n            \"application/json\",\n        )),\n",
            ),
            // The only item of an array.
            (
                "    kinds: &[\n        Property {\n            name: \"action\",\n            required: false,\n        },\n    ],\n",
                "    kinds: &[Property {\n        name: \"action\",\n        required: false,\n    }],\n",
            ),
            // Conditions and match arms.
            (
                "        if let Some(value) = trial.read::<Text>(1) && !matches!(value, Text::Unknown(_)) {\n            f();\n        }\n",
                "        if let Some(value) = trial.read::<Text>(1)\n            && !matches!(value, Text::Unknown(_))\n        {\n            f();\n        }\n",
            ),
            (
                "            401 => {\n                decode::error_json(response, ErrorBody::Error)\n            }\n",
                "            401 => decode::error_json(response, ErrorBody::Error),\n",
            ),
            // Imports.
            ("use crate::models::{\n    A, B,\n};\n", "use crate::models::{A, B};\n"),
        ] {
            assert_eq!(wrapped(text), expected);
            assert_eq!(wrapped(expected), expected);
        }
    }

    #[test]
    fn literals_are_unchanged() {
        let long = "a".repeat(80);
        for text in [
            format!("        .parameters(&[\n            query(\"{long}, b = c\"),\n        ])\n"),
            format!("        name: \"{long}: d = e\",\n"),
            format!("        if a == \"{long} && b || c\" && d {{\n            e();\n        }}\n"),
            format!("            f if g == \"{long} if h => i\" => {{\n                j()\n            }}\n"),
            format!("        x = '=' + \"{long}\" + \"k = l\";\n"),
        ] {
            let literals = |text: &str| text.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(literals(&wrapped(&text)), literals(&text), "{text}");
        }
    }

    #[test]
    fn unknown_code_is_unchanged() {
        let text =
            "    a(|b| {\n        c();\n    });\n    // Some(\n    //     d,\n    // )\n    (\n        e,\n    )\n";
        assert_eq!(wrapped(text), text);
    }
}
