//! Lays out expressions on several lines.

use super::chain::Chain;
use super::statement::{Part, closing, flat, width};
use super::{INDENT, MAX_FIELDS, MAX_ITEMS, MAX_SHORT_ITEM, MAX_WIDTH, filled};

/// Returns whether an expression may be on one line, if it fits.
pub(super) fn is_flat_allowed(parts: &[Part]) -> bool {
    if let Some((_, value)) = assignment(parts).or_else(|| arm(parts)).or_else(|| prefixed(parts)) {
        return is_flat_allowed(&value);
    }
    if Chain::new(parts).is_some_and(|chain| !chain.is_short()) {
        return false;
    }
    let mut before = "";
    parts.iter().all(|part| match part {
        Part::Text(text) => {
            before = text;
            true
        }
        Part::Literal(_) => {
            before = "";
            true
        }
        Part::Group(open, items) => {
            let inside = items.iter().map(|item| width(&flat(item)) + 2).sum::<usize>().saturating_sub(2);
            let is_struct = *open == '{' && before.ends_with(' ');
            let max = match open {
                '{' if is_struct => MAX_FIELDS,
                '{' => usize::MAX,
                _ => MAX_ITEMS,
            };
            let is_chain = matches!(items.as_slice(), [only] if !is_struct && Chain::new(only).is_some());
            (inside <= max || is_chain) && items.iter().all(|item| is_flat_allowed(item))
        }
    })
}

/// Returns an expression on one line, or on several. `indent` is the indentation of its first line, `column` the
/// position of its first character, and `suffix` the width of what follows on its last line. Returns `None` if no
/// layout is known.
pub(super) fn layout(parts: &[Part], indent: usize, column: usize, suffix: usize) -> Option<String> {
    let one_line = flat(parts);
    if column + width(&one_line) + suffix <= MAX_WIDTH && is_flat_allowed(parts) {
        return Some(one_line);
    }
    broken(parts, indent, column, suffix)
}

/// Like [`layout`], but always on several lines.
fn broken(parts: &[Part], indent: usize, column: usize, suffix: usize) -> Option<String> {
    if let Some((target, value)) = assignment(parts) {
        let same_line = layout(&value, indent, column + width(&target), suffix);
        // The value of a field is on the next line only if it has no layout on the same line.
        let is_field = !target.ends_with("= ");
        if is_field && same_line.is_some() {
            return same_line.map(|value| target + &value);
        }
        let next_line = layout(&value, indent + INDENT, indent + INDENT, suffix);
        let is_next_line = match (&same_line, &next_line) {
            (Some(same), Some(next)) => prefers_next_line(same, next),
            (same, _) => same.is_none(),
        };
        return match is_next_line {
            true => next_line.map(|value| format!("{}\n{}{value}", target.trim_end(), " ".repeat(indent + INDENT))),
            false => same_line.map(|value| target + &value),
        };
    }
    if let Some((prefix, value)) = arm(parts).or_else(|| prefixed(parts)) {
        let column = column + width(&prefix);
        return layout(&value, indent, column, suffix).map(|value| prefix + &value);
    }
    if let Some(chain) = Chain::merged(parts) {
        return chain.layout(indent, column, suffix);
    }
    let (path, open, items) = match parts {
        [Part::Group(open, items)] => ("", *open, items),
        [Part::Text(path), Part::Group(open, items)] => (path.as_str(), *open, items),
        _ => return None,
    };
    let is_path = !path.trim_end().contains([' ', '|']) && (open == '{' || !path.ends_with(' '));
    if is_path { group(open, items, path, indent, column, suffix) } else { None }
}

/// Returns a call, an array or a struct on several lines.
pub(super) fn group(
    open: char,
    items: &[Vec<Part>],
    path: &str,
    indent: usize,
    column: usize,
    suffix: usize,
) -> Option<String> {
    let close = closing(open);
    if let Some(only) = only_extendable(open, items) {
        let start = column + width(path) + 1;
        if let Some(inner) = broken(only, indent, start, 1 + suffix).filter(|inner| inner.contains('\n')) {
            let first = inner.lines().next().map(width).unwrap_or_default();
            if first <= MAX_ITEMS && start + first <= MAX_WIDTH {
                return Some(format!("{path}{open}{inner}{close}"));
            }
        }
    }
    let (space, indent) = (" ".repeat(indent), indent + INDENT);
    let mut out = format!("{path}{open}\n");
    let texts: Vec<String> = items.iter().map(|item| flat(item)).collect();
    if open == '[' && items.len() > 1 && texts.iter().all(|text| width(text) <= MAX_SHORT_ITEM) {
        return Some(format!("{out}{}{space}{close}", filled(&texts, indent)));
    }
    for item in items {
        let item = layout(item, indent, indent, 1)?;
        // No comma follows the base of a struct.
        let comma = if item.starts_with("..") { "" } else { "," };
        out.push_str(&format!("{space}    {item}{comma}\n"));
    }
    Some(format!("{out}{space}{close}"))
}

/// Returns the only item of a call or array, if the item begins on the line of the opening bracket.
fn only_extendable(open: char, items: &[Vec<Part>]) -> Option<&[Part]> {
    match items {
        [only]
            if open != '{'
                && !matches!(only.as_slice(), [Part::Text(_) | Part::Literal(_)])
                && Chain::new(only).is_none() =>
        {
            Some(only)
        }
        _ => None,
    }
}

/// Splits an assignment, a declaration with a value or a field of a struct into its beginning and its value.
fn assignment(parts: &[Part]) -> Option<(String, Vec<Part>)> {
    split_once(parts, |text, is_first| {
        let is_name = |name: &str| name.chars().all(|it| it.is_alphanumeric() || "_#".contains(it));
        let field = || text.split_once(": ").filter(|(name, _)| is_first && is_name(name));
        text.split_once(" = ").map(|(target, _)| target.len() + 3).or_else(|| field().map(|(name, _)| name.len() + 2))
    })
}

/// Splits a match arm on one line into its pattern and its expression.
fn arm(parts: &[Part]) -> Option<(String, Vec<Part>)> {
    split_once(parts, |text, _| text.split_once(" => ").map(|(pattern, _)| pattern.len() + 4))
}

/// Splits an operator from the beginning of an expression.
fn prefixed(parts: &[Part]) -> Option<(String, Vec<Part>)> {
    let operators = ["&mut ", "&", "return ", "*", "!"];
    split_once(parts.get(..1)?, |text, _| operators.iter().find(|it| text.starts_with(**it)).map(|it| it.len()))
        .or_else(|| match parts.first()? {
            // The operand is a group.
            Part::Text(text) if operators.contains(&text.as_str()) => Some((text.clone(), Vec::new())),
            _ => None,
        })
        .map(|(operator, first)| (operator, first.into_iter().chain(parts.iter().skip(1).cloned()).collect()))
        .filter(|(_, operand): &(String, Vec<Part>)| !operand.is_empty())
}

/// Splits parts in the first text part for which `position` returns a position. Returns `None` if nothing follows it.
fn split_once(parts: &[Part], position: impl Fn(&str, bool) -> Option<usize>) -> Option<(String, Vec<Part>)> {
    let (index, text, at) = parts.iter().enumerate().find_map(|(index, part)| match part {
        Part::Text(text) => Some((index, text, position(text, index == 0)?)),
        Part::Literal(_) | Part::Group(..) => None,
    })?;
    let (before, after) = text.split_at_checked(at)?;
    let before = flat(parts.get(..index)?) + before;
    let first = (!after.is_empty()).then(|| Part::Text(after.to_owned()));
    let rest: Vec<Part> = first.into_iter().chain(parts.get(index + 1..)?.iter().cloned()).collect();
    (!rest.is_empty()).then_some((before, rest))
}

/// Splits a condition at its operators. Each operand is returned with the operator before it.
pub(super) fn operands(parts: &[Part]) -> Vec<(&'static str, Vec<Part>)> {
    let mut done = Vec::new();
    let mut current: (&str, Vec<Part>) = ("", Vec::new());
    for part in parts {
        let Part::Text(text) = part else {
            current.1.push(part.clone());
            continue;
        };
        let mut rest = text.as_str();
        let next = |rest: &str| {
            let found = [" || ", " && "].into_iter().filter_map(|it| Some((rest.find(it)?, it)));
            found.min()
        };
        while let Some((position, operator)) = next(rest) {
            current
                .1
                .extend(rest.get(..position).filter(|text| !text.is_empty()).map(|text| Part::Text(text.to_owned())));
            done.push(std::mem::replace(&mut current, (operator.trim(), Vec::new())));
            rest = rest.get(position + operator.len()..).unwrap_or_default();
        }
        current.1.extend((!rest.is_empty()).then(|| Part::Text(rest.to_owned())));
    }
    done.push(current);
    done
}

/// Returns whether a value is better on the line after its target than on the same line.
fn prefers_next_line(same: &str, next: &str) -> bool {
    let newlines = |text: &str| text.matches('\n').count();
    let ends_with = |text: &str, open: char| text.lines().next().is_some_and(|line| line.ends_with(open));
    same.contains('\n')
        && (!next.contains('\n')
            || newlines(same) > newlines(next) + 1
            || ['(', '{', '['].into_iter().any(|open| ends_with(same, open) && !ends_with(next, open)))
}
