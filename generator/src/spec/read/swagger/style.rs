//! Reads `collectionFormat`: how arrays are serialized.

use crate::source::Node;
use crate::spec::{Location, Style};

/// Returns the style of a parameter or header, and whether its value is exploded.
pub(super) fn style(node: &Node, location: Location) -> (Style, bool) {
    let default = location.default_style();
    if !is_array(node) {
        return (default, default == Style::Form);
    }
    match format(node) {
        "ssv" => (Style::SpaceDelimited, false),
        "tsv" => (Style::TabDelimited, false),
        "pipes" => (Style::PipeDelimited, false),
        "multi" => (Style::Form, true),
        _ => (default, false),
    }
}

/// Returns the styles of the arrays that are items of an array, outermost first.
pub(super) fn item_styles(node: &Node) -> Vec<Style> {
    let mut styles = Vec::new();
    let mut items = node.get("items");
    while let Some(array) = items.filter(|items| is_array(items)) {
        styles.push(match format(array) {
            "ssv" => Style::SpaceDelimited,
            "tsv" => Style::TabDelimited,
            "pipes" => Style::PipeDelimited,
            _ => Style::Simple,
        });
        items = array.get("items");
    }
    styles
}

fn format(node: &Node) -> &str {
    node.get("collectionFormat").and_then(Node::as_str).unwrap_or("csv")
}

pub(super) fn is_array(node: &Node) -> bool {
    node.get("type").and_then(Node::as_str) == Some("array")
}
